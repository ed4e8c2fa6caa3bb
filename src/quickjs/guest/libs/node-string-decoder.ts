import type { GuestCore } from '../core.js'
import { incompleteTail } from './encoding/utf8.js'
import { nodeError, received } from './node/errors.js'

type Bytes = Uint8Array & { toString(encoding?: string): string; subarray(start?: number, end?: number): Bytes }

const NAMES: Readonly<Record<string, string>> = { 'utf-8': 'utf8', 'ucs2': 'utf16le', 'ucs-2': 'utf16le', 'utf-16le': 'utf16le', 'binary': 'latin1' }

/** Node's `string_decoder`: text of bytes that come in pieces, where no piece ends within a character. */
export default (core: GuestCore) => {
  const Buffer = core.lib('node-buffer')['Buffer'] as Record<string, (...args: unknown[]) => Bytes>

  /** How many bytes at the end are not a whole character. */
  const tailOf = (encoding: string, bytes: Bytes): number => {
    const { length } = bytes
    switch (encoding) {
      case 'utf8':
        return incompleteTail(bytes)
      case 'utf16le': {
        const odd = length % 2
        const unit = length - odd >= 2 ? bytes[length - odd - 1]! : 0
        return odd + ((unit & 0xfc) === 0xd8 ? 2 : 0)
      }
      case 'base64':
      case 'base64url':
        return length % 3
      default:
        return 0
    }
  }

  class StringDecoder {
    readonly encoding: string
    #pending: Bytes = Buffer['alloc']!(0)

    constructor(encoding: unknown = 'utf8') {
      if (!(Buffer['isEncoding']!(encoding) as unknown)) throw nodeError(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${String(encoding)}`)
      const name = (encoding as string).toLowerCase()
      this.encoding = NAMES[name] ?? name
    }

    write(chunk: unknown): string {
      if (typeof chunk === 'string') return chunk
      if (!ArrayBuffer.isView(chunk)) throw nodeError(TypeError, 'ERR_INVALID_ARG_TYPE', `The "buf" argument must be an instance of Buffer, TypedArray, or DataView.${received(chunk)}`)
      const piece = Buffer['from']!(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      const bytes = this.#pending.length === 0 ? piece : Buffer['concat']!([this.#pending, piece])
      const whole = bytes.length - tailOf(this.encoding, bytes)
      this.#pending = Buffer['from']!(bytes.subarray(whole))
      return (bytes.subarray(0, whole) as { toString(encoding: string): string }).toString(this.encoding)
    }

    end(chunk?: unknown): string {
      const text = chunk === undefined ? '' : this.write(chunk)
      const rest = (this.#pending as { toString(encoding: string): string }).toString(this.encoding)
      this.#pending = Buffer['alloc']!(0)
      return text + rest
    }

    get lastNeed(): number {
      return this.#pending.length
    }

    text(chunk: Bytes, offset: number): string {
      return this.write(chunk.subarray(offset))
    }
  }
  Object.defineProperty(StringDecoder, 'name', { value: 'StringDecoder' })
  return { StringDecoder }
}
