import type { GuestCore } from '../../core.js'
import { ReadableStream, isDisturbed } from './streams.js'

/** A body that is still on the host's side, or partly. */
export interface Remote {
  /** The next piece, or null at the end. */
  read(): Promise<Uint8Array | null>
  /** All that is left. */
  readAll(): Promise<Uint8Array>
  cancel(): void
}

/** Where the bytes of a body are. */
export type Content =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'stream'; readonly stream: ReadableStream }
  | { readonly kind: 'remote'; readonly remote: Remote }

const joinBytes = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Makes the base class of `Request` and `Response`. */
export const createBody = (core: GuestCore) => {
  const encode = (text: string): Uint8Array =>
    new (core.lib('encoding').TextEncoder as typeof TextEncoder)().encode(text)
  const decode = (bytes: Uint8Array): string =>
    new (core.lib('encoding').TextDecoder as typeof TextDecoder)().decode(bytes)

  /**
   * What a guest gave as a body, and the content type that goes with it.
   * @see https://fetch.spec.whatwg.org/#bodyinit-unions
   */
  const toContent = (value: unknown): { readonly content: Content; readonly type: string | undefined } => {
    if (value === null || value === undefined) return { content: { kind: 'none' }, type: undefined }
    if (value instanceof Prepared) return { content: value.content, type: undefined }
    if (value instanceof ArrayBuffer)
      return { content: { kind: 'bytes', bytes: new Uint8Array(value.slice(0)) }, type: undefined }
    if (ArrayBuffer.isView(value)) {
      const { buffer, byteOffset, byteLength } = value
      return {
        content: { kind: 'bytes', bytes: new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength)) },
        type: undefined,
      }
    }
    if (value instanceof ReadableStream) {
      if (value.locked || isDisturbed(value)) throw new TypeError('The stream is locked or has been read')
      return { content: { kind: 'stream', stream: value }, type: undefined }
    }
    if (typeof value === 'object' && value instanceof (core.lib('url').URLSearchParams as typeof URLSearchParams)) {
      return { content: { kind: 'text', text: String(value) }, type: 'application/x-www-form-urlencoded;charset=UTF-8' }
    }
    return { content: { kind: 'text', text: `${value as string}` }, type: 'text/plain;charset=UTF-8' }
  }

  /** A body of our own making; guests cannot make one. */
  class Prepared {
    constructor(readonly content: Content) {}
  }

  const collect = async (stream: ReadableStream): Promise<Uint8Array> => {
    const parts: Uint8Array[] = []
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('A body stream must give Uint8Array chunks')
      parts.push(chunk)
    }
    return joinBytes(parts)
  }

  const toStream = (content: Content): ReadableStream | null => {
    switch (content.kind) {
      case 'none':
        return null
      case 'stream':
        return content.stream
      case 'remote': {
        const { remote } = content
        return new ReadableStream(
          {
            async pull(controller) {
              const piece = await remote.read()
              if (piece === null) controller.close()
              else controller.enqueue(piece)
            },
            cancel: () => remote.cancel(),
          },
          { highWaterMark: 0 },
        )
      }
      default: {
        const bytes = content.kind === 'text' ? encode(content.text) : content.bytes
        return new ReadableStream({
          start(controller) {
            if (bytes.length > 0) controller.enqueue(new Uint8Array(bytes))
            controller.close()
          },
        })
      }
    }
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
        cancel() {
          if (--left === 0 && all === undefined) remote.cancel()
        },
      }
    }
  }

  /** @see https://fetch.spec.whatwg.org/#body-mixin */
  class Body {
    #content: Content
    #stream: ReadableStream | null | undefined
    #isUsed = false

    constructor(content: Content) {
      this.#content = content
      this.#stream = content.kind === 'stream' ? content.stream : undefined
    }

    get body(): ReadableStream | null {
      return (this.#stream ??= toStream(this.#content))
    }

    get bodyUsed(): boolean {
      return this.#isUsed || (this.#stream !== undefined && this.#stream !== null && isDisturbed(this.#stream))
    }

    async bytes(): Promise<Uint8Array> {
      return this.#bytes()
    }

    async arrayBuffer(): Promise<ArrayBuffer> {
      const bytes = await this.#bytes()
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    }

    async text(): Promise<string> {
      const content = this.#content
      if (content.kind !== 'text' || this.#stream !== undefined) return decode(await this.#bytes())
      this.#use()
      return content.text.toWellFormed().replace(/^\ufeff/, '')
    }

    async json(): Promise<unknown> {
      return JSON.parse(await this.text())
    }

    #use(): void {
      if (this.bodyUsed || this.#stream?.locked === true) throw new TypeError('The body has been read already')
      this.#isUsed = this.#content.kind !== 'none'
    }

    async #bytes(): Promise<Uint8Array> {
      this.#use()
      const content = this.#content
      if (this.#stream !== undefined && this.#stream !== null) return collect(this.#stream)
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

    static hasContent(body: Body): boolean {
      return body.#content.kind !== 'none'
    }

    /** Splits the body in two: this one keeps its half, the other is returned. */
    static split(body: Body): Content {
      if (body.bodyUsed || body.#stream?.locked === true) throw new TypeError('The body has been read already')
      const content = body.#content
      if (body.#stream !== undefined && body.#stream !== null) {
        const [mine, other] = body.#stream.tee()
        body.#content = { kind: 'stream', stream: mine }
        body.#stream = mine
        return { kind: 'stream', stream: other }
      }
      if (content.kind !== 'remote') return content
      const half = share(content.remote)
      body.#content = { kind: 'remote', remote: half() }
      return { kind: 'remote', remote: half() }
    }

    /** Takes the body for sending: as text or bytes, undefined when there is none. */
    static async take(body: Body): Promise<string | Uint8Array | undefined> {
      const content = body.#content
      if (content.kind === 'none') return undefined
      if (content.kind !== 'text' || body.#stream !== undefined) return body.#bytes()
      body.#use()
      return content.text
    }

    /** Takes the body out of a request that another one is made from. */
    static move(body: Body): Content {
      const content: Content = body.#stream ? { kind: 'stream', stream: body.#stream } : body.#content
      body.#use()
      return content
    }
  }

  // Kept apart from the class, which guests can see.
  const { hasContent, move, split, take } = Body
  for (const name of ['hasContent', 'move', 'split', 'take']) Reflect.deleteProperty(Body, name)
  return { Body, Prepared, hasContent, move, split, take, toContent }
}

export type BodyTools = ReturnType<typeof createBody>
