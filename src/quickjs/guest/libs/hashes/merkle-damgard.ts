/** Takes whole blocks into a state of words in big-endian order. */
export type Compress = (algorithm: string, state: Uint8Array, blocks: Uint8Array) => Uint8Array

export interface HashKind {
  /** Name of the compression; several hashes may share one. */
  readonly algorithm: string
  readonly blockLen: number
  readonly outputLen: number
  /** Bytes of the length behind the padding. */
  readonly lengthLen: number
  readonly isLittle: boolean
  /** Initial state, in hexadecimal. */
  readonly initial: string
}

/** Most bytes of one call of a compression. */
const CHUNK = 65_536

const { min } = Math

/** A hash as it goes on: bytes are gathered into whole blocks, which the host takes in. */
export class MerkleDamgard {
  readonly #compress: Compress
  readonly #kind: HashKind
  readonly #rest: Uint8Array
  #state: Uint8Array
  #length = 0
  #pending = 0

  constructor(kind: HashKind, compress: Compress) {
    this.#kind = kind
    this.#compress = compress
    this.#rest = new Uint8Array(kind.blockLen)
    this.#state = fromHex(kind.initial)
  }

  get blockLen(): number {
    return this.#kind.blockLen
  }

  get outputLen(): number {
    return this.#kind.outputLen
  }

  get algorithm(): string {
    return this.#kind.algorithm
  }

  get isLittle(): boolean {
    return this.#kind.isLittle
  }

  /** The state after what was given so far, which is whole blocks. */
  get state(): Uint8Array {
    return this.#state
  }

  update(data: Uint8Array): this {
    const { blockLen } = this.#kind
    let at = 0
    this.#length += data.length
    if (this.#pending > 0) {
      at = min(blockLen - this.#pending, data.length)
      this.#rest.set(data.subarray(0, at), this.#pending)
      this.#pending += at
      if (this.#pending < blockLen) return this
      this.#take(this.#rest)
      this.#pending = 0
    }
    const end = data.length - ((data.length - at) % blockLen)
    while (at < end) {
      const next = min(end, at + CHUNK)
      // A copy: the host reads whole buffers.
      this.#take(data.slice(at, next))
      at = next
    }
    this.#rest.set(data.subarray(end))
    this.#pending = data.length - end
    return this
  }

  digest(): Uint8Array {
    const { blockLen, lengthLen, isLittle, outputLen } = this.#kind
    const used = this.#pending + 1 + lengthLen
    const last = new Uint8Array(used > blockLen ? 2 * blockLen : blockLen)
    last.set(this.#rest.subarray(0, this.#pending))
    last[this.#pending] = 0x80
    const view = new DataView(last.buffer)
    const bits = this.#length * 8
    const at = last.length - 8
    view.setUint32(isLittle ? at + 4 : at, bits / 4294967296, isLittle)
    view.setUint32(isLittle ? at : at + 4, bits, isLittle)
    this.#take(last)
    return toOutput(this.#state, isLittle).subarray(0, outputLen).slice()
  }

  clone(): MerkleDamgard {
    const copy = new MerkleDamgard(this.#kind, this.#compress)
    copy.#state = this.#state
    copy.#rest.set(this.#rest)
    copy.#length = this.#length
    copy.#pending = this.#pending
    return copy
  }

  #take(blocks: Uint8Array): void {
    this.#state = this.#compress(this.#kind.algorithm, this.#state, blocks)
  }
}

/** Words of a state as the hash writes them. */
export function toOutput(state: Uint8Array, isLittle: boolean): Uint8Array {
  const output = state.slice()
  if (!isLittle) return output
  const view = new DataView(output.buffer)
  for (let i = 0; i < output.length; i += 4) view.setUint32(i, view.getUint32(i), true)
  return output
}

function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}
