import { Inflate } from 'fflate'
import { adler32, crc32 } from './checksums.js'

export type Format = 'gzip' | 'deflate' | 'deflate-raw'

/** What the library keeps of a stream: whether its last block is there, the table it reads by, and where in the rest it is, in bits. */
interface Internals {
  readonly s: { readonly f?: number; readonly l?: unknown; readonly p?: number }
  readonly p: Uint8Array
}

/** Bytes behind the deflated data. */
const TRAILERS: Readonly<Record<Format, number>> = { gzip: 8, deflate: 4, 'deflate-raw': 0 }

/**
 * One compressed stream: RFC 1951 in the frames of RFC 1950 and 1952, with their checksums. Data behind its end is an error.
 * @throws TypeError for data that is none of its format
 */
export class Decompressor {
  readonly #format: Format
  readonly #inflate: Inflate
  #part: 'header' | 'data' | 'trailer' = 'header'
  #rest: Uint8Array = new Uint8Array(0)
  #ready: Uint8Array[] = []
  #checksum: number
  #length = 0

  constructor(format: Format) {
    this.#format = format
    this.#checksum = format === 'gzip' ? 0 : 1
    this.#inflate = new Inflate((piece: Uint8Array) => {
      if (piece.length === 0) return
      this.#ready.push(piece)
      this.#length = (this.#length + piece.length) >>> 0
      if (format === 'gzip') this.#checksum = crc32(piece, this.#checksum)
      else if (format === 'deflate') this.#checksum = adler32(piece, this.#checksum)
    })
  }

  push(piece: Uint8Array): Uint8Array[] {
    let input = this.#rest.length === 0 ? piece : join(this.#rest, piece)
    this.#rest = input
    if (this.#part === 'header') {
      const size = headerSize(this.#format, input)
      if (size === undefined) return []
      input = input.subarray(size)
      this.#part = 'data'
    }
    if (this.#part === 'data') input = this.#data(input)
    if (this.#part === 'trailer') {
      if (input.length > TRAILERS[this.#format]) throw invalid('there is data behind its end')
      if (input.length === TRAILERS[this.#format]) this.#check(input)
    }
    this.#rest = input.slice()
    const out = this.#ready
    this.#ready = []
    return out
  }

  end(): Uint8Array[] {
    if (this.#part !== 'trailer' || this.#rest.length < TRAILERS[this.#format]) throw invalid('it ends too early')
    return []
  }

  #data(input: Uint8Array): Uint8Array {
    try {
      this.#inflate.push(input.slice())
    } catch (error) {
      throw invalid((error as Error).message)
    }
    const { s, p } = this.#inflate as unknown as Internals
    if (!s.f || s.l) return new Uint8Array(0)
    this.#part = 'trailer'
    return p.subarray(((s.p ?? 0) + 7) >> 3)
  }

  #check(trailer: Uint8Array): void {
    const view = new DataView(trailer.buffer, trailer.byteOffset, trailer.byteLength)
    const isGzip = this.#format === 'gzip'
    if (this.#format !== 'deflate-raw' && view.getUint32(0, isGzip) !== this.#checksum) throw invalid('its checksum is wrong')
    if (isGzip && view.getUint32(4, true) !== this.#length) throw invalid('its length is wrong')
  }
}

/** Bytes of the header, or `undefined` while it is not whole. */
function headerSize(format: Format, bytes: Uint8Array): number | undefined {
  if (format === 'deflate-raw') return 0
  if (format === 'deflate') {
    if (bytes.length > 0 && ((bytes[0]! & 15) !== 8 || bytes[0]! >> 4 > 7)) throw invalid('its header is none of zlib')
    if (bytes.length < 2) return undefined
    if (((bytes[0]! << 8) | bytes[1]!) % 31 !== 0 || (bytes[1]! & 32) !== 0) throw invalid('its header is none of zlib')
    return 2
  }
  for (const [at, byte] of [0x1f, 0x8b, 8].entries()) if (at < bytes.length && bytes[at] !== byte) throw invalid('its header is none of gzip')
  if (bytes.length < 10) return undefined
  const flags = bytes[3]!
  if ((flags & 0xe0) !== 0) throw invalid('its header has flags that mean nothing')
  let at = 10
  if (flags & 4) {
    if (bytes.length < at + 2) return undefined
    at += 2 + (bytes[at]! | (bytes[at + 1]! << 8))
  }
  // A name and a comment, each up to a zero.
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue
    const zero = bytes.indexOf(0, at)
    if (zero < 0) return undefined
    at = zero + 1
  }
  if (flags & 2) at += 2
  return at > bytes.length ? undefined : at
}

const invalid = (reason: string): TypeError => new TypeError(`The compressed data was not valid: ${reason}`)

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}
