import { GuestVisibleError, type HostCall } from '../capability.js'
import type { NetBudget } from './budget.js'
import { resolveHeaders } from './credentials.js'
import { type Asked, decide, deny, denyMore } from './decide.js'
import { aborted, fromTransport } from './failure.js'
import { type GuestBody, collect, metered } from './guest-body.js'
import type { NetGrant } from './net.js'
import type { Redactor } from './redact.js'
import { type RequestTimeouts, TransportError, type TransportRequest, type TransportResponse } from './transport.js'

/** A guest's request, parsed. */
export interface GuestRequest extends Asked {
  readonly body: Uint8Array | GuestBody | undefined
  readonly redirect: 'follow' | 'error' | 'manual'
  /** They can only shorten what the transport allows. */
  readonly timeouts?: RequestTimeouts
}

/** What one exchange lives in. */
export interface ExchangeContext {
  readonly grant: NetGrant
  readonly budget: NetBudget
  readonly call: HostCall
  readonly signal: AbortSignal
  /** Called once, when nothing of the exchange is left. */
  readonly onClose: () => void
}

/** Methods whose request has no body. */
export function isBodiless(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

/**
 * Decides, attaches the host's headers, counts and sends, once.
 * @throws Denied, GuestVisibleError
 */
export async function sendOnce(asked: GuestRequest, redactor: Redactor, { grant, budget, call, signal }: ExchangeContext) {
  const { rule, url } = decide(grant.rules, asked)
  if (asked.body !== undefined && isBodiless(asked.method)) {
    throw new GuestVisibleError('TypeError', 'invalid-request', 'Request with GET or HEAD method cannot have body')
  }
  const attached = await untilAborted(resolveHeaders(rule, asked, redactor), signal)
  const headers = [...asked.headers, ...attached]
  const { transport } = grant
  const head = sizeOf(asked.method, url.href, headers)
  const written = asked.body === undefined || asked.body instanceof Uint8Array ? asked.body : asked.body.whole()
  const isStreamed = asked.body !== undefined && written === undefined
  const known = isStreamed ? ((asked.body as GuestBody).length ?? 0) : (written?.length ?? 0)
  const refuseBeyond = (bytes: number): void => {
    if (bytes <= rule.maxRequestBytes) return
    throw denyMore(
      asked,
      `the request has ${bytes} bytes, the rule grants ${rule.maxRequestBytes}`,
      'net: http([{ ..., maxRequestBytes }])',
    )
  }
  refuseBeyond(head + known)
  budget.out(call, isStreamed ? head : head + known, asked)
  const streamed = isStreamed
    ? metered(asked.body as GuestBody, (sent, piece) => {
        refuseBeyond(head + sent)
        budget.out(call, piece, asked)
      })
    : undefined
  const request: TransportRequest = {
    url,
    method: asked.method,
    headers,
    body: written,
    signal,
    maxResponseBytes: rule.maxResponseBytes,
    allowPrivateAddresses: rule.allowPrivateAddresses,
    timeouts: asked.timeouts,
  }
  const send = async (): Promise<TransportResponse> => {
    if (streamed === undefined) return transport.send(request)
    if (transport.sendStreamed !== undefined) return transport.sendStreamed(request, streamed.body)
    return transport.send({ ...request, body: await collect(streamed.body) })
  }
  try {
    const response = await fromTransport(send, signal, discard)
    call.source(`net:${url.origin}`)
    return { rule, url, response }
  } catch (error) {
    // What went wrong with the guest's own body came first; the transport only saw it break off.
    if (streamed?.failure !== undefined) throw streamed.failure.error
    if (!(error instanceof TransportError)) throw error
    throw deny(
      asked,
      `host ${JSON.stringify(url.hostname)} is not at a public address`,
      'net: http([{ ..., allowPrivateAddresses: [...] }])',
    )
  }
}

/** Bytes of a head, about as it is on the wire. */
export function sizeOf(first: string, second: string, headers: readonly (readonly [string, string])[]): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, first.length + second.length + 12)
}

/** Closes the connection of an answer nobody reads. */
export function discard(response: TransportResponse): void {
  const iterator = response.body?.[Symbol.asyncIterator]()
  Promise.resolve(iterator?.return?.()).catch(() => undefined)
}

/** A credential's own function may hang. */
async function untilAborted<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(aborted())
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
