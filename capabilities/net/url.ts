/** A URL that can be decided on, or why it cannot. */
export type ReadUrl = { readonly url: URL } | { readonly refused: string }

/** Characters of a URL beyond which it is refused unread. */
const MAX_URL_LENGTH = 8192

const SHAPE = /^(https?):\/\/([^/?]*)([^?]*)(\?.*)?$/i
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::([0-9]+))?$/i
/** Separators, dots and controls in disguise, however often they were encoded: a server may undo more than we do. */
const DISGUISED = /%(?:25)*(?:2e|2f|5c|7f|[01][0-9a-f])/i
const DOT_SEGMENT = /\/\.{1,2}(?:;[^/]*)?(?:\/|$)/

/**
 * Reads a URL that two parsers could not read differently, and refuses every other.
 *
 * The host must be written as the parser gives it back, which leaves out decimal, octal, hex and shortened addresses,
 * percent-encoded and full-width hosts in one rule. The URL that is returned is the one to decide on and to send.
 *
 * @see https://url.spec.whatwg.org/#concept-basic-url-parser
 */
export function readUrl(text: string): ReadUrl {
  if (text.length > MAX_URL_LENGTH) return refused(`the URL is longer than ${MAX_URL_LENGTH} characters`)
  if (/[\x00-\x1f\x7f]/.test(text)) return refused('a control character in the URL')
  if (text.includes(' ')) return refused('a space in the URL')
  if (/[^\x21-\x7e]/.test(text)) return refused('a character beyond ASCII in the URL')
  if (text.includes('\\')) return refused('a backslash in the URL')
  if (text.includes('#')) return refused('a fragment in the URL')
  const shape = SHAPE.exec(text)
  if (shape === null) return refused('not an absolute http: or https: URL')
  const [, , authority, path] = shape as unknown as [string, string, string, string]
  if (authority.includes('@')) return refused('user information in the URL')
  const parts = AUTHORITY.exec(authority)
  if (parts === null) return refused('a malformed host or port')
  const [, host, port] = parts as unknown as [string, string, string | undefined]
  if (host.endsWith('.')) return refused('a host that ends in a dot')
  if (path.includes('//')) return refused('an empty segment ("//") in the path')
  if (DOT_SEGMENT.test(path)) return refused('a dot segment in the path')
  if (DISGUISED.test(path)) return refused('an encoded dot, slash, backslash or control character in the path')
  if (!decodes(path)) return refused('malformed percent-encoding in the path')

  let url: URL
  try {
    url = new URL(text)
  } catch {
    return refused('a malformed host or port')
  }
  if (url.hostname !== host.toLowerCase()) return refused('a host that is not written in its canonical form')
  if (port !== undefined && port !== (url.port || defaultPort(url)))
    return refused('a port that is not written in its canonical form')
  return { url }
}

function refused(reason: string): ReadUrl {
  return { refused: reason }
}

/** Overlong and cut-off UTF-8 is how a dot hides from one parser and not from the next. */
function decodes(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

/** The port a URL's scheme means when it names none. */
export function defaultPort(url: URL): string {
  return url.protocol === 'https:' ? '443' : '80'
}

/** Guest text for ledgers and messages: printable ASCII on one line, cut at `maxLength`. */
export function toPrintable(text: string, maxLength = 512): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}...[${text.length - maxLength} more]` : text
  return cut.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
