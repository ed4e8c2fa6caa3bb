import type { GuestCore } from '../../core.js'
import { toByteText, toDictionary, toWrapped } from '../webidl/convert.js'
import { expose, required } from '../webidl/interfaces.js'
import { parseAddress } from './address.js'
import type { Body, BodyTools } from './body.js'
import type { Content, Contents } from './content.js'
import { Headers, headerTools } from './headers.js'

/** The head of a response that came from the host, or that only this library makes. */
export interface ResponseHead {
  readonly type: 'basic' | 'error' | 'default'
  readonly status: number
  readonly statusText: string
  readonly url: string
  readonly redirected: boolean
  readonly headers: Headers
}

interface State extends ResponseHead {
  readonly body: Body
}

const NULL_BODY_STATUS = [101, 103, 204, 205, 304]
const REDIRECT_STATUS = [301, 302, 303, 307, 308]

/** Makes `Response`, and the way to one from the host. */
export const createResponse = (core: GuestCore, { Body, addMembers }: BodyTools, { toContent }: Contents) => {
  let stateOf: (response: unknown) => State
  /** Carries what is known already past the checks of what guests give. */
  class Prepared {
    constructor(readonly state: State) {}
  }
  const { stringify } = JSON

  const toState = (content: Content, type: string | undefined, init: Readonly<Record<string, unknown>>): State => {
    const status = init['status'] === undefined ? 200 : toWrapped(init['status'], 16)
    const statusText = init['statusText'] === undefined ? '' : toByteText(init['statusText'], 'Response: statusText')
    const given = init['headers'] === undefined ? undefined : new Headers(init['headers'])
    if (status < 200 || status > 599) throw new RangeError(`Response: status ${status} is not between 200 and 599`)
    if (/[^\t\x20-\x7e\x80-\xff]/.test(statusText)) throw new TypeError('Response: invalid statusText')
    const headers = headerTools.fromPairs(given === undefined ? [] : headerTools.rawOf(given), 'response')
    if (content.kind !== 'none' && NULL_BODY_STATUS.includes(status)) throw new TypeError(`Response: status ${status} cannot have a body`)
    if (type !== undefined && !headers.has('content-type')) headers.append('content-type', type)
    return { type: 'default', status, statusText, url: '', redirected: false, headers, body: new Body(content) }
  }

  /** @see https://fetch.spec.whatwg.org/#response-class */
  class Response {
    readonly #state: State

    static {
      stateOf = (response) => (response as Response).#state
    }

    constructor(body?: unknown, init?: object) {
      if (body instanceof Prepared) this.#state = body.state
      else {
        const options = toDictionary(init, 'Response')
        const { content, type } = toContent(body)
        this.#state = toState(content, type, options)
      }
    }

    static error(): Response {
      return make({ type: 'error', status: 0, statusText: '', headers: headerTools.fromPairs([], 'immutable') })
    }

    static json(data: unknown, init?: object): Response {
      required(arguments.length, 1, 'Response.json')
      const text = stringify(data)
      if (text === undefined) throw new TypeError('Response.json: the value cannot be written as JSON')
      return new Response(new Prepared(toState({ kind: 'text', text: text.toWellFormed() }, 'application/json', toDictionary(init, 'Response.json'))))
    }

    static redirect(url: string, status?: number): Response {
      required(arguments.length, 1, 'Response.redirect')
      const { href } = parseAddress(core, url, 'Response.redirect')
      const code = status === undefined ? 302 : toWrapped(status, 16)
      if (!REDIRECT_STATUS.includes(code)) throw new RangeError(`Response.redirect: ${code} is no redirect status`)
      return make({ type: 'default', status: code, statusText: '', headers: headerTools.fromPairs([['location', href]], 'immutable') })
    }

    get type(): string {
      return this.#state.type
    }
    get url(): string {
      return this.#state.url
    }
    get redirected(): boolean {
      return this.#state.redirected
    }
    get status(): number {
      return this.#state.status
    }
    get ok(): boolean {
      return this.#state.status >= 200 && this.#state.status <= 299
    }
    get statusText(): string {
      return this.#state.statusText
    }
    get headers(): Headers {
      return this.#state.headers
    }
    clone(): Response {
      const state = this.#state
      if (state.body.isUnusable) throw new TypeError('Response.clone: the body has been read already')
      const headers = headerTools.fromPairs(headerTools.rawOf(state.headers), state.type === 'default' && state.status !== 0 ? 'response' : 'immutable')
      return new Response(new Prepared({ ...state, headers, body: new Body(state.body.split()) }))
    }
  }
  addMembers(Response.prototype, (response) => stateOf(response).body, (response) => stateOf(response).headers)
  expose(Response, { name: 'Response', length: 0, lengths: { json: 1, redirect: 1 } })

  const make = (head: Omit<ResponseHead, 'url' | 'redirected'> & Partial<ResponseHead>, content: Content = { kind: 'none' }): Response =>
    new Response(new Prepared({ url: '', redirected: false, ...head, body: new Body(content) }))

  const toResponse = (
    head: Omit<ResponseHead, 'type' | 'headers'> & { readonly headers: Iterable<readonly [string, string]> },
    content: Content,
  ): Response => make({ ...head, type: 'basic', headers: headerTools.fromPairs(head.headers, 'immutable') }, content)

  return { Response, toResponse }
}
