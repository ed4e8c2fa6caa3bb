import type { GuestCore } from '../../core.js'
import { toChoice, toClamped, toDictionary, toLongLong, toScalarText, toSequence, toText } from '../webidl/convert.js'
import { expose, required, STRUCTURED } from '../webidl/interfaces.js'

const isBuffer = (value: unknown): value is ArrayBuffer => {
  try {
    void byteLength.call(value as ArrayBuffer)
    return true
  } catch {
    return false
  }
}
const byteLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength')!.get!

const toType = (value: unknown): string => {
  const type = toText(value)
  return /[^\x20-\x7e]/.test(type) ? '' : type.toLowerCase()
}

export const joinBytes = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Makes `Blob` and `File`. Their bytes never change, so slices share them. */
export const createBlob = (core: GuestCore) => {
  const encode = (text: string): Uint8Array => new (core.lib('encoding').TextEncoder as typeof TextEncoder)().encode(text)
  const decode = (bytes: Uint8Array): string => new (core.lib('encoding').TextDecoder as typeof TextDecoder)().decode(bytes)
  const now = Date.now
  let bytesOf: (blob: object) => Uint8Array
  let isBlob: (value: unknown) => value is Blob
  let fromBytes: (bytes: Uint8Array, type: string) => Blob

  const toPart = (part: unknown, isNative: boolean): Uint8Array => {
    if (isBlob(part)) return bytesOf(part)
    if (ArrayBuffer.isView(part)) return new Uint8Array(part.buffer as ArrayBuffer, part.byteOffset, part.byteLength).slice()
    if (isBuffer(part)) return new Uint8Array(part).slice()
    const text = toScalarText(part)
    return encode(isNative ? text.replace(/\r\n?/g, '\n') : text)
  }

  const toBytes = (parts: unknown, endings: unknown, name: string): Uint8Array => {
    const isNative = endings !== undefined && toChoice(endings, ['transparent', 'native'], `${name}: endings`) === 'native'
    return joinBytes((parts as unknown[]).map((part) => toPart(part, isNative)))
  }
  /** Each is read as it comes, and made text before the next, as the conversion of the standard does. */
  const toParts = (parts: unknown, name: string): unknown[] =>
    toSequence(parts, name, (part) => (isBlob(part) || ArrayBuffer.isView(part) || isBuffer(part) ? part : toScalarText(part)))

  /** @see https://w3c.github.io/FileAPI/#blob-section */
  class Blob {
    #bytes: Uint8Array
    #type: string

    static {
      bytesOf = (blob) => (blob as Blob).#bytes
      isBlob = (value): value is Blob => typeof value === 'object' && value !== null && #bytes in value
      fromBytes = (bytes, type) => {
        const blob = new Blob()
        blob.#bytes = bytes
        blob.#type = type
        return blob
      }
    }

    constructor(parts?: unknown, options?: object) {
      const list = parts === undefined ? [] : toParts(parts, 'Blob')
      const { endings, type } = toDictionary(options, 'Blob')
      this.#bytes = toBytes(list, endings, 'Blob')
      this.#type = type === undefined ? '' : toType(type)
    }

    get size(): number {
      return this.#bytes.length
    }

    get type(): string {
      return this.#type
    }

    slice(start?: number, end?: number, contentType?: string): Blob {
      const size = this.#bytes.length
      const at = (value: unknown, otherwise: number): number => {
        if (value === undefined) return otherwise
        const index = toClamped(value)
        return index < 0 ? Math.max(size + index, 0) : Math.min(index, size)
      }
      const from = at(start, 0)
      const to = at(end, size)
      return fromBytes(this.#bytes.subarray(from, Math.max(from, to)), contentType === undefined ? '' : toType(contentType))
    }

    stream(): ReadableStream {
      let rest = this.#bytes
      return new (core.lib('streams').ReadableStream as typeof ReadableStream)({
        type: 'bytes',
        pull(controller) {
          if (rest.length > 0) controller.enqueue(rest.slice(0, CHUNK))
          rest = rest.subarray(CHUNK)
          if (rest.length === 0) {
            controller.close()
            controller.byobRequest?.respond(0)
          }
        },
      }, { highWaterMark: 0 })
    }

    async text(): Promise<string> {
      return decode(this.#bytes)
    }

    async arrayBuffer(): Promise<ArrayBuffer> {
      return this.#bytes.slice().buffer as ArrayBuffer
    }

    async bytes(): Promise<Uint8Array> {
      return this.#bytes.slice()
    }
  }
  expose(Blob, { name: 'Blob', length: 0, lengths: { slice: 0 } })
  Object.defineProperty(Blob.prototype, STRUCTURED, { value: (blob: Blob) => fromBytes(bytesOf(blob), blob.type) })

  let renamed: (blob: object, name: string, type: string, lastModified: number) => File
  /** @see https://w3c.github.io/FileAPI/#file-section */
  class File extends Blob {
    #name: string
    #lastModified: number

    static {
      renamed = (blob, name, type, lastModified) => new File([blob], name, { type, lastModified })
      Object.defineProperty(this.prototype, STRUCTURED, { value: (file: File) => renamed(file, file.#name, file.type, file.#lastModified) })
    }

    constructor(parts: unknown, name: string, options?: object) {
      required(arguments.length, 2, 'File')
      const list = toParts(parts, 'File')
      const text = toScalarText(name)
      super(list, options)
      const { lastModified } = toDictionary(options, 'File')
      this.#name = text
      this.#lastModified = lastModified === undefined ? now() : toLongLong(lastModified)
    }

    get name(): string {
      return this.#name
    }

    get lastModified(): number {
      return this.#lastModified
    }

    get webkitRelativePath(): string {
      void this.#name
      return ''
    }
  }
  expose(File, { name: 'File', length: 2 })

  /** A file of a form: the same bytes under a name. */
  const toFile = (blob: object, name: string): File => {
    const { type } = blob as Blob
    return renamed(blob, name, type, blob instanceof File ? blob.lastModified : now())
  }
  const fileOf = (bytes: Uint8Array, name: string, type: string): File => renamed(fromBytes(bytes, type), name, type, now())

  return { Blob, File, bytesOf: bytesOf!, isBlob: isBlob!, fromBytes: fromBytes!, toFile, fileOf, encode, decode }
}

/** Bytes of a piece that a stream gives. */
const CHUNK = 65_536

export type BlobTools = ReturnType<typeof createBlob>
