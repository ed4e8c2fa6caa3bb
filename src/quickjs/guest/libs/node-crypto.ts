import type { GuestCore } from '../core.js'
import { toBytes } from './node-crypto/bytes.js'
import { createDerive } from './node-crypto/derive.js'
import { createDigests } from './node-crypto/digest.js'
import { createRandom } from './node-crypto/random.js'
import { nodeError } from './node/errors.js'

const WITH_SUBTLE = 'use crypto.subtle, which has AES-GCM, AES-CBC and HMAC'
const REFUSED: Readonly<Record<string, string>> = {
  createCipheriv: WITH_SUBTLE, createDecipheriv: WITH_SUBTLE, createSign: WITH_SUBTLE, createVerify: WITH_SUBTLE, sign: WITH_SUBTLE, verify: WITH_SUBTLE,
  generateKey: WITH_SUBTLE, generateKeySync: WITH_SUBTLE, createSecretKey: WITH_SUBTLE,
}
const NO_PUBLIC_KEYS = 'pass a tool that holds the key to the call, so that the guest never sees it'
for (const name of [
  'generateKeyPair', 'generateKeyPairSync', 'createPrivateKey', 'createPublicKey', 'createDiffieHellman', 'createDiffieHellmanGroup', 'getDiffieHellman', 'createECDH', 'diffieHellman', 'publicEncrypt',
  'publicDecrypt', 'privateEncrypt', 'privateDecrypt', 'generatePrime', 'generatePrimeSync', 'checkPrime', 'checkPrimeSync',
]) (REFUSED as Record<string, string>)[name] = NO_PUBLIC_KEYS

/** Node's `crypto`: hashes, keys of passwords, and the granted randomness. */
export default (core: GuestCore) => {
  const exports: Record<string, unknown> = {
    ...createDigests(core),
    ...createDerive(core),
    ...createRandom(core),
    constants: Object.freeze({}),
    getCiphers: () => [],
    getCurves: () => [],
    getFips: () => 0,
    timingSafeEqual(a: unknown, b: unknown): boolean {
      const [first, second] = [toBytes(a, 'buf1', 'views'), toBytes(b, 'buf2', 'views')]
      if (first.length !== second.length) throw nodeError(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', 'Input buffers must have the same byte length')
      let differs = 0
      for (let i = 0; i < first.length; i++) differs |= first[i]! ^ second[i]!
      return differs === 0
    },
  }
  for (const [name, instead] of Object.entries(REFUSED)) {
    exports[name] = { [name]: (): never => {
      throw nodeError(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `crypto.${name} is not available in a sandbox: ${instead}`)
    } }[name]
  }
  const global = globalThis as Record<string, any>
  for (const [name, get] of [['webcrypto', () => global['crypto'] as unknown], ['subtle', () => (global['crypto'] as { readonly subtle?: unknown } | undefined)?.subtle]] as const) {
    Object.defineProperty(exports, name, { get, enumerable: true, configurable: true })
  }
  return exports
}
