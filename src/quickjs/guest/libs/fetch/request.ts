import type { GuestCore } from '../../core.js'
import type { Abort, Signal } from './abort.js'
import type { BodyTools } from './body.js'
import { Headers } from './headers.js'

export interface RequestInit {
  readonly method?: unknown
  readonly headers?: unknown
  readonly body?: unknown
  readonly signal?: Signal | null
  readonly redirect?: unknown
}

const NORMALIZED = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']
const REDIRECTS = ['follow', 'error', 'manual']

const toMethod = (value: unknown): string => {
  const method = `${value as string}`
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method))
    throw new TypeError(`Request: ${JSON.stringify(method)} is no method`)
  const upper = method.toUpperCase()
  if (['CONNECT', 'TRACE', 'TRACK'].includes(upper)) throw new TypeError(`Request: method ${upper} is forbidden`)
  return NORMALIZED.includes(upper) ? upper : method
}

/** Makes `Request`. */
export const createRequest = (
  core: GuestCore,
  { AbortController, AbortSignal }: Abort,
  { Body, Prepared, hasContent, move, split, toContent }: BodyTools,
) => {
  const toUrl = (input: unknown): string => {
    let url: URL
    try {
      url = new (core.lib('url').URL as typeof URL)(`${input as string}`)
    } catch {
      throw new TypeError(`Request: ${JSON.stringify(`${input as string}`)} is no absolute URL`)
    }
    if (url.username !== '' || url.password !== '')
      throw new TypeError('Request: the URL must not have a user or password')
    return url.href
  }

  /** @see https://fetch.spec.whatwg.org/#request-class */
  class Request extends Body {
    readonly #url: string
    readonly #method: string
    readonly #headers: Headers
    readonly #signal: Signal
    readonly #redirect: string

    constructor(input: unknown, init: RequestInit = {}) {
      const from = input instanceof Request ? input : undefined
      const url = from === undefined ? toUrl(input) : from.#url
      const method = init.method === undefined ? (from === undefined ? 'GET' : from.#method) : toMethod(init.method)
      const redirect =
        init.redirect === undefined ? (from === undefined ? 'follow' : from.#redirect) : `${init.redirect as string}`
      if (!REDIRECTS.includes(redirect)) throw new TypeError(`Request: redirect is none of ${REDIRECTS.join(', ')}`)
      const headers = new Headers(init.headers === undefined && from !== undefined ? from.#headers : init.headers)
      const given = init.body === undefined || init.body === null ? undefined : toContent(init.body)
      if (given !== undefined || (from !== undefined && hasContent(from))) {
        if (method === 'GET' || method === 'HEAD')
          throw new TypeError('Request with GET or HEAD method cannot have body')
      }
      if (given?.type !== undefined && !headers.has('content-type')) headers.set('content-type', given.type)
      const parent = init.signal === undefined && from !== undefined ? from.#signal : init.signal
      if (parent !== undefined && parent !== null && !(parent instanceof AbortSignal))
        throw new TypeError('Request: signal is no AbortSignal')
      super(given?.content ?? (from === undefined ? { kind: 'none' } : move(from)))
      this.#url = url
      this.#method = method
      this.#headers = headers
      this.#redirect = redirect
      this.#signal = parent === undefined || parent === null ? new AbortController().signal : AbortSignal.any([parent])
    }

    get url(): string {
      return this.#url
    }

    get method(): string {
      return this.#method
    }

    get headers(): Headers {
      return this.#headers
    }

    get signal(): Signal {
      return this.#signal
    }

    get redirect(): string {
      return this.#redirect
    }

    clone(): Request {
      const content = split(this)
      return new Request(this.#url, {
        method: this.#method,
        headers: this.#headers,
        redirect: this.#redirect,
        signal: this.#signal,
        ...(content.kind !== 'none' && { body: new Prepared(content) }),
      })
    }

    get [Symbol.toStringTag](): string {
      return 'Request'
    }
  }

  return Request
}

export type Request = InstanceType<ReturnType<typeof createRequest>>
