const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** CRC-32 of RFC 1952, section 8; `before` is that of what came before. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let value = ~before
  for (let i = 0; i < bytes.length; i++) value = (value >>> 8) ^ TABLE[(value ^ bytes[i]!) & 255]!
  return ~value >>> 0
}

/** Adler-32 of RFC 1950, section 8.2; `before` is that of what came before. */
export function adler32(bytes: Uint8Array, before = 1): number {
  let low = before & 0xffff
  let high = before >>> 16
  for (let at = 0; at < bytes.length; ) {
    // So many bytes do not overflow.
    const end = Math.min(bytes.length, at + 3800)
    for (; at < end; at++) high += low += bytes[at]!
    low %= 65521
    high %= 65521
  }
  return ((high << 16) | low) >>> 0
}
