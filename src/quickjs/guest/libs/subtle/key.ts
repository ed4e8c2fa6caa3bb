export type Usage = 'encrypt' | 'decrypt' | 'sign' | 'verify' | 'deriveKey' | 'deriveBits' | 'wrapKey' | 'unwrapKey'

/** In the order in which a key lists them. */
export const USAGES: readonly Usage[] = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey']

export interface KeyAlgorithm {
  readonly name: string
  readonly length?: number
  readonly hash?: { readonly name: string }
}

export interface KeyInit {
  readonly algorithm: KeyAlgorithm
  readonly extractable: boolean
  readonly usages: readonly Usage[]
  readonly bytes: Uint8Array
}

const MINE = {}

/** The bytes of a key, which nothing but this library sees. */
export let secretOf: (key: CryptoKey) => Uint8Array
export let isKey: (value: unknown) => value is CryptoKey

/** A secret key. W3C Web Cryptography, section 13. */
export class CryptoKey {
  readonly #bytes: Uint8Array
  readonly #algorithm: KeyAlgorithm
  readonly #extractable: boolean
  readonly #usages: readonly Usage[]

  constructor(mine?: unknown, init?: KeyInit) {
    if (mine !== MINE) throw new TypeError('Illegal constructor')
    this.#bytes = init!.bytes
    this.#algorithm = init!.algorithm
    this.#extractable = init!.extractable
    this.#usages = USAGES.filter((usage) => init!.usages.includes(usage))
  }

  static {
    secretOf = (key) => key.#bytes
    isKey = (value): value is CryptoKey => typeof value === 'object' && value !== null && #bytes in value
  }

  get type(): string {
    void this.#bytes
    return 'secret'
  }

  get extractable(): boolean {
    return this.#extractable
  }

  get algorithm(): KeyAlgorithm {
    return this.#algorithm
  }

  get usages(): readonly Usage[] {
    return this.#usages
  }
}
for (const name of ['type', 'extractable', 'algorithm', 'usages']) Object.defineProperty(CryptoKey.prototype, name, { enumerable: true })
Object.defineProperty(CryptoKey.prototype, Symbol.toStringTag, { value: 'CryptoKey', configurable: true })
Object.defineProperty(CryptoKey, 'length', { value: 0, configurable: true })

export const makeKey = (init: KeyInit): CryptoKey => new CryptoKey(MINE, init)
