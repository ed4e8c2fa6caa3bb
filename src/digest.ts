import { _MD5, _SHA1 } from '@noble/hashes/legacy.js'
import { _SHA256, _SHA512 } from '@noble/hashes/sha2.js'
import { GuestVisibleError, type Handler } from '../capabilities/capability.js'

/** Most bytes of blocks of one call, and most iterations: what a host does without a look at fuel takes about a millisecond. */
const MOST_BYTES = 65_536
const MOST_ITERATIONS = 500

/** A hash of the library as it is inside: a state of words, and what takes a block into it. */
interface Compression {
  readonly blockLen: number
  get(): readonly number[]
  set(...words: readonly number[]): void
  process(view: DataView, offset: number): void
}

const COMPRESSIONS: Readonly<Record<string, () => Compression>> = {
  md5: () => new _MD5() as unknown as Compression,
  sha1: () => new _SHA1() as unknown as Compression,
  sha256: () => new _SHA256() as unknown as Compression,
  sha512: () => new _SHA512() as unknown as Compression,
}

/**
 * The inner parts of hashes, for guests that would take a thousand times as long for them. They are functions of their
 * arguments; each is bounded, and what a guest pays for them in fuel is in `src/quickjs/prices.ts`. States are words in
 * big-endian order.
 */
export const digestHandlers: Readonly<Record<string, Handler>> = {
  /** `(algorithm, state, blocks)`: the state after whole blocks. FIPS 180-4, section 6; RFC 1321, section 3.4. */
  'pure.compress': ([algorithm, state, blocks]) => {
    const hash = toCompression(algorithm)
    const data = toBytes(blocks, 'blocks')
    if (data.length % hash.blockLen !== 0) throw malformed('blocks')
    hash.set(...toWords(state, hash.get().length))
    const view = toView(data)
    for (let at = 0; at < data.length; at += hash.blockLen) hash.process(view, at)
    return toState(hash.get())
  },
  /**
   * `(algorithm, inner, outer, previous, iterations)`: the last of so many further HMACs, each of the one before, and then
   * all of them folded into one; shorter outputs are the first words of a state. `inner` and `outer` are the states behind
   * the padded keys. RFC 8018, section 5.2.
   */
  'pure.stretch': ([algorithm, inner, outer, previous, iterations]) => {
    const hash = toCompression(algorithm)
    const first = toWords(inner, hash.get().length)
    const second = toWords(outer, hash.get().length)
    const length = toBytes(previous, 'output').length / 4
    if (!Number.isInteger(length) || length < 1 || length > first.length) throw malformed('output')
    const last = toWords(previous, length)
    if (typeof iterations !== 'number' || !Number.isInteger(iterations) || iterations < 0 || iterations > MOST_ITERATIONS) throw malformed('iterations')
    const folded = Array.from({ length }, () => 0)
    const block = new DataView(new ArrayBuffer(hash.blockLen))
    // A message of one state behind one block: its padding is always the same.
    const isLittle = algorithm === 'md5'
    block.setUint8(length * 4, 0x80)
    block.setUint32(hash.blockLen - (isLittle ? 8 : 4), (hash.blockLen + length * 4) * 8, isLittle)
    for (let i = 0; i < iterations; i++) {
      for (const key of [first, second]) {
        for (let j = 0; j < length; j++) block.setInt32(j * 4, last[j]!, isLittle)
        hash.set(...key)
        hash.process(block, 0)
        const words = hash.get()
        for (let j = 0; j < length; j++) last[j] = words[j]!
      }
      for (let j = 0; j < length; j++) folded[j]! ^= last[j]!
    }
    return toState([...last, ...folded])
  },
}

function toCompression(algorithm: unknown): Compression {
  if (typeof algorithm !== 'string' || !Object.hasOwn(COMPRESSIONS, algorithm)) throw malformed('algorithm')
  return COMPRESSIONS[algorithm]!()
}

function toBytes(value: unknown, name: string): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length > MOST_BYTES) throw malformed(name)
  return value
}

function toWords(value: unknown, length: number): number[] {
  const bytes = toBytes(value, 'state')
  if (bytes.length !== length * 4) throw malformed('state')
  const view = toView(bytes)
  return Array.from({ length }, (_, i) => view.getInt32(i * 4))
}

function toState(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4)
  const view = toView(bytes)
  words.forEach((word, i) => view.setInt32(i * 4, word))
  return bytes
}

function toView({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

function malformed(name: string): GuestVisibleError {
  return new GuestVisibleError('TypeError', 'malformed', `The ${name} of a hash operation is not what it must be`)
}
