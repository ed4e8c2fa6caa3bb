import { type DeflateOptions, Inflate, deflateSync } from 'fflate'
import { nodeError } from '../node/errors.js'
import { adler32 } from './checksums.js'

export type Kind = 'deflate' | 'inflate' | 'gzip' | 'gunzip' | 'deflateRaw' | 'inflateRaw' | 'unzip'

interface Options {
  readonly level?: number | undefined
  readonly dictionary?: Uint8Array | undefined
  readonly maxOutputLength?: number
}
type Crc32 = (bytes: Uint8Array, before?: number) => number

const fault = (code: 'Z_DATA_ERROR' | 'Z_BUF_ERROR' | 'Z_NEED_DICT', message: string): Error =>
  nodeError(Error, code, message, { errno: { Z_DATA_ERROR: -3, Z_BUF_ERROR: -5, Z_NEED_DICT: 2 }[code] })
const cutShort = (): Error => fault('Z_BUF_ERROR', 'unexpected end of file')

/** fflate's codes of what is wrong with a stream. */
const toFault = (error: unknown): unknown => {
  const { code } = error as { readonly code?: unknown }
  if (code === 0) return cutShort()
  if (code === 1) return fault('Z_DATA_ERROR', 'invalid block type')
  if (code === 2) return fault('Z_DATA_ERROR', 'invalid code lengths set')
  if (code === 3) return fault('Z_DATA_ERROR', 'invalid distance too far back')
  return error
}

const deflateOptions = ({ level = -1, dictionary }: Options): DeflateOptions => ({ level: (level < 0 ? 6 : level) as 6, ...(dictionary === undefined ? {} : { dictionary }) })

const bigEndian = (value: number): Uint8Array => new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value])
/** Bytes looked at before the size of what they make is. */
const PIECE = 65_536

const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Bytes of a member's head. RFC 1952, section 2.3. */
const headOf = (bytes: Uint8Array): number => {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw fault('Z_DATA_ERROR', 'incorrect header check')
  if (bytes.length < 10) throw cutShort()
  if (bytes[2] !== 8) throw fault('Z_DATA_ERROR', 'unknown compression method')
  const flags = bytes[3]!
  if ((flags & 0xe0) !== 0) throw fault('Z_DATA_ERROR', 'unknown header flags set')
  let at = 10
  if ((flags & 4) !== 0) at += 2 + bytes[at]! + 256 * bytes[at + 1]!
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue
    const end = bytes.indexOf(0, at)
    if (end < 0) throw cutShort()
    at = end + 1
  }
  if ((flags & 2) !== 0) at += 2
  if (at > bytes.length) throw cutShort()
  return at
}

export type Formats = ReturnType<typeof createFormats>

