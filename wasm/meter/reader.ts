import { MeterError } from './error.js'

const UTF8 = { fatal: true, ignoreBOM: true } as const

/**
 * Reads one range of a module and refuses what the binary format does not allow.
 * Every read moves forward and none leaves the range, so work is bounded by the length of the input.
 * @see https://webassembly.github.io/spec/core/binary/values.html
 */
export class Reader {
  readonly bytes: Uint8Array
  readonly end: number
  pos: number

  constructor(bytes: Uint8Array, pos: number, end: number) {
    this.bytes = bytes
    this.pos = pos
    this.end = end
  }

  get done(): boolean {
    return this.pos === this.end
  }

  u8(): number {
    if (this.pos >= this.end) this.malformed('unexpected end')
    return this.bytes[this.pos++] as number
  }

  u32(): number {
    const { bytes } = this
    let byte = this.u8()
    if (byte < 0x80) return byte
    let value = byte & 0x7f
    for (let shift = 7; ; shift += 7) {
      if (this.pos >= this.end) this.malformed('unexpected end')
      byte = bytes[this.pos++] as number
      if (shift === 28 && byte > 0x0f) this.malformed('an integer beyond 32 bits')
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
  }

  /** Moves past a signed integer of `bits` bits: at most `ceil(bits / 7)` bytes, the last one properly sign-extended. */
  skipSigned(bits: 32 | 33 | 64): void {
    const last = Math.ceil(bits / 7) - 1
    for (let index = 0; ; index += 1) {
      const byte = this.u8()
      if (index === last) {
        const used = bits - last * 7
        const sign = byte & (1 << (used - 1))
        const unused = 0x7f & ~((1 << used) - 1)
        if (byte >= 0x80 || (byte & unused) !== (sign === 0 ? 0 : unused)) this.malformed(`an integer beyond ${bits} bits`)
        return
      }
      if (byte < 0x80) return
    }
  }

  skip(count: number): void {
    if (count > this.end - this.pos) this.malformed('unexpected end')
    this.pos += count
  }

  /** The number of items of a vector, each at least `least` bytes long. */
  count(least: number): number {
    const at = this.pos
    const count = this.u32()
    if (count * least > this.end - this.pos) throw new MeterError('malformed', at, 'a vector longer than its section')
    return count
  }

  name(): string {
    const at = this.pos
    const length = this.count(1)
    const text = this.bytes.subarray(this.pos, this.pos + length)
    this.pos += length
    try {
      return new TextDecoder('utf-8', UTF8).decode(text)
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause
      throw new MeterError('malformed', at, 'a name that is not UTF-8')
    }
  }

  /** Takes `count` bytes as a range of their own. */
  take(count: number): Reader {
    const start = this.pos
    this.skip(count)
    return new Reader(this.bytes, start, this.pos)
  }

  finish(what: string): void {
    if (!this.done) this.malformed(`bytes left over in ${what}`)
  }

  malformed(what: string): never {
    throw new MeterError('malformed', this.pos, what)
  }
}
