import { type MerkleDamgard, toOutput } from './merkle-damgard.js'

/** A hash as code that uses it sees it: of all bytes at once, or piece by piece. */
export interface Hash {
  (data: Uint8Array): Uint8Array
  readonly blockLen: number
  readonly outputLen: number
  create(): Hasher
}

export interface Hasher {
  readonly blockLen: number
  readonly outputLen: number
  update(data: Uint8Array): Hasher
  digest(): Uint8Array
  clone(): Hasher
}

const { min } = Math

/** HMAC as it goes on. RFC 2104. */
export class Hmac implements Hasher {
  readonly blockLen: number
  readonly outputLen: number
  /** The two hashes behind their keys. */
  readonly inner: Hasher
  readonly outer: Hasher

  constructor(hash: Hash | Hmac, key: Uint8Array | { readonly inner: Hasher; readonly outer: Hasher }) {
    this.blockLen = hash.blockLen
    this.outputLen = hash.outputLen
    if (!isBytes(key) || typeof hash !== 'function') {
      const { inner, outer } = key as Hmac
      this.inner = inner.clone()
      this.outer = outer.clone()
      return
    }
    const block = new Uint8Array(hash.blockLen)
    block.set(key.length > hash.blockLen ? hash(key) : key)
    this.inner = hash.create().update(block.map((byte) => byte ^ 0x36))
    this.outer = hash.create().update(block.map((byte) => byte ^ 0x5c))
  }

  update(data: Uint8Array): this {
    this.inner.update(data)
    return this
  }

  digest(): Uint8Array {
    return this.outer.clone().update(this.inner.digest()).digest()
  }

  clone(): Hmac {
    return new Hmac(this, this)
  }
}

/** HKDF. RFC 5869. */
export function hkdf(hash: Hash, key: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const secret = new Hmac(hash, salt).update(key).digest()
  const keyed = new Hmac(hash, secret)
  const output = new Uint8Array(length)
  let block: Uint8Array = new Uint8Array(0)
  for (let at = 0, i = 1; at < length; at += hash.outputLen, i++) {
    block = keyed.clone().update(block).update(info).update(new Uint8Array([i])).digest()
    output.set(block.subarray(0, length - at), at)
  }
  return output
}

/** Runs further iterations of PBKDF2: gives the last block, and the fold of all. */
export type Stretch = (algorithm: string, inner: Uint8Array, outer: Uint8Array, previous: Uint8Array, iterations: number) => Uint8Array

export interface Pbkdf2Options {
  /** Iterations. */
  readonly c: number
  /** Bytes to make. */
  readonly dkLen: number
}

/** Most iterations of one call of a {@link Stretch}. */
const ITERATIONS = 500

/** PBKDF2. RFC 8018, section 5.2. */
export function pbkdf2(stretch: Stretch, hash: Hash, password: Uint8Array, salt: Uint8Array, { c, dkLen }: Pbkdf2Options): Uint8Array {
  const keyed = new Hmac(hash, password)
  const { outputLen } = hash
  const output = new Uint8Array(dkLen)
  const number = new Uint8Array(4)
  for (let at = 0, i = 1; at < dkLen; at += outputLen, i++) {
    new DataView(number.buffer).setUint32(0, i)
    let last: Uint8Array = keyed.clone().update(salt).update(number).digest()
    let folded: Uint8Array = last.slice()
    const { algorithm, isLittle } = keyed.inner as MerkleDamgard
    if (algorithm === undefined) {
      for (let done = 1; done < c; done++) {
        last = keyed.clone().update(last).digest()
        fold(folded, last)
      }
    } else {
      last = toOutput(last, isLittle)
      folded = last.slice()
      for (let done = 1; done < c; done += ITERATIONS) {
        const answer = stretch(algorithm, (keyed.inner as MerkleDamgard).state, (keyed.outer as MerkleDamgard).state, last, min(ITERATIONS, c - done))
        last = answer.slice(0, outputLen)
        fold(folded, answer.subarray(outputLen))
      }
      folded = toOutput(folded, isLittle)
    }
    output.set(folded.subarray(0, dkLen - at), at)
  }
  return output
}

const isBytes = (value: object): value is Uint8Array => ArrayBuffer.isView(value)

function fold(into: Uint8Array, bytes: Uint8Array): void {
  for (let i = 0; i < into.length; i++) into[i]! ^= bytes[i]!
}
