import { fromBinary } from '../encoding/bytes.js'
import { decodeUtf8 } from '../encoding/utf8.js'

const encodeText = encodeURIComponent
const decodeText = decodeURIComponent

/** `application/x-www-form-urlencoded` of the URL Standard, section 5. */
export function parseForm(text: string): [string, string][] {
  const pairs: [string, string][] = []
  for (const part of text.split('&')) {
    if (part === '') continue
    const at = part.indexOf('=')
    pairs.push(at < 0 ? [decodePart(part), ''] : [decodePart(part.slice(0, at)), decodePart(part.slice(at + 1))])
  }
  return pairs
}

export function serializeForm(pairs: readonly (readonly [string, string])[]): string {
  let text = ''
  for (const [name, value] of pairs) text += (text === '' ? '' : '&') + encodePart(name) + '=' + encodePart(value)
  return text
}

function encodePart(text: string): string {
  if (/^[\w*.-]*$/.test(text)) return text
  return encodeText(text).replace(/%20|[!'()~]/g, (found) =>
    found === '%20' ? '+' : '%' + found.charCodeAt(0).toString(16).toUpperCase(),
  )
}

function decodePart(text: string): string {
  const spaced = text.includes('+') ? text.replace(/\+/g, ' ') : text
  if (!spaced.includes('%')) return spaced
  // A percent sign without two digits stands for itself.
  const escaped = spaced.replace(/%(?![\da-f]{2})/gi, '%25')
  try {
    return decodeText(escaped)
  } catch {
    return decodeLoosely(escaped)
  }
}

/** Escapes that are no UTF-8 become U+FFFD. */
function decodeLoosely(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (run) =>
    decodeUtf8(fromBinary(run.replace(/%(..)/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))), false),
  )
}
