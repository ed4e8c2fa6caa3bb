import { parseMime } from './mime.js'

const NAMES = ['accept', 'accept-language', 'content-language', 'content-type']
const TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']
const UNSAFE = /[\0-\x08\x0a-\x1f"():<>?@[\\\]{}\x7f]/

export const isSafelistedName = (name: string): boolean => NAMES.includes(name)

/**
 * Whether a header may be part of a request that is made without asking the other side.
 * @see https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
 */
export function isSafelisted(name: string, value: string): boolean {
  if (!isSafelistedName(name) || value.length > 128) return false
  if (name === 'accept') return !UNSAFE.test(value)
  if (name !== 'content-type') return /^[0-9A-Za-z *,\-.;=]*$/.test(value)
  const mime = UNSAFE.test(value) ? undefined : parseMime(value)
  return mime !== undefined && TYPES.includes(mime.essence)
}
