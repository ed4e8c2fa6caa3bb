import type { GuestCore } from '../core.js'
import type { Signal } from './events/abort.js'
import { createBody } from './fetch/body.js'
import { type Content, type Remote, createContents } from './fetch/content.js'
import { readDataUrl } from './fetch/data-url.js'
import { Headers } from './fetch/headers.js'
import { type SignalTools, createRequest } from './fetch/request.js'
import { createResponse } from './fetch/response.js'
import { required } from './webidl/interfaces.js'

/** What `net.fetch` answers. */
interface Answer {
  readonly status: number
  readonly statusText: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly redirected: boolean
  readonly body: Uint8Array | null
  readonly bodyId: number | null
}

/** `fetch` and what belongs to it. Every request is decided and recorded on the host's side. */
export default (core: GuestCore) => {
  // Asked for by programs that have a signal, and by no others.
  const signals = (): SignalTools => (core.lib('events') as { readonly tools: SignalTools }).tools
  const onAbort = (signal: Signal | undefined, algorithm: () => void): (() => void) => (signal === undefined ? () => undefined : signals().onAbort(signal, algorithm))
  const contents = createContents(core)
  const bodies = createBody(core, contents)
  const { Request, bodyOf, signalOf } = createRequest(core, signals, bodies, contents)
  const { Response, toResponse } = createResponse(core, bodies, contents)
  let lastKey = 0

  /** The rest of a body, until `signal` aborts. */
  const toRemote = (first: Uint8Array, bodyId: number, signal: Signal | undefined): Remote => {
    let begin: Uint8Array | undefined = first.length === 0 ? undefined : first
    let isOver = false
    const cancel = (): void => {
      if (isOver) return
      finish()
      core.call('net.bodyCancel', bodyId)
    }
    const finish = (): void => {
      isOver = true
      ignore()
    }
    const ignore = onAbort(signal, cancel)
    const ask = async (operation: string): Promise<unknown> => {
      signal?.throwIfAborted()
      try {
        return await core.callAsync(operation, bodyId)
      } catch (error) {
        finish()
        signal?.throwIfAborted()
        throw error
      }
    }
    return {
      async read() {
        signal?.throwIfAborted()
        const piece = begin
        begin = undefined
        if (piece !== undefined) return piece
        const next = (await ask('net.bodyRead')) as Uint8Array | null
        if (next === null) finish()
        return next
      },
      async readAll() {
        const rest = (await ask('net.bodyAll')) as Uint8Array
        finish()
        const whole = new Uint8Array((begin?.length ?? 0) + rest.length)
        if (begin !== undefined) whole.set(begin)
        whole.set(rest, begin?.length ?? 0)
        begin = undefined
        return whole
      },
      cancel,
      check: () => signal?.throwIfAborted(),
    }
  }

  const toContent = (answer: Answer, signal: Signal | undefined): Content => {
    if (answer.body === null) return { kind: 'none' }
    if (answer.bodyId === null) return { kind: 'bytes', bytes: answer.body }
    return { kind: 'remote', remote: toRemote(answer.body, answer.bodyId, signal) }
  }

  const fetchData = (href: string, method: string): InstanceType<typeof Response> => {
    const data = readDataUrl(href)
    if (data === undefined) throw new TypeError(`fetch: ${JSON.stringify(href.slice(0, 100))} is no data URL`)
    return toResponse({ status: 200, statusText: 'OK', url: href, redirected: false, headers: [['content-type', data.type]] }, method === 'HEAD' ? { kind: 'none' } : { kind: 'bytes', bytes: data.bytes })
  }

  /** @see https://fetch.spec.whatwg.org/#fetch-method */
  const ask = async (request: InstanceType<typeof Request>): Promise<InstanceType<typeof Response>> => {
    const signal = signalOf(request)
    signal?.throwIfAborted()
    const body = await bodyOf(request).take()
    signal?.throwIfAborted()
    const [protocol] = /^[^:]*:/.exec(request.url)!
    if (protocol === 'data:') return fetchData(request.url, request.method)
    if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError(`fetch: ${JSON.stringify(protocol)} is no scheme that can be fetched; use https, http or data`)
    const key = ++lastKey
    const ignore = onAbort(signal, () => void core.call('net.abort', key))
    try {
      const answer = (await core.callAsync('net.fetch', {
        url: request.url.split('#')[0],
        method: request.method,
        headers: [...(request.headers as unknown as Iterable<[string, string]>)],
        redirect: request.redirect,
        key,
        ...(body !== undefined && { body }),
      })) as Answer
      if (signal?.aborted === true && answer.bodyId !== null) core.call('net.bodyCancel', answer.bodyId)
      signal?.throwIfAborted()
      const { status, statusText, url, redirected, headers } = answer
      return toResponse({ status, statusText, url, redirected, headers }, toContent(answer, signal))
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    } finally {
      ignore()
    }
  }

  async function fetch(input: unknown, init?: object): Promise<InstanceType<typeof Response>> {
    required(arguments.length, 1, 'fetch')
    const request = new Request(input, init)
    const signal = signalOf(request)
    signal?.throwIfAborted()
    if (signal === undefined) return ask(request)
    // A request whose body never comes can be given up all the same.
    return new Promise((resolve, reject) => {
      const ignore = onAbort(signal, () => reject(signal.reason))
      ask(request).then(resolve, reject).finally(ignore)
    })
  }
  Object.defineProperty(fetch, 'length', { value: 1, configurable: true })

  return {
    fetch: fetch as unknown as typeof globalThis.fetch,
    Headers: Headers as unknown as typeof globalThis.Headers,
    Request: Request as unknown as typeof globalThis.Request,
    Response: Response as unknown as typeof globalThis.Response,
  }
}
