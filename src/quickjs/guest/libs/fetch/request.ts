import type { GuestCore } from '../../core.js'
import type { Signal } from '../events/abort.js'
import { toByteText, toChoice, toDictionary, toScalarText } from '../webidl/convert.js'
import { expose, required } from '../webidl/interfaces.js'
import { parseAddress } from './address.js'
import type { Body, BodyTools } from './body.js'
import type { Content, Contents } from './content.js'
import { Headers, headerTools } from './headers.js'

const NORMALIZED = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']
const MODES = ['same-origin', 'no-cors', 'cors', 'navigate'] as const
const POLICIES = ['', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin', 'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'] as const
const CREDENTIALS = ['omit', 'same-origin', 'include'] as const
const CACHES = ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'] as const
const REDIRECTS = ['follow', 'error', 'manual'] as const

interface Fields {
  readonly method: string
  readonly url: string
  readonly referrer: string
  readonly referrerPolicy: (typeof POLICIES)[number]
  readonly mode: (typeof MODES)[number]
  readonly credentials: (typeof CREDENTIALS)[number]
  readonly cache: (typeof CACHES)[number]
  readonly redirect: (typeof REDIRECTS)[number]
  readonly integrity: string
  readonly keepalive: boolean
}

interface State extends Fields {
  readonly headers: Headers
  readonly following: Following
  readonly body: Body
}

/** The signal of a request, made when somebody asks for it: without a parent it can never abort. */
interface Following {
  readonly parent: Signal | undefined
  signal: Signal | undefined
}

const toMethod = (value: unknown): string => {
  const method = toByteText(value, 'Request: method')
  if (!headerTools.TOKEN.test(method)) throw new TypeError(`Request: ${JSON.stringify(method)} is no method`)
  const upper = method.toUpperCase()
  if (['CONNECT', 'TRACE', 'TRACK'].includes(upper)) throw new TypeError(`Request: method ${upper} is forbidden`)
  return NORMALIZED.includes(upper) ? upper : method
}

export interface SignalTools {
  isSignal(value: unknown): value is Signal
  dependentOn(signals: readonly Signal[]): Signal
  /** Runs `algorithm` when the signal aborts; returns how to take that back. */
  onAbort(signal: Signal, algorithm: () => void): () => void
}

/** Makes `Request`. */
export const createRequest = (core: GuestCore, signals: () => SignalTools, { Body, addMembers }: BodyTools, { toContent }: Contents) => {
  let stateOf: (request: unknown) => State
  /** Carries what is known already past the checks of what guests give. */
  class Prepared {
    constructor(readonly state: State) {}
  }

  const parentOf = ({ following }: State): Signal | undefined => following.parent === undefined ? undefined : (following.signal ?? following.parent)

  const toReferrer = (value: unknown): string => {
    const text = toScalarText(value)
    if (text === '') return 'no-referrer'
    const url = parseAddress(core, text, 'Request: referrer')
    return url.protocol === 'about:' && url.pathname === 'client' ? 'about:client' : url.href
  }

  /** Fields of a new request, from another one or none, and what is given. */
  const toFields = (input: unknown, from: State | undefined, init: Readonly<Record<string, unknown>>): Fields => {
    const fields = from ?? fieldsOf(input)
    const given = <K extends keyof Fields, V extends Fields[K]>(key: K, convert: (value: unknown) => V): Fields[K] => (init[key] === undefined ? fields[key] : convert(init[key]))
    if (init['window'] !== undefined && init['window'] !== null) throw new TypeError('Request: window must be null')
    const mode = given('mode', (value) => toChoice(value, MODES, 'Request: mode'))
    if (init['mode'] !== undefined && mode === 'navigate') throw new TypeError('Request: mode must not be navigate')
    const made: Fields = {
      url: fields.url,
      referrer: given('referrer', toReferrer),
      referrerPolicy: given('referrerPolicy', (value) => toChoice(value, POLICIES, 'Request: referrerPolicy')),
      mode,
      credentials: given('credentials', (value) => toChoice(value, CREDENTIALS, 'Request: credentials')),
      cache: given('cache', (value) => toChoice(value, CACHES, 'Request: cache')),
      redirect: given('redirect', (value) => toChoice(value, REDIRECTS, 'Request: redirect')),
      integrity: given('integrity', (value) => `${value as string}`),
      keepalive: given('keepalive', Boolean),
      method: given('method', toMethod),
    }
    if (made.cache === 'only-if-cached' && made.mode !== 'same-origin') throw new TypeError('Request: only-if-cached needs the mode same-origin')
    if (init['priority'] !== undefined) toChoice(init['priority'], ['high', 'low', 'auto'], 'Request: priority')
    if (init['duplex'] !== undefined) toChoice(init['duplex'], ['half'], 'Request: duplex')
    if (made.mode === 'no-cors' && !['GET', 'HEAD', 'POST'].includes(made.method)) throw new TypeError(`Request: ${made.method} cannot be sent in the mode no-cors`)
    return made
  }

  const fieldsOf = (input: unknown): Fields => {
    const url = parseAddress(core, input, 'Request')
    if (url.username !== '' || url.password !== '') throw new TypeError('Request: the URL must not have a user or password')
    return {
      url: url.href, method: 'GET', referrer: 'about:client', referrerPolicy: '', mode: 'cors', credentials: 'same-origin',
      cache: 'default', redirect: 'follow', integrity: '', keepalive: false,
    }
  }

  const toState = (input: unknown, init: Readonly<Record<string, unknown>>): State => {
    const from = input instanceof Request ? stateOf(input) : undefined
    const fields = toFields(input, from, init)
    const given = init['signal']
    if (given !== undefined && given !== null && !(typeof given === 'object' && signals().isSignal(given))) throw new TypeError('Request: signal is no AbortSignal')
    const parent = given === undefined ? from && parentOf(from) : (given ?? undefined)
    const headers = new Headers()
    headerTools.guard(headers, fields.mode === 'no-cors' ? 'request-no-cors' : 'request')
    const list = init['headers'] === undefined ? undefined : new Headers(init['headers'])
    for (const [name, value] of headerTools.rawOf(list ?? from?.headers ?? headers)) headers.append(name, value)
    const isBare = fields.method === 'GET' || fields.method === 'HEAD'
    const { body } = init
    const isGiven = body !== undefined && body !== null
    if ((isGiven || (body === undefined && from?.body.hasContent === true)) && isBare) throw new TypeError('Request with GET or HEAD method cannot have body')
    let content: Content = { kind: 'none' }
    if (isGiven) {
      const { content: made, type } = toContent(body)
      content = made
      if (made.kind === 'stream' && init['duplex'] === undefined) throw new TypeError('Request: a body that is a stream needs duplex: "half"')
      if (made.kind === 'stream' && fields.keepalive) throw new TypeError('Request: a body that is a stream cannot be kept alive')
      if (type !== undefined && !headers.has('content-type')) headers.append('content-type', type)
    } else if (body === undefined && from !== undefined && from.body.hasContent) {
      if (from.body.isUnusable) throw new TypeError('Request: the body of the other request has been read already')
      content = from.body.move()
    }
    return { ...fields, headers, following: { parent, signal: undefined }, body: new Body(content) }
  }

  /** @see https://fetch.spec.whatwg.org/#request-class */
  class Request {
    readonly #state: State

    static {
      stateOf = (request) => (request as Request).#state
    }

    constructor(input: unknown, init?: object) {
      if (input instanceof Prepared) this.#state = input.state
      else {
        required(arguments.length, 1, 'Request')
        this.#state = toState(input, toDictionary(init, 'Request'))
      }
    }

    get method(): string {
      return this.#state.method
    }
    get url(): string {
      return this.#state.url
    }
    get headers(): Headers {
      return this.#state.headers
    }
    get destination(): string {
      void this.#state
      return ''
    }
    get referrer(): string {
      const { referrer } = this.#state
      return referrer === 'no-referrer' ? '' : referrer
    }
    get referrerPolicy(): string {
      return this.#state.referrerPolicy
    }
    get mode(): string {
      return this.#state.mode
    }
    get credentials(): string {
      return this.#state.credentials
    }
    get cache(): string {
      return this.#state.cache
    }
    get redirect(): string {
      return this.#state.redirect
    }
    get integrity(): string {
      return this.#state.integrity
    }
    get keepalive(): boolean {
      return this.#state.keepalive
    }
    get isReloadNavigation(): boolean {
      void this.#state
      return false
    }
    get isHistoryNavigation(): boolean {
      void this.#state
      return false
    }
    get signal(): Signal {
      const { following } = this.#state
      return (following.signal ??= signals().dependentOn(following.parent === undefined ? [] : [following.parent]))
    }
    get duplex(): string {
      void this.#state
      return 'half'
    }
    clone(): Request {
      const state = this.#state
      if (state.body.isUnusable) throw new TypeError('Request.clone: the body has been read already')
      const headers = new Headers()
      headerTools.guard(headers, state.mode === 'no-cors' ? 'request-no-cors' : 'request')
      for (const [name, value] of headerTools.rawOf(state.headers)) headers.append(name, value)
      return new Request(new Prepared({ ...state, headers, following: { parent: parentOf(state), signal: undefined }, body: new Body(state.body.split()) }))
    }
  }
  addMembers(Request.prototype, (request) => stateOf(request).body, (request) => stateOf(request).headers)
  expose(Request, { name: 'Request', length: 1 })

  return {
    Request,
    bodyOf: (request: InstanceType<typeof Request>) => stateOf(request).body,
    /** The signal of a request that may abort. */
    signalOf: (request: InstanceType<typeof Request>): Signal | undefined => (stateOf(request).following.parent === undefined ? undefined : request.signal),
  }
}