/** DEFLATE in its wrappings; what does not match its own checksum is refused. */
export function createFormats(crc32: Crc32) {
  const gzipHead = (level = -1): Uint8Array => new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, level === 9 ? 2 : level === 1 ? 4 : 0, 3])
  const zlibHead = ({ level = -1, dictionary }: Options): Uint8Array => {
    const strength = level === -1 || level === 6 ? 2 : level < 2 ? 0 : level < 6 ? 1 : 3
    const head = 0x7800 | (strength << 6) | (dictionary === undefined ? 0 : 0x20)
    const checked = head + 31 - (head % 31)
    const bytes = new Uint8Array([checked >> 8, checked & 255])
    return dictionary === undefined ? bytes : join(bytes, bigEndian(adler32(dictionary)))
  }

  /** The bytes of one DEFLATE stream at the start of `bytes`, and how long it is. */
  const inflate = (bytes: Uint8Array, { dictionary, maxOutputLength = Infinity }: Options): { readonly output: Uint8Array; readonly used: number } => {
    const pieces: Uint8Array[] = []
    let length = 0
    const engine = new Inflate(dictionary === undefined ? {} : { dictionary }, (piece) => {
      length += piece.length
      pieces.push(piece)
    }) as unknown as { push(bytes: Uint8Array, isLast: boolean): void; readonly p: Uint8Array; readonly s: { readonly f?: number; readonly l?: unknown; readonly p?: number } }
    let fed = 0
    do {
      const piece = bytes.subarray(fed, fed + PIECE)
      fed += piece.length
      try {
        engine.push(piece, false)
      } catch (error) {
        throw toFault(error)
      }
      if (length > maxOutputLength) throw nodeError(RangeError, 'ERR_BUFFER_TOO_LARGE', `Cannot create a Buffer larger than ${maxOutputLength} bytes`)
      const { s: state, p: rest } = engine
      if (state.f && !state.l) return { output: pieces.length === 1 ? pieces[0]! : join(...pieces), used: fed - rest.length + Math.ceil((state.p ?? 0) / 8) }
    } while (fed < bytes.length)
    throw cutShort()
  }

  const gunzip = (bytes: Uint8Array, options: Options): Uint8Array => {
    const members: Uint8Array[] = []
    let at = 0
    do {
      const head = headOf(bytes.subarray(at))
      const { output, used } = inflate(bytes.subarray(at + head), options)
      const tail = at + head + used
      if (tail + 8 > bytes.length) throw cutShort()
      const view = new DataView(bytes.buffer, bytes.byteOffset + tail, 8)
      if (view.getUint32(0, true) !== crc32(output)) throw fault('Z_DATA_ERROR', 'incorrect data check')
      if (view.getUint32(4, true) !== output.length >>> 0) throw fault('Z_DATA_ERROR', 'incorrect length check')
      members.push(output)
      at = tail + 8
      // What follows is another member, or nothing that counts.
    } while (at + 1 < bytes.length && bytes[at] === 0x1f && bytes[at + 1] === 0x8b)
    return members.length === 1 ? members[0]! : join(...members)
  }

  const unzlib = (bytes: Uint8Array, options: Options): Uint8Array => {
    if (bytes.length < 2) throw cutShort()
    if ((bytes[0]! * 256 + bytes[1]!) % 31 !== 0) throw fault('Z_DATA_ERROR', 'incorrect header check')
    if ((bytes[0]! & 15) !== 8) throw fault('Z_DATA_ERROR', 'unknown compression method')
    if (bytes[0]! >> 4 > 7) throw fault('Z_DATA_ERROR', 'invalid window size')
    const wantsDictionary = (bytes[1]! & 0x20) !== 0
    if (wantsDictionary && options.dictionary === undefined) throw fault('Z_NEED_DICT', 'Missing dictionary')
    const head = wantsDictionary ? 6 : 2
    if (wantsDictionary && new DataView(bytes.buffer, bytes.byteOffset + 2, 4).getUint32(0) !== adler32(options.dictionary!)) throw fault('Z_DATA_ERROR', 'Bad dictionary')
    const { output, used } = inflate(bytes.subarray(head), wantsDictionary ? options : { ...options, dictionary: undefined })
    if (head + used + 4 > bytes.length) throw cutShort()
    if (new DataView(bytes.buffer, bytes.byteOffset + head + used, 4).getUint32(0) !== adler32(output)) throw fault('Z_DATA_ERROR', 'incorrect data check')
    return output
  }

  const whole = (kind: Kind, bytes: Uint8Array, options: Options): Uint8Array => {
    switch (kind) {
      case 'deflateRaw':
        return deflateSync(bytes, deflateOptions(options))
      case 'deflate':
        return join(zlibHead(options), deflateSync(bytes, deflateOptions(options)), bigEndian(adler32(bytes)))
      case 'gzip':
        return join(gzipHead(options.level), deflateSync(bytes, deflateOptions(options)), bigEndian(crc32(bytes)).reverse(), bigEndian(bytes.length).reverse())
      case 'inflateRaw':
        return inflate(bytes, options).output
      case 'inflate':
        return unzlib(bytes, options)
      case 'gunzip':
        return gunzip(bytes, options)
      default:
        return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes, options) : unzlib(bytes, options)
    }
  }

  return { whole }
}
