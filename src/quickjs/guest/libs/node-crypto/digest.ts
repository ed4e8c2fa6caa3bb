import type { GuestCore } from '../../core.js'
import type { Hash as HashFunction, Hasher } from '../hashes/derive.js'
import { checkString, nodeError } from '../node/errors.js'
import { lazyStream } from '../node/lazy-stream.js'
import { toBuffer, toBytes, toOutput } from './bytes.js'

type Done = (error: unknown, chunk?: unknown) => void

/** The hash of a name as OpenSSL knows it, or `undefined`. */
export function findHash(core: GuestCore, algorithm: string): HashFunction | undefined {
  const name = algorithm.toLowerCase().replace(/^rsa-/, '').replace(/^sha-(?=1|2|3|5)/, 'sha')
  const known = ({ rmd160: 'ripemd160', 'ripemd': 'ripemd160', 'sha512/256': 'sha512-256', 'sha512/224': 'sha512-224', 'ssl3-md5': 'md5', 'ssl3-sha1': 'sha1' } as Record<string, string>)[name] ?? name
  const { hashes } = core.lib('hashes') as { readonly hashes: Readonly<Record<string, HashFunction>> }
  return Object.hasOwn(hashes, known) ? hashes[known] : undefined
}

const finalized = (what: string): Error => nodeError(Error, `ERR_CRYPTO_HASH_${what}`, what === 'FINALIZED' ? 'Digest already called' : 'Digest method not supported')

export function createDigests(core: GuestCore) {
  /** A hash or HMAC under way: `update` and `digest`, and a stream for those that pipe into it. */
  const make = (hasher: Hasher, prototype: object, again: (hasher: Hasher) => object, isHmac: boolean): object => {
    let isOver = false
    const state = {
      update(data: unknown, encoding?: unknown) {
        if (isOver) throw finalized('FINALIZED')
        hasher.update(toBytes(data, 'data', 'data', encoding))
        return this
      },
      digest(encoding?: unknown) {
        if (isOver) {
          if (isHmac) return toOutput(new Uint8Array(0), encoding)
          throw finalized('FINALIZED')
        }
        isOver = true
        return toOutput(hasher.digest(), encoding)
      },
      ...(isHmac ? {} : { copy: () => {
        if (isOver) throw finalized('FINALIZED')
        return again(hasher.clone())
      } }),
    }
    const digest = Object.create(prototype) as object
    for (const [name, value] of Object.entries(state)) Object.defineProperty(digest, name, { value, writable: true, configurable: true })
    return digest
  }
  const streamed = (digest: { update(chunk: unknown, encoding: unknown): unknown; digest(): unknown }): object => ({
    transform: (chunk: unknown, encoding: unknown, done: Done) => {
      digest.update(chunk, encoding)
      done(null)
    },
    flush(done: Done) {
      done(null, digest.digest())
    },
  })

  function Hash(this: unknown, algorithm: unknown): object {
    return createHash(algorithm)
  }
  function Hmac(this: unknown, algorithm: unknown, key: unknown): object {
    return createHmac(algorithm, key)
  }
  for (const type of [Hash, Hmac]) lazyStream(type.prototype as object, 'Transform', streamed)
  const again = (hasher: Hasher): object => make(hasher, Hash.prototype as object, again, false)

  const createHash = (algorithm: unknown, _options?: unknown): object => {
    checkString(algorithm, 'algorithm')
    const hash = findHash(core, algorithm)
    if (hash === undefined) throw new Error(`Digest method not supported`)
    return again(hash.create())
  }
  const createHmac = (algorithm: unknown, key: unknown, _options?: unknown): object => {
    checkString(algorithm, 'hmac')
    const bytes = toBytes(key, 'key', 'key')
    const hash = findHash(core, algorithm)
    if (hash === undefined) throw nodeError(TypeError, 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${algorithm}`)
    return make(core.lib('hashes')['hmac'].create(hash, bytes) as Hasher, Hmac.prototype as object, again, true)
  }

  return {
    Hash,
    Hmac,
    createHash,
    createHmac,
    hash(algorithm: unknown, data: unknown, encoding: unknown = 'hex'): unknown {
      checkString(algorithm, 'algorithm')
      const bytes = toBytes(data, 'input', 'data')
      const hash = findHash(core, algorithm)
      if (hash === undefined) throw new Error(`Digest method ${algorithm} is not supported`)
      const output = toBuffer(hash(bytes))
      return encoding === 'buffer' ? output : output.toString(encoding as string)
    },
    getHashes: () => Object.keys((core.lib('hashes') as { readonly hashes: object }).hashes).sort(),
  }
}
