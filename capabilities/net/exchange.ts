import { Body } from './body.js'
import { type Asked, deny } from './decide.js'
import { fetchFailed } from './failure.js'
import { classifyHeader, isHeaderName, isHeaderValue, isWithheld } from './header-names.js'
import { Redactor } from './redact.js'
import type { ParsedRule } from './rules.js'
import { type ExchangeContext, type GuestRequest, discard, sendOnce, sizeOf } from './send.js'
import type { TransportResponse } from './transport.js'
import { toPrintable } from './url.js'

const MAX_REDIRECTS = 5
const MAX_HEAD_BYTES = 64 * 1024
const REDIRECT_STATUS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const NULL_BODY_STATUS: ReadonlySet<number> = new Set([101, 103, 204, 205, 304])

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
  /** Fields that followed the body; asked for when it has ended. */
  readonly trailers: () => GuestResponse['headers']
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
    if (size > MAX_HEAD_BYTES) throw fetchFailed('head-too-large')
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
    trailers: () => toGuestTrailers(response, redactor),
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

/** What frames a message means nothing after it, and must not be believed there. @see RFC 9110 section 6.5.1 */
function toGuestTrailers({ trailers }: TransportResponse, redactor: Redactor): GuestResponse['headers'] {
  const fields = trailers?.() ?? []
  if (sizeOf('', '', fields) > MAX_HEAD_BYTES) throw fetchFailed('malformed')
  return fields
    .filter(([name, value]) => isHeaderName(name) && isHeaderValue(value) && !isWithheld(name))
    .filter(([name]) => classifyHeader(name) !== 'framing')
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
  // A body that was sent while it was made is gone.
  if (!becomesGet && asked.body !== undefined && !(asked.body instanceof Uint8Array)) throw fetchFailed('redirect')
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
