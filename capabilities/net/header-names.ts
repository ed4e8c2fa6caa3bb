/** Headers a guest may set without a word from the embedder: they say what is wanted, not who asks. */
const HARMLESS: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'cache-control',
  'content-language',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'pragma',
  'range',
])

/** Identity: only the host says who asks. */
const IDENTITY: ReadonlySet<string> = new Set(['authorization', 'cookie', 'cookie2', 'x-api-key'])

/** Routing and framing: the URL, the method and the body that were decided on are the ones that count. */
const FRAMING: ReadonlySet<string> = new Set([
  'accept-encoding',
  'alt-used',
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'max-forwards',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-client-ip',
  'x-host',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-host',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-override-url',
  'x-real-ip',
  'x-rewrite-url',
  'true-client-ip',
  'client-ip',
])
const FRAMING_PREFIX = /^(?:proxy-|sec-|x-forwarded-|cf-connecting-|:)/

/** Response headers that would hand the guest an identity, or that no longer tell the truth about the decoded body. */
const WITHHELD: ReadonlySet<string> = new Set([
  'set-cookie',
  'set-cookie2',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-encoding',
  'alt-svc',
])

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.1 */
export function isHeaderName(name: string): boolean {
  return name.length <= 128 && TOKEN.test(name)
}

/** Neither line ends nor NUL, nor anything that is not one byte on the wire. @see RFC 9110 section 5.5 */
export function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
}

/** What a guest's own header of this name is: free to set, for the embedder to allow, or never to travel. */
export function classifyHeader(name: string): 'harmless' | 'listed' | 'identity' | 'framing' {
  const lower = name.toLowerCase()
  if (HARMLESS.has(lower)) return 'harmless'
  if (IDENTITY.has(lower) || lower.startsWith('proxy-')) return 'identity'
  if (FRAMING.has(lower) || FRAMING_PREFIX.test(lower)) return 'framing'
  return 'listed'
}

/** Whether the name itself says that its value is a credential. */
export function namesCredential(name: string): boolean {
  return IDENTITY.has(name) || /auth|cookie|credential|key|passw|secret|session|token/i.test(name)
}

/** Whether a response header is kept from the guest. */
export function isWithheld(name: string): boolean {
  return WITHHELD.has(name.toLowerCase())
}
