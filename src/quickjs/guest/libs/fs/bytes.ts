import type { GuestCore } from '../../core.js'

const { fromCharCode } = String
const CHUNK = 4096
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const units = (count: number, unit: (index: number) => number): string => {
  let text = ''
  for (let at = 0; at < count; at += CHUNK) {
    const piece: number[] = []
    for (let i = at; i < at + CHUNK && i < count; i++) piece.push(unit(i))
    text += fromCharCode(...piece)
  }
  return text
}

/** UTF-8 to text; each malformed piece becomes U+FFFD, as the Encoding Standard has it. */
export const decodeUtf8 = (bytes: Uint8Array): string => {
  let text = ''
  let piece: number[] = []
  const put = (point: number): void => {
    if (point > 0xffff) piece.push(0xd7c0 + (point >> 10), 0xdc00 | (point & 0x3ff))
    else piece.push(point)
    if (piece.length < CHUNK) return
    text += fromCharCode(...piece)
    piece = []
  }
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i++] as number
    const more = lead < 0x80 ? 0 : lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : -1
    let point = more === 0 ? lead : lead & (0x3f >> more)
    let left = more
    for (; left > 0 && i < bytes.length; left--) {
      const next = bytes[i] as number
      const first = left === more
      const least = first && lead === 0xe0 ? 0xa0 : first && lead === 0xf0 ? 0x90 : 0x80
      const most = first && lead === 0xed ? 0x9f : first && lead === 0xf4 ? 0x8f : 0xbf
      if (next < least || next > most) break
      point = (point << 6) | (next & 0x3f)
      i++
    }
    put(left === 0 ? point : 0xfffd)
  }
  return text + fromCharCode(...piece)
}

/** Text to UTF-8; a lone surrogate becomes U+FFFD. */
export const encodeUtf8 = (text: string): Uint8Array => {
  const bytes: number[] = []
  for (const character of text) {
    let point = character.codePointAt(0) as number
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f))
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f))
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f))
  }
  return Uint8Array.from(bytes)
}

const toHex = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16)
  return text
}

const toBase64 = (bytes: Uint8Array): string => {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i] as number, bytes[i + 1], bytes[i + 2]]
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    text += (BASE64[word >> 18] as string) + BASE64[(word >> 12) & 63] + (b === undefined ? '=' : BASE64[(word >> 6) & 63]) + (c === undefined ? '=' : BASE64[word & 63])
  }
  return text
}

const toUrl = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

const DECODERS: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  'utf8': decodeUtf8,
  'utf-8': decodeUtf8,
  'latin1': (bytes) => units(bytes.length, (i) => bytes[i] as number),
  'binary': (bytes) => units(bytes.length, (i) => bytes[i] as number),
  'ascii': (bytes) => units(bytes.length, (i) => (bytes[i] as number) & 0x7f),
  'utf16le': (bytes) => units(bytes.length >> 1, (i) => (bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8)),
  'hex': toHex,
  'base64': toBase64,
  'base64url': (bytes) => toUrl(toBase64(bytes)),
}

/** What reading answers without an encoding. */
export const toBuffer = (core: Pick<GuestCore, 'lib'>, { buffer, byteOffset, length }: Uint8Array): Uint8Array =>
  core.lib('node-buffer')['Buffer'].from(buffer, byteOffset, length) as Uint8Array

/** Bytes that are read with an encoding: `toString(encoding)` is that of Node's Buffer. */
export class FileBytes extends Uint8Array<ArrayBuffer> {
  override toString(encoding: unknown = 'utf8', start = 0, end = this.length): string {
    const name = `${encoding as string}`.toLowerCase()
    if (!Object.hasOwn(DECODERS, name)) throw Object.assign(new TypeError(`Unknown encoding: ${name}`), { code: 'ERR_UNKNOWN_ENCODING' })
    return (DECODERS[name] as (bytes: Uint8Array) => string)(start === 0 && end >= this.length ? this : this.subarray(start, end))
  }
}

export const toFileBytes = (bytes: unknown): FileBytes => {
  const { buffer, byteOffset, length } = bytes as Uint8Array<ArrayBuffer>
  return new FileBytes(buffer, byteOffset, length)
}
