import type { GuestCore } from '../../core.js'
import type { Hash } from '../hashes/derive.js'
import { checkFunction, checkInteger, checkString, nodeError } from '../node/errors.js'
import { toBuffer, toBytes } from './bytes.js'
import { findHash } from './digest.js'

type Done = (error: unknown, key?: unknown) => void

const MOST = 2 ** 31 - 1

/** Keys made of passwords and of other keys; those with a callback do the same work, behind a turn. */
export function createDerive(core: GuestCore) {
  const lib = (): Record<string, any> => core.lib('hashes')
  const digestOf = (digest: unknown): Hash => {
    checkString(digest, 'digest')
    const hash = findHash(core, digest)
    if (hash === undefined) throw nodeError(TypeError, 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${digest}`)
    return hash
  }

  const pbkdf2Of = (args: unknown[]): (() => unknown) => {
    const [password, salt, iterations, length, digest] = args
    checkString(digest, 'digest')
    const [secret, bytes] = [toBytes(password, 'password', 'text'), toBytes(salt, 'salt', 'text')]
    checkInteger(iterations, 'iterations', 1, MOST)
    checkInteger(length, 'keylen', 0, MOST)
    const hash = digestOf(digest)
    return () => toBuffer(lib()['pbkdf2'](hash, secret, bytes, { c: iterations, dkLen: length }) as Uint8Array)
  }
  const hkdfOf = (args: unknown[]): (() => unknown) => {
    const [digest, key, salt, info, length] = args
    checkString(digest, 'digest')
    const [secret, salted, about] = [toBytes(key, 'ikm', 'key'), toBytes(salt, 'salt', 'text'), toBytes(info, 'info', 'text')]
    checkInteger(length, 'length', 0, MOST)
    if (about.length > 1024) throw nodeError(RangeError, 'ERR_OUT_OF_RANGE', `The value of "info" is out of range. It must be must not contain more than 1024 bytes. Received ${about.length}`)
    const hash = digestOf(digest)
    if (length > 255 * hash.outputLen) throw nodeError(RangeError, 'ERR_CRYPTO_INVALID_KEYLEN', 'Invalid key length')
    return () => {
      const made = lib()['hkdf'](hash, secret, salted, about, length) as Uint8Array
      return made.buffer.slice(made.byteOffset, made.byteOffset + made.length)
    }
  }
  const scryptOf = (args: unknown[]): (() => unknown) => {
    const [password, salt, length, options = {}] = args
    const [secret, bytes] = [toBytes(password, 'password', 'text'), toBytes(salt, 'salt', 'text')]
    checkInteger(length, 'keylen', 0, MOST)
    const { N, r, p, cost = N ?? 16384, blockSize = r ?? 8, parallelization = p ?? 1, maxmem = 32 << 20 } = options as Record<string, number | undefined>
    if (cost! < 2 || (cost! & (cost! - 1)) !== 0) throw nodeError(RangeError, 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS', 'Invalid scrypt params')
    if (128 * cost! * blockSize! > maxmem!) throw nodeError(RangeError, 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS', 'Invalid scrypt params: memory limit exceeded')
    return () => toBuffer(lib()['scrypt'](secret, bytes, { N: cost, r: blockSize, p: parallelization, dkLen: length, maxmem: maxmem! + 1024 }) as Uint8Array)
  }

  const both = (name: string, prepare: (args: unknown[]) => () => unknown) => ({
    [`${name}Sync`]: (...args: unknown[]) => prepare(args)(),
    [name]: (...args: unknown[]): void => {
      const done = args.pop()
      checkFunction(done, 'callback')
      const work = prepare(args)
      setImmediate(() => {
        let key: unknown
        try {
          key = work()
        } catch (error) {
          ;(done as Done)(error)
          return
        }
        ;(done as Done)(null, key)
      })
    },
  })
  return { ...both('pbkdf2', pbkdf2Of), ...both('hkdf', hkdfOf), ...both('scrypt', scryptOf) }
}
