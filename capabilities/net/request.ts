import { GuestVisibleError } from '../capability.js'
import type { GuestRequest } from './send.js'
import { isHeaderName, isHeaderValue } from './header-names.js'

const MAX_HEADERS = 64
const KEYS: ReadonlySet<string> = new Set(['url', 'method', 'headers', 'body', 'redirect', 'key'])
const REDIRECTS = ['follow', 'error', 'manual'] as const

/** What `net.fetch` is called with, parsed from guest data. */
export interface ParsedCall {
  readonly request: GuestRequest
  /** The guest's own number for this request, with which it can end it. */
  readonly key: number | undefined
}

/**
 * Parses the one argument of `net.fetch`. Getters and prototypes do not survive the crossing: what is here is data.
 * @throws GuestVisibleError a `TypeError` for what the web calls one
 */
export function parseCall(argument: unknown): ParsedCall {
  if (!isRecord(argument)) throw typeError('expected an object that describes the request')
  for (const name of Object.keys(argument)) if (!KEYS.has(name)) throw typeError('the request has an unknown field')
  const { url, method, headers, body, redirect, key } = argument as Record<string, unknown>
  if (typeof url !== 'string') throw typeError('the URL is no text')
  if (typeof method !== 'string' || !isHeaderName(method)) throw typeError('the method is no HTTP token')
  if (key !== undefined && !Number.isSafeInteger(key)) throw typeError('the key is no whole number')
  const follow = redirect ?? 'follow'
  if (!REDIRECTS.includes(follow as 'follow')) throw typeError('redirect is none of follow, error, manual')
  return {
    request: {
      url,
      method,
      headers: parseHeaders(headers),
      body: parseBody(body),
      redirect: follow as GuestRequest['redirect'],
    },
    key: key as number | undefined,
  }
}

function parseHeaders(headers: unknown): GuestRequest['headers'] {
  if (headers === undefined) return []
  if (!Array.isArray(headers)) throw typeError('headers are no list of pairs')
  if (headers.length > MAX_HEADERS) throw typeError(`more than ${MAX_HEADERS} headers`)
  return Array.from(headers as unknown[], (pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw typeError('headers are no list of pairs')
    const [name, value] = pair as [unknown, unknown]
    if (typeof name !== 'string' || !isHeaderName(name)) throw typeError('invalid header name')
    if (typeof value !== 'string' || !isHeaderValue(value)) throw typeError('invalid header value')
    return [name.toLowerCase(), value.replace(/^[\t ]+|[\t ]+$/g, '')] as const
  })
}

function parseBody(body: unknown): Uint8Array | undefined {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string') return new TextEncoder().encode(body)
  if (body instanceof Uint8Array) return body
  throw typeError('the body is neither text nor bytes')
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function typeError(why: string): GuestVisibleError {
  return new GuestVisibleError('TypeError', 'invalid-request', `Cannot fetch: ${why}`)
}
