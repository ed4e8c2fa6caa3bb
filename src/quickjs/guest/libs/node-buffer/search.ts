/** Where `needle` first lies in `bytes` at or after `from`, or -1; `step` 2 keeps to the units of UTF-16. */
export function indexOfBytes(bytes: Uint8Array, needle: Uint8Array, from: number, step: 1 | 2): number {
  const last = bytes.length - needle.length
  const first = needle[0]!
  for (let at = from; at <= last; at += step) {
    if (step === 1) {
      at = bytes.indexOf(first, at)
      if (at < 0 || at > last) return -1
    }
    if (matches(bytes, needle, at)) return at
  }
  return -1
}

export function lastIndexOfBytes(bytes: Uint8Array, needle: Uint8Array, from: number, step: 1 | 2): number {
  for (let at = Math.min(from, bytes.length - needle.length); at >= 0; at -= step) if (matches(bytes, needle, at)) return at
  return -1
}

function matches(bytes: Uint8Array, needle: Uint8Array, at: number): boolean {
  for (let i = 0; i < needle.length; i++) if (bytes[at + i] !== needle[i]) return false
  return true
}

export function compareBytes(a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1
}
