import { invalid } from './utf8.js'

const { fromCharCode } = String
const CHUNK = 4096

/** Text of UTF-16 `bytes`, an even number; lone surrogates become U+FFFD, or are a TypeError when `fatal`. */
export function decodeUtf16(bytes: Uint8Array, order: 'little' | 'big', fatal: boolean): string {
  // An own, aligned copy.
  const copy = bytes.slice(0, bytes.length & ~1)
  if (order === 'big') {
    for (let i = 0; i < copy.length; i += 2) [copy[i], copy[i + 1]] = [copy[i + 1]!, copy[i]!]
  }
  const units = new Uint16Array(copy.buffer, 0, copy.length / 2)
  let text = ''
  for (let i = 0; i < units.length; i += CHUNK) text += fromCharCode.apply(null, units.subarray(i, i + CHUNK) as unknown as number[])
  if (text.isWellFormed()) return text
  if (fatal) throw invalid()
  return text.toWellFormed()
}

/** How many bytes at the end are half a character: an odd byte, a high surrogate. */
export function incompleteTail16(bytes: Uint8Array, order: 'little' | 'big'): number {
  const odd = bytes.length & 1
  const end = bytes.length - odd
  if (end < 2) return odd
  const high = bytes[order === 'little' ? end - 1 : end - 2]!
  return (high & 0xfc) === 0xd8 ? odd + 2 : odd
}
