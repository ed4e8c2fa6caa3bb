import type { GuestCore } from '../../core.js'
import type { BodyTools, Content } from './body.js'
import { Headers, immutableHeaders } from './headers.js'

interface ResponseInit {
  readonly status?: unknown
  readonly statusText?: unknown
  readonly headers?: unknown
}

/** The head of a response that came from the host, or that only this library makes. */
export interface ResponseHead {
  readonly type: 'basic' | 'error' | 'default'
  readonly status: number
  readonly statusText: string
  readonly url: string
  readonly redirected: boolean
  readonly headers: Headers
}

const NULL_BODY_STATUS = [101, 103, 204, 205, 304]
const REDIRECT_STATUS = [301, 302, 303, 307, 308]

const toStatus = (value: unknown): number => {
  const status = Math.trunc(Number(value)) & 0xffff
  if (status < 200 || status > 599) throw new RangeError(`Response: status ${String(value)} is not between 200 and 599`)
  return status
}

/** Makes `Response`, and the way to one from the host. */
export const createResponse = (core: GuestCore, { Body, Prepared, split, toContent }: BodyTools) => {
  /** Carries the head past the checks for what guests make. */
  class Prebuilt {
    constructor(readonly head: ResponseHead) {}
  }

  /** @see https://fetch.spec.whatwg.org/#response-class */
  class Response extends Body {
    readonly #head: ResponseHead

    constructor(body: unknown = null, init: ResponseInit | Prebuilt = {}) {
      const { content, type } = toContent(body)
      super(content)
      if (init instanceof Prebuilt) {
        this.#head = init.head
        return
      }
      const status = init.status === undefined ? 200 : toStatus(init.status)
      const statusText = init.statusText === undefined ? '' : `${init.statusText as string}`
      if (/[^\t\x20-\x7e\x80-\xff]/.test(statusText)) throw new TypeError('Response: invalid statusText')
      const headers = new Headers(init.headers)
      if (content.kind !== 'none' && NULL_BODY_STATUS.includes(status))
        throw new TypeError(`Response: status ${status} cannot have a body`)
      if (type !== undefined && !headers.has('content-type')) headers.set('content-type', type)
      this.#head = { type: 'default', status, statusText, url: '', redirected: false, headers }
    }

    get type(): string {
      return this.#head.type
    }

    get url(): string {
      return this.#head.url
    }

    get redirected(): boolean {
      return this.#head.redirected
    }

    get status(): number {
      return this.#head.status
    }

    get ok(): boolean {
      return this.#head.status >= 200 && this.#head.status <= 299
    }

    get statusText(): string {
      return this.#head.statusText
    }

    get headers(): Headers {
      return this.#head.headers
    }

    clone(): Response {
      const content = split(this)
      const head = this.#head
      return new Response(
        new Prepared(content),
        new Prebuilt({ ...head, headers: head.type === 'default' ? new Headers(head.headers) : head.headers }),
      )
    }

    static error(): Response {
      return new Response(
        null,
        new Prebuilt({
          type: 'error',
          status: 0,
          statusText: '',
          url: '',
          redirected: false,
          headers: immutableHeaders([]),
        }),
      )
    }

    static redirect(url: unknown, status: unknown = 302): Response {
      let location: string
      try {
        location = new (core.lib('url').URL as typeof URL)(`${url as string}`).href
      } catch {
        throw new TypeError('Response.redirect: expected an absolute URL')
      }
      const code = Math.trunc(Number(status)) & 0xffff
      if (!REDIRECT_STATUS.includes(code))
        throw new RangeError(`Response.redirect: ${String(status)} is no redirect status`)
      return new Response(
        null,
        new Prebuilt({
          type: 'default',
          status: code,
          statusText: '',
          url: '',
          redirected: false,
          headers: immutableHeaders([['location', location]]),
        }),
      )
    }

    static json(data: unknown, init: ResponseInit = {}): Response {
      const text = JSON.stringify(data)
      if (text === undefined) throw new TypeError('Response.json: the value cannot be written as JSON')
      const headers = new Headers(init.headers)
      if (!headers.has('content-type')) headers.set('content-type', 'application/json')
      return new Response(text, { status: init.status, statusText: init.statusText, headers })
    }

    get [Symbol.toStringTag](): string {
      return 'Response'
    }
  }

  const toResponse = (
    head: Omit<ResponseHead, 'type' | 'headers'> & { readonly headers: Iterable<readonly [string, string]> },
    content: Content,
  ): Response =>
    new Response(
      new Prepared(content),
      new Prebuilt({ ...head, type: 'basic', headers: immutableHeaders(head.headers) }),
    )

  return { Response, toResponse }
}
