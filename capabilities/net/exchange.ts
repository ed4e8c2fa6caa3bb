import { GuestVisibleError, type HostCall } from '../capability.js'
import { Body } from './body.js'
import type { NetBudget } from './budget.js'
import { resolveHeaders } from './credentials.js'
import { type Asked, decide, deny } from './decide.js'
import { aborted, fetchFailed, fromTransport } from './failure.js'
import { isHeaderName, isHeaderValue, isWithheld } from './header-names.js'
import type { NetGrant } from './net.js'
import { Redactor } from './redact.js'
import type { ParsedRule } from './rules.js'
import { TransportError, type TransportResponse } from './transport.js'
import { toPrintable } from './url.js'

const MAX_REDIRECTS = 5
const MAX_HEAD_BYTES = 64 * 1024
const REDIRECT_STATUS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const NULL_BODY_STATUS: ReadonlySet<number> = new Set([101, 103, 204, 205, 304])

/** A guest's request, parsed. */
export interface GuestRequest extends Asked {
  readonly body: Uint8Array | undefined
  readonly redirect: 'follow' | 'error' | 'manual'
}

/** A response as the guest may see it. */
export interface GuestResponse {
  readonly status: number
  readonly statusText: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly redirected: boolean
  /** Bytes of the body on the wire, where the server says so. */
  readonly wireBytes: number | undefined
  readonly body: Body | null
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

/**
 * Carries out one request: decides, attaches, counts, sends, and decides again for each redirect.
 * @throws Denied, GuestVisibleError
 */
export async function exchange(request: GuestRequest, context: ExchangeContext): Promise<GuestResponse> {
  const { call } = context
  const redactor = new Redactor(context.grant.redactor)
  let asked = request
  for (let hops = 0; ; hops++) {
    const { rule, url, response } = await sendOnce(asked, redactor, context)
    const location = REDIRECT_STATUS.has(response.status) ? headerOf(response, 'location') : undefined
    if (location === undefined || request.redirect === 'manual') {
      return toGuestResponse(response, { asked, rule, url, redactor, isRedirected: hops > 0 }, context)
    }
    discard(response)
    if (request.redirect === 'error') throw fetchFailed('redirect')
    const next = toNextRequest(asked, url, response.status, location)
    const shown = { method: next.method, url: redactor.text(next.url) }
    call.target = toPrintable(`${call.target} -> ${shown.method} ${shown.url}`)
    if (rule.redirects === 'refuse') {
      throw deny(
        asked,
        `it redirects to ${toPrintable(shown.url, 200)}`,
        `net: http([{ ..., redirects: 'recheck' }]) with a rule for where it leads`,
      )
    }
    if (shown.url !== next.url)
      throw deny(shown, 'the redirect carries a credential', 'nothing: a credential stays with its origin')
    if (hops === MAX_REDIRECTS) throw fetchFailed('redirect')
    asked = next
  }
}

async function sendOnce(asked: GuestRequest, redactor: Redactor, { grant, budget, call, signal }: ExchangeContext) {
  const { rule, url } = decide(grant.rules, asked)
  if (asked.body !== undefined && /^(?:GET|HEAD)$/.test(asked.method)) {
    throw new GuestVisibleError('TypeError', 'invalid-request', 'Request with GET or HEAD method cannot have body')
  }
  const attached = await untilAborted(resolveHeaders(rule, asked, redactor), signal)
  const headers = [...asked.headers, ...attached]
  const bytes = sizeOf(asked.method, url.href, headers) + (asked.body?.length ?? 0)
  if (bytes > rule.maxRequestBytes) {
    throw deny(
      asked,
      `the request has ${bytes} bytes, the rule grants ${rule.maxRequestBytes}`,
      'net: http([{ ..., maxRequestBytes }])',
    )
  }
  budget.out(call, bytes, asked)
  const send = () =>
    grant.transport.send({
      url,
      method: asked.method,
      headers,
      body: asked.body,
      signal,
      maxResponseBytes: rule.maxResponseBytes,
      allowPrivateAddresses: rule.allowPrivateAddresses,
    })
  try {
    const response = await fromTransport(send, signal, discard)
    call.source(`net:${url.origin}`)
    return { rule, url, response }
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    throw deny(
      asked,
      `host ${JSON.stringify(url.hostname)} is not at a public address`,
      'net: http([{ ..., allowPrivateAddresses: [...] }])',
    )
  }
}

function toGuestResponse(
  response: TransportResponse,
  sent: {
    readonly asked: Asked
    readonly rule: ParsedRule
    readonly url: URL
    readonly redactor: Redactor
    readonly isRedirected: boolean
  },
  { budget, call, signal, onClose }: ExchangeContext,
): GuestResponse {
  const { asked, rule, url, redactor } = sent
  try {
    const size = sizeOf(response.statusText, url.href, response.headers)
    if (size > MAX_HEAD_BYTES) throw fetchFailed('malformed')
    budget.in(call, size)
  } catch (error) {
    discard(response)
    throw error
  }
  const isEmpty = response.body === null || asked.method === 'HEAD' || NULL_BODY_STATUS.has(response.status)
  if (isEmpty) {
    discard(response)
    onClose()
  }
  return {
    status: response.status,
    statusText: redactor.text(response.statusText),
    url: redactor.text(url.href),
    headers: toGuestHeaders(response, redactor, asked.method === 'HEAD' || rule.headers.length === 0),
    redirected: sent.isRedirected,
    wireBytes: toLength(headerOf(response, 'content-length')),
    body: isEmpty
      ? null
      : new Body(response.body!, {
          maxBytes: rule.maxResponseBytes,
          redaction: redactor.stream(),
          budget,
          signal,
          onClose,
        }),
  }
}

/** Lengths are those of the wire: after decoding or redaction they would be untrue. */
function toGuestHeaders(
  response: TransportResponse,
  redactor: Redactor,
  isLengthTrue: boolean,
): GuestResponse['headers'] {
  const isEncoded = headerOf(response, 'content-encoding') !== undefined
  return response.headers
    .filter(([name, value]) => isHeaderName(name) && isHeaderValue(value) && !isWithheld(name))
    .filter(([name]) => name.toLowerCase() !== 'content-length' || (isLengthTrue && !isEncoded))
    .map(([name, value]) => [redactor.text(name.toLowerCase()), redactor.text(value)] as const)
}

/** @see https://fetch.spec.whatwg.org/#http-redirect-fetch */
function toNextRequest(asked: GuestRequest, url: URL, status: number, location: string): GuestRequest {
  let target: URL
  try {
    target = new URL(location, url)
  } catch {
    throw fetchFailed('malformed')
  }
  target.hash = ''
  const becomesGet = status === 303 ? !/^(?:GET|HEAD)$/.test(asked.method) : status < 303 && asked.method === 'POST'
  return {
    ...asked,
    url: target.href,
    ...(becomesGet && {
      method: 'GET',
      body: undefined,
      headers: asked.headers.filter(([name]) => !/^content-/i.test(name)),
    }),
  }
}

function toLength(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function headerOf(response: TransportResponse, name: string): string | undefined {
  return response.headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

function sizeOf(first: string, second: string, headers: readonly (readonly [string, string])[]): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, first.length + second.length + 12)
}

/** Closes the connection of an answer nobody reads. */
function discard(response: TransportResponse): void {
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
