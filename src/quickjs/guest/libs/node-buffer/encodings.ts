import { fromBinary, toBinary } from '../encoding/bytes.js'
import { decodeUtf8, encodeUtf8, isAscii } from '../encoding/utf8.js'
import { nodeError } from '../node/errors.js'

/** How text lies in bytes, both ways. */
export interface Encoding {
  readonly name: string
  encode(text: string): Uint8Array<ArrayBuffer>
  decode(bytes: Uint8Array): string
  byteLength(text: string): number
}

interface Natives {
  readonly fromBase64: (text: string, options?: object) => Uint8Array<ArrayBuffer>
  readonly fromHex: (text: string) => Uint8Array<ArrayBuffer>
}
interface Methods {
  toBase64(this: Uint8Array, options?: object): string
  toHex(this: Uint8Array): string
}
const natives = Uint8Array as unknown as Natives
const fromBase64Native = natives.fromBase64.bind(Uint8Array)
const fromHexNative = natives.fromHex.bind(Uint8Array)
const { toBase64, toHex } = Uint8Array.prototype as unknown as Methods
const { slice } = Uint8Array.prototype
const URL_SAFE = { alphabet: 'base64url', omitPadding: true }
const LOOSE = { lastChunkHandling: 'loose' }
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}(?:==)?|[A-Za-z\d+/]{3}=?)?$/
const HEX = /^(?:[\da-fA-F]{2})*/

/** What is no digit is left out, and the first sign of padding after digits ends it. */
const decodeBase64 = (text: string): Uint8Array<ArrayBuffer> => {
  if (BASE64.test(text)) return fromBase64Native(text, LOOSE)
  const end = text.indexOf('=')
  const digits = (end < 0 ? text : text.slice(0, end)).replaceAll('-', '+').replaceAll('_', '/').replace(/[^A-Za-z\d+/]+/g, '')
  return fromBase64Native(digits.length % 4 === 1 ? digits.slice(0, -1) : digits, LOOSE)
}

const base64Length = (text: string): number => {
  let { length } = text
  if (length > 0 && text[length - 1] === '=') length--
  if (length > 1 && text[length - 1] === '=') length--
  return (length * 3) >>> 2
}

const encodeLatin1 = (text: string): Uint8Array<ArrayBuffer> => {
  if (!/[^\0-\xff]/.test(text)) return fromBinary(text)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

const utf8Length = (text: string): number => {
  if (isAscii(text)) return text.length
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) length++
    else if (unit < 0x800) length += 2
    else if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length += 4
      i++
    } else length += 3
  }
  return length
}

const { fromCharCode } = String

const utf16: Encoding = {
  name: 'utf16le',
  encode(text) {
    const bytes = new Uint8Array(2 * text.length)
    // A guest is little endian, as WebAssembly is.
    const units = new Uint16Array(bytes.buffer)
    for (let i = 0; i < units.length; i++) units[i] = text.charCodeAt(i)
    return bytes
  },
  decode(bytes) {
    const copy = slice.call(bytes, 0, bytes.length & ~1)
    const units = new Uint16Array(copy.buffer, copy.byteOffset, copy.length >> 1)
    let text = ''
    for (let i = 0; i < units.length; i += 4096) text += fromCharCode.apply(null, units.subarray(i, i + 4096) as unknown as number[])
    return text
  },
  byteLength: (text) => 2 * text.length,
}
const utf8: Encoding = { name: 'utf8', encode: encodeUtf8, decode: (bytes) => decodeUtf8(bytes, false), byteLength: utf8Length }
const latin1: Encoding = { name: 'latin1', encode: encodeLatin1, decode: toBinary, byteLength: (text) => text.length }
const ascii: Encoding = {
  ...latin1,
  name: 'ascii',
  decode: (bytes) => {
    const text = toBinary(bytes)
    return isAscii(text) ? text : text.replace(/[\x80-\xff]/g, (character) => fromCharCode(character.charCodeAt(0) & 0x7f))
  },
}
const base64: Encoding = { name: 'base64', encode: decodeBase64, decode: (bytes) => toBase64.call(bytes), byteLength: base64Length }
const base64url: Encoding = { ...base64, name: 'base64url', decode: (bytes) => toBase64.call(bytes, URL_SAFE) }
const hex: Encoding = {
  name: 'hex',
  encode: (text) => fromHexNative(HEX.exec(text)![0]),
  decode: (bytes) => toHex.call(bytes),
  byteLength: (text) => text.length >>> 1,
}

const ENCODINGS: Readonly<Record<string, Encoding>> = Object.assign(Object.create(null) as object, {
  utf8, 'utf-8': utf8, hex, base64, base64url, latin1, binary: latin1, ascii, utf16le: utf16, 'utf-16le': utf16, ucs2: utf16, 'ucs-2': utf16,
})

/** The encoding of a name in any case, or `undefined`. */
export const findEncoding = (name: unknown): Encoding | undefined =>
  typeof name === 'string' ? (ENCODINGS[name] ?? ENCODINGS[name.toLowerCase()]) : undefined

/** @throws TypeError `ERR_UNKNOWN_ENCODING` */
export function toEncoding(name: unknown): Encoding {
  if (name === undefined || name === null || name === '') return utf8
  const encoding = findEncoding(name)
  if (encoding === undefined) throw nodeError(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${String(name)}`)
  return encoding
}
