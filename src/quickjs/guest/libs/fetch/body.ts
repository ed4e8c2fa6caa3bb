import type { GuestCore } from '../../core.js'
import { joinBytes } from '../blob/blob.js'
import type { Content, Contents, Stream } from './content.js'
import type { Headers } from './headers.js'
import { extractMime, serializeMime } from './mime.js'

/** Makes what `Request` and `Response` have in common. */
export const createBody = (core: GuestCore, { toBytes, toStream, spentStream, share, decode, blobs, isDisturbed, teeApart }: Contents) => {
  /** The body of one request or response. */
  class Body {
    #content: Content
    #stream: Stream | null | undefined
    #isUsed = false

    constructor(content: Content) {
      this.#content = content
      this.#stream = content.kind === 'stream' ? content.stream : undefined
    }

    get hasContent(): boolean {
      return this.#content.kind !== 'none'
    }

    get stream(): Stream | null {
      if (this.#stream === undefined) this.#stream = this.#isUsed ? spentStream() : toStream(this.#content)
      return this.#stream
    }

    get isUsed(): boolean {
      return this.#isUsed || (this.#stream !== undefined && this.#stream !== null && isDisturbed(this.#stream))
    }

    get isUnusable(): boolean {
      return this.isUsed || this.#stream?.locked === true
    }

    async bytes(): Promise<Uint8Array> {
      return this.#take()
    }

    async text(): Promise<string> {
      const content = this.#content
      if (content.kind !== 'text' || this.#stream !== undefined) return decode(await this.#take())
      this.#use()
      return content.text.replace(/^\ufeff/, '')
    }

    /** Takes the body for sending: as text or bytes, undefined when there is none. */
    async take(): Promise<string | Uint8Array | undefined> {
      const content = this.#content
      if (content.kind === 'none') return undefined
      if (content.kind !== 'text' || this.#stream !== undefined) return this.#take()
      this.#use()
      return content.text
    }

    /** Splits the body in two: this one keeps its half, the other is returned. */
    split(): Content {
      const content = this.#content
      if (this.#stream !== undefined && this.#stream !== null) {
        const [mine, other] = teeApart(this.#stream)
        this.#content = { kind: 'stream', stream: mine }
        this.#stream = mine
        return { kind: 'stream', stream: other }
      }
      if (content.kind !== 'remote') return content
      const half = share(content.remote)
      this.#content = { kind: 'remote', remote: half() }
      return { kind: 'remote', remote: half() }
    }

    /** Takes the body out of a request that another one is made from. */
    move(): Content {
      const content: Content = this.#stream ? { kind: 'stream', stream: this.#stream.pipeThrough(new (core.lib('streams').TransformStream as typeof TransformStream)()) } : this.#content
      if (content.kind !== 'stream') this.#use()
      return content
    }

    /** Why it cannot be read, where that is known at once. */
    check(): void {
      if (this.#content.kind === 'remote') this.#content.remote.check()
      if (this.isUnusable) throw new TypeError('Body is unusable: it has been read already, or its stream is locked')
    }

    #use(): void {
      this.check()
      this.#isUsed = this.#content.kind !== 'none'
    }

    async #take(): Promise<Uint8Array> {
      this.#use()
      return toBytes(this.#stream ? { kind: 'stream', stream: this.#stream } : this.#content)
    }
  }

  const { parse } = JSON
  const toForm = (bytes: Uint8Array, headers: Headers): FormData => {
    const mime = extractMime(headers.get('content-type'))
    const { tools } = blobs()
    if (mime?.essence === 'multipart/form-data') {
      const boundary = mime.parameters.get('boundary')
      if (boundary === undefined) throw new TypeError('The body is a multipart form without a boundary')
      return tools.fromMultipart(bytes, boundary)
    }
    if (mime?.essence !== 'application/x-www-form-urlencoded')
      throw new TypeError('The body is no form: its content type is neither multipart/form-data nor application/x-www-form-urlencoded')
    const text = new (core.lib('encoding').TextDecoder as typeof TextDecoder)('utf-8', { ignoreBOM: true }).decode(bytes)
    const fields = new (core.lib('url').URLSearchParams as typeof URLSearchParams)(text.startsWith('?') ? `&${text}` : text)
    return tools.newForm([...fields])
  }

  /**
   * The members of `Request` and `Response` that are about their bodies.
   * @see https://fetch.spec.whatwg.org/#body-mixin
   */
  const addMembers = (prototype: object, bodyOf: (owner: unknown) => Body, headersOf: (owner: unknown) => Headers): void => {
    const type = (owner: unknown): string => {
      const mime = extractMime(headersOf(owner).get('content-type'))
      return mime === undefined ? '' : serializeMime(mime)
    }
    /** Reads the body; what stands in the way from the start is told at once. */
    const read = <T>(owner: unknown, how: 'bytes' | 'text', convert: (value: never) => T): Promise<T> => {
      try {
        const body = bodyOf(owner)
        body.check()
        return (body[how]() as Promise<never>).then(convert)
      } catch (error) {
        return Promise.reject(error)
      }
    }
    const members = {
      arrayBuffer(): Promise<ArrayBuffer> {
        return read(this, 'bytes', exactBuffer)
      },
      blob(): Promise<Blob> {
        return read(this, 'bytes', (bytes: Uint8Array<ArrayBuffer>) => new (blobs().Blob)([bytes], { type: type(this) }))
      },
      get body(): Stream | null {
        return bodyOf(this).stream
      },
      get bodyUsed(): boolean {
        return bodyOf(this).isUsed
      },
      bytes(): Promise<Uint8Array> {
        return read(this, 'bytes', (bytes: Uint8Array) => new Uint8Array(exactBuffer(bytes)))
      },
      formData(): Promise<FormData> {
        return read(this, 'bytes', (bytes: Uint8Array) => toForm(bytes, headersOf(this)))
      },
      json(): Promise<unknown> {
        return read(this, 'text', (text: string) => parse(text) as unknown)
      },
      text(): Promise<string> {
        return read(this, 'text', (text: string) => text)
      },
    }
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
      Object.defineProperty(prototype, key, { ...descriptor, enumerable: true })
    }
  }

  return { Body, addMembers }
}

const exactBuffer = (bytes: Uint8Array): ArrayBuffer =>
  (bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : joinBytes([bytes]).buffer) as ArrayBuffer

export type BodyTools = ReturnType<typeof createBody>
export type Body = InstanceType<BodyTools['Body']>
