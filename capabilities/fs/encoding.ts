import { GuestVisibleError } from '../capability.js'

/** Names of text encodings, as Node spells them. */
const ENCODINGS: Readonly<Record<string, 'utf8' | 'latin1' | 'ascii' | 'hex' | 'base64' | 'base64url' | 'utf16le'>> = {
  'utf8': 'utf8', 'utf-8': 'utf8', 'latin1': 'latin1', 'binary': 'latin1', 'ascii': 'ascii', 'hex': 'hex',
  'base64': 'base64', 'base64url': 'base64url', 'utf16le': 'utf16le', 'utf-16le': 'utf16le', 'ucs2': 'utf16le', 'ucs-2': 'utf16le',
}

export type Encoding = (typeof ENCODINGS)[string]

/** The encoding of that name, in any case; what is none is refused in Node's words. */
export function toEncoding(name: unknown): Encoding {
  const key = typeof name === 'string' ? name.toLowerCase() : ''
  const encoding = Object.hasOwn(ENCODINGS, key) ? ENCODINGS[key] : undefined
  if (encoding) return encoding
  throw new GuestVisibleError('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'encoding' is invalid encoding. Received '${String(name).slice(0, 40)}'`)
}

export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Bytes to text. Malformed UTF-8 becomes U+FFFD; a byte order mark stays, as in Node. */
export function decodeText(bytes: Uint8Array, encoding: Encoding): string {
  if (encoding === 'utf8') return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  if (encoding === 'utf16le') return decodeUtf16(bytes)
  if (encoding === 'hex') return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (encoding === 'ascii') return decodeLatin1(bytes.map((byte) => byte & 0x7f))
  if (encoding === 'latin1') return decodeLatin1(bytes)
  const base64 = btoa(decodeLatin1(bytes))
  return encoding === 'base64' ? base64 : base64.replace(/[+/=]/g, (c) => (c === '+' ? '-' : c === '/' ? '_' : ''))
}

/** Text to bytes. Hex and base64 stop at what is none, as in Node. */
export function encodeText(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf8') return encodeUtf8(text)
  if (encoding === 'latin1' || encoding === 'ascii') return Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
  if (encoding === 'utf16le') {
    return Uint8Array.from({ length: text.length * 2 }, (_, i) => text.charCodeAt(i >> 1) >> ((i & 1) * 8))
  }
  if (encoding === 'hex') {
    const digits = /^(?:[0-9a-f]{2})*/i.exec(text)?.[0] ?? ''
    return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16))
  }
  const clean = (text.split('=', 1)[0] ?? '').replace(/[-_]/g, (c) => (c === '-' ? '+' : '/')).replace(/[^A-Za-z0-9+/]/g, '')
  const binary = atob(clean.length % 4 === 1 ? clean.slice(0, -1) : clean)
  return Uint8Array.from({ length: binary.length }, (_, i) => binary.charCodeAt(i))
}

function decodeLatin1(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return text
}

function decodeUtf16(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i + 1 < bytes.length; i += 2) text += String.fromCharCode((bytes[i] as number) | ((bytes[i + 1] as number) << 8))
  return text
}
