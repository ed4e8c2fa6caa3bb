const Problem = DOMException

export const problem = (name: string, message: string): Error => new Problem(message, name)

/** A copy of the bytes of a buffer or view. */
export function copyBytes(value: unknown, what: string): Uint8Array<ArrayBuffer> {
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0))
  if (ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer) {
    return new Uint8Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength))
  }
  throw new TypeError(`${what} must be an ArrayBuffer or a view of one`)
}

/** A member of a dictionary that holds an unsigned number. */
export function toInteger(value: unknown, what: string, most: number): number {
  const number = Math.trunc(Number(value))
  if (!(number >= 0 && number <= most)) throw new TypeError(`${what} must be a whole number from 0 to ${most}`)
  return number
}

export const toBuffer = (bytes: Uint8Array): ArrayBuffer =>
  (bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer) as ArrayBuffer

export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!
  return difference === 0
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Base64url without padding. RFC 4648, section 5. */
export function toBase64Url(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const count = Math.min(3, bytes.length - i) + 1
    for (let j = 0; j < count; j++) text += CHARACTERS[(group >> (18 - 6 * j)) & 63]
  }
  return text
}

export function fromBase64Url(text: string): Uint8Array | undefined {
  if (text.length % 4 === 1) return undefined
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let bits = 0
  let have = 0
  let at = 0
  for (const character of text) {
    const value = CHARACTERS.indexOf(character)
    if (value < 0) return undefined
    bits = ((bits << 6) | value) & 0xffff
    have += 6
    if (have >= 8) bytes[at++] = (bits >> (have -= 8)) & 255
  }
  return bytes
}
