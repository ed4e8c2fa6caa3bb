import type { GuestCore } from '../core.js'
import { fromBinary, toBinary, toBytes } from './encoding/bytes.js'
import { type Encoding, toEncoding, toLabel, unsupported } from './encoding/labels.js'
import { createLegacyDecoder } from './encoding/legacy.js'
import { decodeUtf16, incompleteTail16 } from './encoding/utf16.js'
import { decodeUtf8, encodeUtf8, incompleteTail, invalid, isAscii } from './encoding/utf8.js'

/** What bytes 0x80 to 0x9f mean in windows-1252, after the Encoding Standard. */
const WINDOWS_1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178'

/** `TextEncoder` and `TextDecoder` of the Encoding Standard. UTF-8, UTF-16 and windows-1252 are decoded here, others by the host. */
export default (core: GuestCore) => {
  class TextEncoder {
    get encoding(): string {
      return 'utf-8'
    }

    encode(input: unknown = ''): Uint8Array {
      return encodeUtf8(String(input))
    }

    encodeInto(source: unknown, destination: Uint8Array): { read: number; written: number } {
      if (!(destination instanceof Uint8Array)) throw new TypeError('TextEncoder.encodeInto: expected a Uint8Array to write to')
      const text = String(source)
      const room = destination.length
      // A buffer that was moved away has no room either.
      if (room === 0 || text === '') return { read: 0, written: 0 }
      const head = text.length > room ? text.slice(0, room) : text
      if (isAscii(head)) {
        destination.set(fromBinary(head))
        return { read: head.length, written: head.length }
      }
      return encodeFitting(text, destination)
    }
  }

  const legacyName = (label: string): string => {
    const name = core.call('pure.encodingName', label) as string | null
    if (name === null) throw unsupported(label)
    return name
  }

  class TextDecoder {
    readonly #encoding: Encoding | 'legacy'
    readonly #name: string
    readonly #legacy: ((bytes: Uint8Array, isStream: boolean) => string) | undefined
    readonly #fatal: boolean
    readonly #ignoreBOM: boolean
    #pending = new Uint8Array(0)
    #atStart = true
    #streaming = false

    constructor(label: unknown = 'utf-8', options: { readonly fatal?: unknown; readonly ignoreBOM?: unknown } = {}) {
      if (options !== undefined && options !== null && typeof options !== 'object' && typeof options !== 'function') {
        throw new TypeError('TextDecoder: the options must be an object')
      }
      const wanted = toLabel(label)
      this.#fatal = Boolean(options?.fatal)
      const own = toEncoding(wanted)
      this.#encoding = own ?? 'legacy'
      this.#name = own ?? legacyName(wanted)
      this.#legacy = own === undefined ? createLegacyDecoder(core, this.#name, this.#fatal) : undefined
      this.#ignoreBOM = Boolean(options?.ignoreBOM)
    }

    get encoding(): string {
      return this.#name
    }

    get fatal(): boolean {
      return this.#fatal
    }

    get ignoreBOM(): boolean {
      return this.#ignoreBOM
    }

    decode(input: unknown = undefined, options: { readonly stream?: unknown } = {}): string {
      if (!this.#streaming) {
        this.#pending = new Uint8Array(0)
        this.#atStart = true
      }
      this.#streaming = Boolean(options?.stream)
      let bytes = toBytes(input, 'TextDecoder.decode')
      if (this.#legacy !== undefined) return this.#legacy(bytes, this.#streaming)
      if (this.#pending.length > 0) bytes = join(this.#pending, bytes)
      const tail = this.#tail(bytes)
      if (tail > 0 && this.#streaming) {
        this.#pending = bytes.slice(bytes.length - tail)
        bytes = bytes.subarray(0, bytes.length - tail)
      } else {
        this.#pending = new Uint8Array(0)
      }
      try {
        return this.#strip(this.#decode(bytes))
      } catch (error) {
        this.#streaming = false
        throw error
      }
    }

    #tail(bytes: Uint8Array): number {
      switch (this.#encoding) {
        case 'utf-8':
          return incompleteTail(bytes)
        case 'utf-16le':
          return incompleteTail16(bytes, 'little')
        case 'utf-16be':
          return incompleteTail16(bytes, 'big')
        default:
          return 0
      }
    }

    #decode(bytes: Uint8Array): string {
      switch (this.#encoding) {
        case 'utf-8':
          return decodeUtf8(bytes, this.#fatal)
        case 'windows-1252':
          return toBinary(bytes).replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80]!)
        default: {
          const text = decodeUtf16(bytes, this.#encoding === 'utf-16le' ? 'little' : 'big', this.#fatal)
          if (bytes.length % 2 === 0) return text
          if (this.#fatal) throw invalid()
          return text.endsWith('\ufffd') && incompleteTail16(bytes, this.#encoding === 'utf-16le' ? 'little' : 'big') === 3 ? text : text + '\ufffd'
        }
      }
    }

    /** The byte order mark is no part of the text, once. */
    #strip(text: string): string {
      if (!this.#atStart || text === '') return text
      this.#atStart = false
      return text[0] === '\ufeff' && !this.#ignoreBOM && this.#encoding !== 'windows-1252' ? text.slice(1) : text
    }
  }

  for (const { prototype, name } of [TextEncoder, TextDecoder]) {
    for (const key of Object.getOwnPropertyNames(prototype)) if (key !== 'constructor') Object.defineProperty(prototype, key, { enumerable: true })
    Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true })
  }
  return { TextEncoder, TextDecoder }
}

/** Writes whole characters while they fit. */
function encodeFitting(text: string, destination: Uint8Array): { read: number; written: number } {
  let read = 0
  let written = 0
  while (read < text.length) {
    const point = text.codePointAt(read)!
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    if (written + size > destination.length) break
    if (size === 1) destination[written] = point
    else destination.set(encodeUtf8(text.slice(read, read + (size === 4 ? 2 : 1))), written)
    written += size
    read += size === 4 ? 2 : 1
  }
  return { read, written }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}
