import type { GuestCore } from '../../core.js'
import { joinBytes } from '../blob/blob.js'

export type Stream = ReadableStream<unknown>

/** A body that is still on the host's side, or partly. */
export interface Remote {
  /** The next piece, or null at the end. */
  read(): Promise<Uint8Array | null>
  /** All that is left. */
  readAll(): Promise<Uint8Array>
  cancel(): void
  /** @throws when it can never be read, which is known already */
  check(): void
}

/** Where the bytes of a body are. */
export type Content =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'stream'; readonly stream: Stream }
  | { readonly kind: 'remote'; readonly remote: Remote }

interface BlobLibrary {
  readonly Blob: typeof Blob
  readonly tools: {
    isBlob(value: unknown): value is Blob
    bytesOf(blob: object): Uint8Array
    isForm(value: unknown): boolean
    newForm(entries: readonly (readonly [string, string])[]): FormData
    toMultipart(form: object): { readonly bytes: Uint8Array; readonly boundary: string }
    fromMultipart(bytes: Uint8Array, boundary: string): FormData
  }
}
interface StreamLibrary {
  readonly ReadableStream: typeof ReadableStream
  isReadable(value: unknown): value is Stream
  isDisturbed(stream: Stream): boolean
  teeApart(stream: Stream): [Stream, Stream]
}

const bufferLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength')!.get!
const isBuffer = (value: object): value is ArrayBuffer => {
  try {
    bufferLength.call(value)
    return true
  } catch {
    return false
  }
}

/** Makes what reads and writes the bytes of bodies. Libraries that a body needs are asked for only then. */
export const createContents = (core: GuestCore) => {
  const encode = (text: string): Uint8Array<ArrayBuffer> => new (core.lib('encoding').TextEncoder as typeof TextEncoder)().encode(text)
  const decode = (bytes: Uint8Array): string => new (core.lib('encoding').TextDecoder as typeof TextDecoder)().decode(bytes)
  const blobs = (): BlobLibrary => core.lib('blob') as BlobLibrary
  const streams = (): StreamLibrary => core.lib('streams') as StreamLibrary

  /**
   * What a guest gave as a body, and the content type that goes with it.
   * @see https://fetch.spec.whatwg.org/#bodyinit-unions
   */
  const toContent = (value: unknown): { readonly content: Content; readonly type: string | undefined } => {
    if (value === null || value === undefined) return { content: { kind: 'none' }, type: undefined }
    if (typeof value === 'object') {
      if (isBuffer(value)) return { content: { kind: 'bytes', bytes: new Uint8Array(value.slice(0)) }, type: undefined }
      if (ArrayBuffer.isView(value)) {
        const { buffer, byteOffset, byteLength } = value
        return { content: { kind: 'bytes', bytes: new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength)) }, type: undefined }
      }
      const special = toSpecial(value)
      if (special !== undefined) return special
    }
    return { content: { kind: 'text', text: `${value as string}`.toWellFormed() }, type: 'text/plain;charset=UTF-8' }
  }

  const toSpecial = (value: object): ReturnType<typeof toContent> | undefined => {
    // Its tag tells which library made it: what none has made yet, no guest can hold.
    switch ((value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]) {
      case 'Blob':
      case 'File': {
        const { tools } = blobs()
        if (!tools.isBlob(value)) return undefined
        return { content: { kind: 'bytes', bytes: tools.bytesOf(value) }, type: value.type === '' ? undefined : value.type }
      }
      case 'FormData': {
        const { tools } = blobs()
        if (!tools.isForm(value)) return undefined
        const { bytes, boundary } = tools.toMultipart(value)
        return { content: { kind: 'bytes', bytes }, type: `multipart/form-data; boundary=${boundary}` }
      }
      case 'URLSearchParams':
        if (!(value instanceof (core.lib('url').URLSearchParams as typeof URLSearchParams))) return undefined
        return { content: { kind: 'text', text: String(value) }, type: 'application/x-www-form-urlencoded;charset=UTF-8' }
      case 'ReadableStream': {
        const { isReadable, isDisturbed } = streams()
        if (!isReadable(value)) return undefined
        if (value.locked || isDisturbed(value)) throw new TypeError('The stream is locked or has been read')
        return { content: { kind: 'stream', stream: value }, type: undefined }
      }
    }
    return undefined
  }

  const collect = async (stream: Stream): Promise<Uint8Array> => {
    const reader = stream.getReader()
    const parts: Uint8Array[] = []
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return joinBytes(parts)
      if (!(value instanceof Uint8Array)) throw new TypeError('A body stream must give Uint8Array chunks')
      parts.push(value)
    }
  }

  const toBytes = async (content: Content): Promise<Uint8Array> => {
    switch (content.kind) {
      case 'none':
        return new Uint8Array(0)
      case 'text':
        return encode(content.text)
      case 'bytes':
        return new Uint8Array(content.bytes)
      case 'remote':
        return content.remote.readAll()
      case 'stream':
        return collect(content.stream)
    }
  }

  const toStream = (content: Content): Stream | null => {
    switch (content.kind) {
      case 'none':
        return null
      case 'stream':
        return content.stream
      case 'remote': {
        const { remote } = content
        return new (streams().ReadableStream)({
          type: 'bytes',
          async pull(controller) {
            const piece = await remote.read()
            if (piece !== null) return controller.enqueue(piece as Uint8Array<ArrayBuffer>)
            controller.close()
            controller.byobRequest?.respond(0)
          },
          cancel: () => remote.cancel(),
        })
      }
      default: {
        let bytes: Uint8Array<ArrayBuffer> | undefined = content.kind === 'text' ? encode(content.text) : new Uint8Array(content.bytes)
        return new (streams().ReadableStream)({
          type: 'bytes',
          pull(controller) {
            if (bytes !== undefined && bytes.length > 0) controller.enqueue(bytes)
            bytes = undefined
            controller.close()
            controller.byobRequest?.respond(0)
          },
        })
      }
    }
  }

  /** A stream that has been read to its end. */
  const spentStream = (): Stream => {
    const stream = new (streams().ReadableStream)({ start: (controller) => controller.close() })
    void stream.getReader().read()
    return stream
  }

  /** Both of two remote bodies that were one: whichever is read first reads all of it, once. */
  const share = (remote: Remote): (() => Remote) => {
    let all: Promise<Uint8Array> | undefined
    const load = (): Promise<Uint8Array> => (all ??= remote.readAll())
    let left = 2
    return () => {
      let isRead = false
      return {
        async read() {
          if (isRead) return null
          isRead = true
          const bytes = await load()
          return bytes.length === 0 ? null : new Uint8Array(bytes)
        },
        readAll: async () => new Uint8Array(await load()),
        check: () => remote.check(),
        cancel() {
          if (--left === 0 && all === undefined) remote.cancel()
        },
      }
    }
  }

  return { toContent, toBytes, toStream, spentStream, share, encode, decode, blobs, isDisturbed: (stream: Stream) => streams().isDisturbed(stream), teeApart: (stream: Stream) => streams().teeApart(stream) }
}

export type Contents = ReturnType<typeof createContents>
