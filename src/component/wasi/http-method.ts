import { isHeaderName } from '../../../capabilities/net/header-names.js'

/** `wasi:http/types` `method`. */
export interface Method {
  readonly tag: string
  readonly val?: string
}

/** `wasi:http/types` `scheme`. */
export interface Scheme {
  readonly tag: 'HTTP' | 'HTTPS' | 'other'
  readonly val?: string
}

const KNOWN: ReadonlySet<string> = new Set(['get', 'head', 'post', 'put', 'delete', 'connect', 'options', 'trace', 'patch'])

/** Longest text of a request line's part. */
const MOST_CHARACTERS = 8192

export function toMethod(name: string): Method {
  const tag = name.toLowerCase()
  return KNOWN.has(tag) && name === name.toUpperCase() ? { tag } : { tag: 'other', val: name }
}

/** The method as it is sent; `undefined` when it is none. */
export function toMethodName({ tag, val }: Method): string | undefined {
  if (tag !== 'other') return KNOWN.has(tag) ? tag.toUpperCase() : undefined
  return val !== undefined && isHeaderName(val) ? val : undefined
}

/** @see RFC 3986 section 3.1 */
export function isScheme({ tag, val }: Scheme): boolean {
  return tag !== 'other' || /^[a-z][a-z0-9+\-.]{0,31}$/i.test(val ?? '')
}

/** Nothing that ends an authority: what is in one stays in one. @see RFC 3986 section 3.2 */
export function isAuthority(text: string): boolean {
  return text.length <= MOST_CHARACTERS && /^[a-z0-9\-._~!$&'()*+,;=:@%[\]]+$/i.test(text)
}

/** A path from the root or a query alone: no scheme, no authority, no fragment. @see RFC 9112 section 3.2.1 */
export function isPathWithQuery(text: string): boolean {
  return text.length <= MOST_CHARACTERS && /^(?:[/?][\x21\x22\x24-\x5b\x5d-\x7e]*)?$/.test(text)
}
