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
  if (encoding === 'hex') return decodeHex(bytes)
  if (encoding === 'ascii') return decodeLatin1(bytes.map((byte) => byte & 0x7f))
  if (encoding === 'latin1') return decodeLatin1(bytes)
  const base64 = btoa(decodeLatin1(bytes))
  return encoding === 'base64' ? base64 : base64.replace(/[+/=]/g, (c) => (c === '+' ? '-' : c === '/' ? '_' : ''))
}

/** Text to bytes. Hex and base64 stop at what is none, as in Node. */
export function encodeText(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf8') return encodeUtf8(text)
  if (encoding === 'latin1' || encoding === 'ascii') return encodeUnits(text, 1)
  if (encoding === 'utf16le') return encodeUnits(text, 2)
  if (encoding === 'hex') return encodeHex(text)
  const clean = (text.split('=', 1)[0] ?? '').replace(/[-_]/g, (c) => (c === '-' ? '+' : '/')).replace(/[^A-Za-z0-9+/]/g, '')
  return encodeUnits(atob(clean.length % 4 === 1 ? clean.slice(0, -1) : clean), 1)
}

/** Each UTF-16 unit's low byte, or both its bytes, the low one first. */
function encodeUnits(text: string, width: 1 | 2): Uint8Array {
  const bytes = new Uint8Array(text.length * width)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    bytes[i * width] = unit
    if (width === 2) bytes[i * 2 + 1] = unit >> 8
  }
  return bytes
}

function decodeLatin1(bytes: Uint8Array): string {
  return fromUnits(bytes.length, (i) => bytes[i] as number)
}

function decodeUtf16(bytes: Uint8Array): string {
  return fromUnits(bytes.length >> 1, (i) => (bytes[i * 2] as number) | ((bytes[i * 2 + 1] as number) << 8))
}

/** A string of UTF-16 units, built in pieces that fit an argument list. */
function fromUnits(count: number, unit: (index: number) => number): string {
  const piece = new Uint16Array(8192)
  let text = ''
  for (let at = 0; at < count; at += piece.length) {
    const length = Math.min(piece.length, count - at)
    for (let i = 0; i < length; i++) piece[i] = unit(at + i)
    text += String.fromCharCode(...piece.subarray(0, length))
  }
  return text
}

const DIGITS = '0123456789abcdef'

function decodeHex(bytes: Uint8Array): string {
  return fromUnits(bytes.length * 2, (i) => DIGITS.charCodeAt(i & 1 ? (bytes[i >> 1] as number) & 15 : (bytes[i >> 1] as number) >> 4))
}

/** A loop, because a regular expression over the whole text would need a stack as long. */
function encodeHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1)
  for (let i = 0; i < bytes.length; i++) {
    const [high, low] = [digit(text.charCodeAt(i * 2)), digit(text.charCodeAt(i * 2 + 1))]
    if (high < 0 || low < 0) return bytes.slice(0, i)
    bytes[i] = (high << 4) | low
  }
  return bytes
}

/** The value of a hexadecimal digit by its character code, or -1. */
function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
