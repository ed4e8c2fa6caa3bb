import type { GuestCore } from '../core.js'

/** Longest stretch of one call (W3C Web Cryptography, section 10.1.1). */
const MOST_BYTES = 65_536
const INTEGERS: ReadonlySet<string> = new Set([
  'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'BigInt64Array', 'BigUint64Array',
])

/**
 * `crypto` of W3C Web Cryptography. Its bytes are those of the granted randomness: with no grant they are the same in every
 * call. What `crypto.subtle` is made of is a library of its own.
 */
export default (core: GuestCore) => {
  const Problem = DOMException
  const kindOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag)!.get!
  const fill = (length: number): Uint8Array => core.call('random.fill', length) as Uint8Array
  const HEX = Array.from({ length: 256 }, (_, byte) => (byte + 256).toString(16).slice(1))
  const key = {}

  class Crypto {
    #isReal: true

    constructor(given?: unknown) {
      if (given !== key) throw new TypeError('Illegal constructor')
      this.#isReal = true
    }

    get subtle(): object {
      void this.#isReal
      return core.lib('subtle')['subtle'] as object
    }

    getRandomValues<T extends ArrayBufferView>(array: T): T {
      void this.#isReal
      if (!ArrayBuffer.isView(array)) throw new TypeError('getRandomValues: expected a typed array of integers')
      const kind = kindOf.call(array) as string | undefined
      if (kind === undefined || !INTEGERS.has(kind)) {
        throw new Problem(`getRandomValues: expected a typed array of integers, got a ${kind ?? 'DataView'}`, 'TypeMismatchError')
      }
      const { buffer, byteOffset, byteLength } = array
      if (byteLength > MOST_BYTES) {
        throw new Problem(`getRandomValues: ${byteLength} bytes are more than ${MOST_BYTES}; fill the array in pieces`, 'QuotaExceededError')
      }
      if (byteLength > 0) new Uint8Array(buffer, byteOffset, byteLength).set(fill(byteLength))
      return array
    }

    randomUUID(): string {
      void this.#isReal
      const bytes = fill(16)
      bytes[6] = (bytes[6]! & 0x0f) | 0x40
      bytes[8] = (bytes[8]! & 0x3f) | 0x80
      let text = ''
      for (let i = 0; i < 16; i++) text += (i === 4 || i === 6 || i === 8 || i === 10 ? '-' : '') + HEX[bytes[i]!]
      return text
    }
  }
  for (const name of ['subtle', 'getRandomValues', 'randomUUID']) Object.defineProperty(Crypto.prototype, name, { enumerable: true })
  Object.defineProperty(Crypto.prototype, Symbol.toStringTag, { value: 'Crypto', configurable: true })
  Object.defineProperty(Crypto, 'length', { value: 0, configurable: true })

  return {
    Crypto,
    crypto: new Crypto(key),
    get SubtleCrypto(): unknown {
      return core.lib('subtle')['SubtleCrypto']
    },
    get CryptoKey(): unknown {
      return core.lib('subtle')['CryptoKey']
    },
  }
}
