import { library } from '../node/library.js'
import { invalidType } from '../node/errors.js'

const EXPECTED = {
  views: 'an instance of ArrayBuffer, Buffer, TypedArray, or DataView',
  text: 'of type string or an instance of ArrayBuffer, Buffer, TypedArray, or DataView',
  data: 'of type string or an instance of Buffer, TypedArray, or DataView',
  key: 'of type string or an instance of ArrayBuffer, Buffer, TypedArray, DataView, KeyObject, or CryptoKey',
}

/** Makes a Buffer over bytes. */
export const toBuffer = (bytes: Uint8Array): Uint8Array & { toString(encoding?: string): string } =>
  library('node-buffer')['Buffer'].from(bytes.buffer, bytes.byteOffset, bytes.length) as Uint8Array

/** The bytes of an argument, whose text is in `encoding`. */
export function toBytes(value: unknown, name: string, expected: keyof typeof EXPECTED, encoding?: unknown): Uint8Array {
  if (typeof value === 'string' && expected !== 'views') return library('node-buffer')['Buffer'].from(value, encoding === 'buffer' ? 'utf8' : encoding) as Uint8Array
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  if (value instanceof ArrayBuffer && expected !== 'data') return new Uint8Array(value)
  throw invalidType(name, EXPECTED[expected], value)
}

/** Bytes as a Buffer, or as text where an encoding is asked for. */
export function toOutput(bytes: Uint8Array, encoding: unknown): unknown {
  const buffer = toBuffer(bytes)
  return encoding === undefined || encoding === null || encoding === 'buffer' ? buffer : buffer.toString(encoding as string)
}
