import { invalidValue } from '../node/errors.js'
import { toEncoding } from './encodings.js'

/** The bytes to repeat, or the one byte. */
export function toFill(value: unknown, encoding: unknown): Uint8Array | number {
  if (typeof value === 'string') {
    if (value === '') return 0
    const bytes = toEncoding(encoding).encode(value)
    if (bytes.length === 0) throw invalidValue('value', value)
    return bytes
  }
  if (ArrayBuffer.isView(value)) {
    if (value.byteLength === 0) throw invalidValue('value', value)
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  }
  return typeof value === 'boolean' ? Number(value) : (value as number) & 255
}

export function fillWith(bytes: Uint8Array, value: Uint8Array | number, start: number, end: number): void {
  if (typeof value === 'number') {
    Uint8Array.prototype.fill.call(bytes, value, start, end)
    return
  }
  for (let at = start; at < end; at += value.length) bytes.set(value.subarray(0, Math.min(value.length, end - at)), at)
}
