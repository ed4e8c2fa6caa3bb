import { parseMime, serializeMime } from './mime.js'

/**
 * What a `data:` URL holds, or undefined when it is malformed.
 * @see https://fetch.spec.whatwg.org/#data-url-processor
 */
export function readDataUrl(href: string): { readonly type: string; readonly bytes: Uint8Array } | undefined {
  const [, head, body] = /^data:([^,]*),(.*)$/s.exec(href.split('#')[0]!) ?? []
  if (head === undefined || body === undefined) return undefined
  let type = head.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '')
  let bytes: Uint8Array | undefined = toBytes(body)
  const [base64] = /; *base64$/i.exec(type) ?? []
  if (base64 !== undefined) {
    type = type.slice(0, -base64.length)
    bytes = fromBase64(bytes)
    if (bytes === undefined) return undefined
  }
  const mime = parseMime(type.startsWith(';') ? `text/plain${type}` : type)
  return { type: mime === undefined ? 'text/plain;charset=US-ASCII' : serializeMime(mime), bytes }
}

/** Percent-decodes; the text of a URL is ASCII. */
function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const hex = text[at] === '%' ? text.slice(at + 1, at + 3) : ''
    if (/^[0-9a-f]{2}$/i.test(hex)) at += 2
    bytes[length++] = /^[0-9a-f]{2}$/i.test(hex) ? parseInt(hex, 16) : text.charCodeAt(at)
  }
  return bytes.subarray(0, length)
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** @see https://infra.spec.whatwg.org/#forgiving-base64-decode */
function fromBase64(coded: Uint8Array): Uint8Array | undefined {
  let text = ''
  for (const byte of coded) if (![9, 10, 12, 13, 32].includes(byte)) text += String.fromCharCode(byte)
  if (text.length % 4 === 0) text = text.replace(/==?$/, '')
  if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) return undefined
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let bits = 0, count = 0, length = 0
  for (const character of text) {
    bits = ((bits << 6) | DIGITS.indexOf(character)) & 0xffffff
    count += 6
    if (count >= 8) {
      count -= 8
      bytes[length++] = (bits >> count) & 0xff
    }
  }
  return bytes
}
