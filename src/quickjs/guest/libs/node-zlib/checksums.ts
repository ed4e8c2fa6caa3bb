const table = (): Uint32Array => {
  const entries = new Uint32Array(256)
  for (let i = 0; i < 256; i++) {
    let value = i
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
    entries[i] = value
  }
  return entries
}

/** CRC-32 of bytes, going on from that of the bytes before them. RFC 1952, section 8. */
export function createCrc32(): (bytes: Uint8Array, before?: number) => number {
  const entries = table()
  return (bytes, before = 0) => {
    let value = ~before
    for (let i = 0; i < bytes.length; i++) value = entries[(value ^ bytes[i]!) & 255]! ^ (value >>> 8)
    return ~value >>> 0
  }
}

/** RFC 1950, section 8.2. */
export function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0]
  for (let at = 0; at < bytes.length; at += 2655) {
    const end = Math.min(at + 2655, bytes.length)
    for (let i = at; i < end; i++) b += a += bytes[i]!
    a %= 65521
    b %= 65521
  }
  return ((b << 16) | a) >>> 0
}
