import { fromBinary, toBinary } from './bytes.js'

const { fromCharCode } = String
const escapeBinary = escape
const unescapeText = unescape
const encodeText = encodeURIComponent
const decodeText = decodeURIComponent
const NOT_ASCII = /[^\0-\x7f]/

export const isAscii = (text: string): boolean => !NOT_ASCII.test(text)

/** UTF-8 of `text`; lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  // Percent-escapes are UTF-8, and both directions are native.
  return fromBinary(isAscii(text) ? text : unescapeText(encodeText(text.toWellFormed())))
}

/** Text of `bytes`; each maximal ill-formed part becomes U+FFFD, or is a TypeError when `fatal`. */
export function decodeUtf8(bytes: Uint8Array, fatal: boolean): string {
  const binary = toBinary(bytes)
  if (isAscii(binary)) return binary
  try {
    return decodeText(escapeBinary(binary))
  } catch {
    if (fatal) throw invalid()
    return repair(bytes)
  }
}

export function invalid(): TypeError {
  return Object.assign(new TypeError('The encoded data was not valid'), { code: 'ERR_ENCODING_INVALID_ENCODED_DATA' })
}

/** The UTF-8 decoder of the Encoding Standard, section 8.1.1, for text the native one refuses. */
function repair(bytes: Uint8Array): string {
  let text = ''
  let point = 0
  let needed = 0
  let lower = 0x80
  let upper = 0xbf
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (needed === 0) {
      if (byte < 0x80) text += fromCharCode(byte)
      else if (byte >= 0xc2 && byte <= 0xdf) [needed, point] = [1, byte & 0x1f]
      else if (byte >= 0xe0 && byte <= 0xef) {
        if (byte === 0xe0) lower = 0xa0
        if (byte === 0xed) upper = 0x9f
        ;[needed, point] = [2, byte & 0xf]
      } else if (byte >= 0xf0 && byte <= 0xf4) {
        if (byte === 0xf0) lower = 0x90
        if (byte === 0xf4) upper = 0x8f
        ;[needed, point] = [3, byte & 0x7]
      } else text += '\ufffd'
      continue
    }
    if (byte < lower || byte > upper) {
      text += '\ufffd'
      needed = 0
      // The byte may start a sequence of its own.
      i--
    } else {
      point = (point << 6) | (byte & 0x3f)
      if (--needed === 0) text += point > 0xffff ? fromCharCode(0xd7c0 + (point >> 10), 0xdc00 | (point & 0x3ff)) : fromCharCode(point)
    }
    lower = 0x80
    upper = 0xbf
  }
  return needed === 0 ? text : text + '\ufffd'
}

/** How many bytes at the end of `bytes` begin a sequence that is not complete yet. */
export function incompleteTail(bytes: Uint8Array): number {
  const { length } = bytes
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return isPrefix(bytes, length - back) ? back : 0
  }
  return 0
}

/** Whether the bytes from `at` on can still become one valid sequence. */
function isPrefix(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at]!
  const have = bytes.length - at
  const size = first >= 0xf0 ? (first <= 0xf4 ? 4 : 0) : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
  if (have >= size) return false
  if (have === 1) return true
  const second = bytes[at + 1]!
  if (first === 0xe0) return second >= 0xa0
  if (first === 0xed) return second <= 0x9f
  if (first === 0xf0) return second >= 0x90
  if (first === 0xf4) return second <= 0x8f
  return true
}
