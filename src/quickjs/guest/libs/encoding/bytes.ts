/** Natives of newer engines, far faster than a loop of interpreted code; taken before a guest can replace them. */
const { fromCharCode } = String
const toBinaryText = atob
const toBase64Text = btoa
const fromBase64 = (Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }).fromBase64
const toBase64 = (Uint8Array.prototype as unknown as { toBase64?: (this: Uint8Array) => string }).toBase64
const CHUNK = 4096

/** The bytes of a string whose characters are all below U+0100. */
export function fromBinary(text: string): Uint8Array<ArrayBuffer> {
  if (fromBase64 !== undefined && text.length > 16) return fromBase64.call(Uint8Array, toBase64Text(text))
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

/** The string whose characters are `bytes`. */
export function toBinary(bytes: Uint8Array): string {
  if (toBase64 !== undefined && bytes.length > 16) return toBinaryText(toBase64.call(bytes))
  let text = ''
  for (let i = 0; i < bytes.length; i += CHUNK) text += fromCharCode.apply(null, bytes.subarray(i, i + CHUNK) as unknown as number[])
  return text
}

/** @throws TypeError for what holds no bytes */
export function toBytes(source: unknown, what: string): Uint8Array {
  if (source === undefined) return new Uint8Array(0)
  if (ArrayBuffer.isView(source)) {
    return source instanceof Uint8Array ? source : new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
  }
  if (source instanceof ArrayBuffer || (typeof SharedArrayBuffer === 'function' && source instanceof SharedArrayBuffer)) return new Uint8Array(source)
  throw new TypeError(`${what}: expected an ArrayBuffer or a view of one`)
}
