import type { GuestCore } from '../core.js'
import { type Hash, type Hasher, Hmac, hkdf, pbkdf2, type Pbkdf2Options } from './hashes/derive.js'
import { HASH_KINDS } from './hashes/kinds.js'
import { MerkleDamgard } from './hashes/merkle-damgard.js'

/**
 * Hash functions and what is made of them, for `crypto.subtle` and `node:crypto`. The inner loops are done by the host and
 * paid for in fuel; SHA-3, RIPEMD-160 and scrypt, which few programs use, are in a library of their own, all guest code.
 */
export default (core: GuestCore) => {
  const compress = (algorithm: string, state: Uint8Array, blocks: Uint8Array): Uint8Array =>
    core.call('pure.compress', algorithm, state, blocks) as Uint8Array
  const stretch = (algorithm: string, inner: Uint8Array, outer: Uint8Array, previous: Uint8Array, iterations: number): Uint8Array =>
    core.call('pure.stretch', algorithm, inner, outer, previous, iterations) as Uint8Array

  const hashes: Record<string, Hash> = {}
  for (const name of Object.keys(HASH_KINDS)) {
    const kind = HASH_KINDS[name]!
    const create = (): Hasher => new MerkleDamgard(kind, compress)
    hashes[name] = Object.assign((data: Uint8Array) => create().update(data).digest(), { create, blockLen: kind.blockLen, outputLen: kind.outputLen })
  }
  for (const name of ['ripemd160', 'sha3-224', 'sha3-256', 'sha3-384', 'sha3-512']) {
    Object.defineProperty(hashes, name, { get: () => core.lib('rare-hashes').hashes[name], enumerable: true })
  }

  return {
    hashes,
    hmac: Object.assign((hash: Hash, key: Uint8Array, data: Uint8Array) => new Hmac(hash, key).update(data).digest(), {
      create: (hash: Hash, key: Uint8Array): Hmac => new Hmac(hash, key),
    }),
    hkdf,
    pbkdf2: (hash: Hash, password: Uint8Array, salt: Uint8Array, options: Pbkdf2Options) => pbkdf2(stretch, hash, password, salt, options),
    get scrypt() {
      return core.lib('rare-hashes').scrypt
    },
  }
}
