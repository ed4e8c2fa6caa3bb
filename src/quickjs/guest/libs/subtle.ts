import type { GuestCore } from '../core.js'
import { aes, type Ciphers } from './subtle/aes.js'
import { type Algorithm, normalize, type Operation } from './subtle/algorithms.js'
import { fromJwk, toJwk } from './subtle/jwk.js'
import { CryptoKey, isKey, type KeyAlgorithm, makeKey, secretOf, type Usage, USAGES } from './subtle/key.js'
import { copyBytes, isEqual, problem, toBuffer, toInteger } from './subtle/values.js'
import type { Hash } from './hashes/derive.js'

const CIPHER_USAGES: readonly Usage[] = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']
const MAC_USAGES: readonly Usage[] = ['sign', 'verify']
const DERIVE_USAGES: readonly Usage[] = ['deriveKey', 'deriveBits']
const FORMATS: readonly unknown[] = ['raw', 'raw-secret', 'jwk', 'pkcs8', 'spki']

/**
 * `crypto.subtle` of W3C Web Cryptography, for what needs no public key: digests, HMAC, AES-GCM, AES-CBC, AES-CTR, PBKDF2 and
 * HKDF. Every other algorithm is refused by its name. Work is done when asked for and paid for in fuel.
 */
export default (core: GuestCore) => {
  const ciphers = (): Ciphers => core.lib('ciphers') as unknown as Ciphers
  const hashOf = (name: string): Hash => (core.lib('hashes')['hashes'] as Record<string, Hash>)[name.replace('-', '').toLowerCase()]!
  const randomBytes = (length: number): Uint8Array => core.call('random.fill', length) as Uint8Array
  const mine = {}

  class SubtleCrypto {
    #isReal: true

    constructor(given?: unknown) {
      if (given !== mine) throw new TypeError('Illegal constructor')
      this.#isReal = true
    }

    async digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
      this.#check(arguments.length, 2, 'digest')
      const bytes = copyBytes(data, 'data')
      return toBuffer(hashOf(normalize('digest', algorithm).name)(bytes))
    }

    async encrypt(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
      this.#check(arguments.length, 3, 'encrypt')
      return toBuffer(crypt('encrypt', algorithm, key, data))
    }

    async decrypt(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
      this.#check(arguments.length, 3, 'decrypt')
      return toBuffer(crypt('decrypt', algorithm, key, data))
    }

    async sign(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
      this.#check(arguments.length, 3, 'sign')
      return toBuffer(mac('sign', algorithm, key, data))
    }

    async verify(algorithm: unknown, key: unknown, signature: unknown, data: unknown): Promise<boolean> {
      this.#check(arguments.length, 4, 'verify')
      const given = copyBytes(signature, 'signature')
      return isEqual(mac('verify', algorithm, key, data), given)
    }

    async generateKey(algorithm: unknown, extractable: unknown, usages: unknown): Promise<CryptoKey> {
      this.#check(arguments.length, 3, 'generateKey')
      const { name, ...members } = normalize('generateKey', algorithm)
      const wanted = toUsages(usages, name)
      const length = toLength({ name, ...members }, 'OperationError')
      if (wanted.length === 0) throw problem('SyntaxError', 'generateKey: a secret key needs at least one usage')
      const bytes = cut(randomBytes(Math.ceil(length / 8)), length)
      return makeKey({ algorithm: toKeyAlgorithm({ name, ...members }, length), extractable: Boolean(extractable), usages: wanted, bytes })
    }

    async importKey(format: unknown, data: unknown, algorithm: unknown, extractable: unknown, usages: unknown): Promise<CryptoKey> {
      this.#check(arguments.length, 5, 'importKey')
      const kind = toFormat(format)
      const given = kind === 'jwk' ? toJwkObject(data) : copyBytes(data, 'keyData')
      const wanted = toUsages(usages)
      return importSecret(kind, given, normalize('importKey', algorithm), Boolean(extractable), wanted)
    }

    async exportKey(format: unknown, key: unknown): Promise<ArrayBuffer | object> {
      this.#check(arguments.length, 2, 'exportKey')
      return exportSecret(toFormat(format), toKey(key))
    }

    async deriveBits(algorithm: unknown, key: unknown, length: unknown = null): Promise<ArrayBuffer> {
      this.#check(arguments.length, 2, 'deriveBits')
      const bits = length === null || length === undefined ? null : toInteger(length, 'length', 0xffff_ffff)
      return toBuffer(derive(normalize('deriveBits', algorithm), toUsable(key, 'deriveBits', algorithm, 'deriveBits'), bits))
    }

    async deriveKey(algorithm: unknown, key: unknown, derived: unknown, extractable: unknown, usages: unknown): Promise<CryptoKey> {
      this.#check(arguments.length, 5, 'deriveKey')
      const how = normalize('deriveBits', algorithm)
      const wanted = toUsages(usages)
      const target = normalize('importKey', derived)
      const measured = normalize('get key length', derived)
      const base = toUsable(key, 'deriveBits', algorithm, 'deriveKey')
      const length = measured.name === 'PBKDF2' || measured.name === 'HKDF' ? null : toLength(measured, 'OperationError')
      const made = importSecret('raw', derive(how, base, length), target, Boolean(extractable), wanted)
      if (wanted.length === 0) throw problem('SyntaxError', 'deriveKey: a secret key needs at least one usage')
      return made
    }

    async wrapKey(format: unknown, key: unknown, wrapping: unknown, algorithm: unknown): Promise<ArrayBuffer> {
      this.#check(arguments.length, 4, 'wrapKey')
      const kind = toFormat(format)
      const how = normalize('encrypt', algorithm)
      const by = toUsable(wrapping, 'encrypt', algorithm, 'wrapKey')
      const exported = exportSecret(kind, toKey(key))
      const bytes = kind === 'jwk' ? (new (core.lib('encoding')['TextEncoder'])() as TextEncoder).encode(JSON.stringify(exported)) : new Uint8Array(exported as ArrayBuffer)
      return toBuffer(aes(ciphers(), 'encrypt', how, secretOf(by), bytes))
    }

    async unwrapKey(format: unknown, wrapped: unknown, unwrapping: unknown, algorithm: unknown, target: unknown, extractable: unknown, usages: unknown): Promise<CryptoKey> {
      this.#check(arguments.length, 7, 'unwrapKey')
      const kind = toFormat(format)
      const data = copyBytes(wrapped, 'wrappedKey')
      const wanted = toUsages(usages)
      const how = normalize('decrypt', algorithm)
      const as = normalize('importKey', target)
      const by = toUsable(unwrapping, 'decrypt', algorithm, 'unwrapKey')
      const bytes = aes(ciphers(), 'decrypt', how, secretOf(by), data)
      return importSecret(kind, kind === 'jwk' ? parseJwk(bytes) : bytes, as, Boolean(extractable), wanted)
    }

    #check(given: number, least: number, method: string): void {
      void this.#isReal
      if (given < least) throw new TypeError(`SubtleCrypto.${method}: expected ${least} arguments, got ${given}`)
    }
  }
  for (const name of Object.getOwnPropertyNames(SubtleCrypto.prototype)) {
    if (name !== 'constructor') Object.defineProperty(SubtleCrypto.prototype, name, { enumerable: true })
  }
  Object.defineProperty(SubtleCrypto.prototype.deriveBits, 'length', { value: 2, configurable: true })
  Object.defineProperty(SubtleCrypto.prototype, Symbol.toStringTag, { value: 'SubtleCrypto', configurable: true })
  Object.defineProperty(SubtleCrypto, 'length', { value: 0, configurable: true })

  const parseJwk = (bytes: Uint8Array): object => {
    try {
      return toJwkObject(JSON.parse((new (core.lib('encoding')['TextDecoder'])() as TextDecoder).decode(bytes)))
    } catch {
      throw problem('DataError', 'unwrapKey: what was wrapped is no JSON Web Key')
    }
  }

  const crypt = (direction: 'encrypt' | 'decrypt', algorithm: unknown, key: unknown, data: unknown): Uint8Array => {
    const how = normalize(direction, algorithm)
    const bytes = copyBytes(data, 'data')
    return aes(ciphers(), direction, how, secretOf(toUsable(key, direction, how, direction)), bytes)
  }

  const mac = (operation: 'sign' | 'verify', algorithm: unknown, key: unknown, data: unknown): Uint8Array => {
    const how = normalize(operation, algorithm)
    const bytes = copyBytes(data, 'data')
    const usable = toUsable(key, operation, how, operation)
    return core.lib('hashes')['hmac'](hashOf(usable.algorithm.hash!.name), secretOf(usable), bytes) as Uint8Array
  }

  const derive = (how: Algorithm, key: CryptoKey, bits: number | null): Uint8Array => {
    if (bits === null || bits % 8 !== 0) throw problem('OperationError', `${how.name}: the length must be a multiple of 8`)
    const hash = hashOf(how.hash!.name)
    const length = bits / 8
    const { hkdf, pbkdf2 } = core.lib('hashes')
    if (how.name === 'HKDF') {
      if (length > 255 * hash.outputLen) throw problem('OperationError', `HKDF: ${length} bytes are more than ${255 * hash.outputLen}`)
      return hkdf(hash, secretOf(key), how.salt, how.info, length) as Uint8Array
    }
    if (how.iterations === 0) throw problem('OperationError', 'PBKDF2: "iterations" must be at least 1')
    return pbkdf2(hash, secretOf(key), how.salt, { c: how.iterations, dkLen: length }) as Uint8Array
  }

  return { subtle: new SubtleCrypto(mine), SubtleCrypto, CryptoKey }
}

function importSecret(format: string, data: object, algorithm: Algorithm, extractable: boolean, usages: readonly Usage[]): CryptoKey {
  const { name } = algorithm
  const isDerived = name === 'PBKDF2' || name === 'HKDF'
  const isKnown = format === 'raw' || format === 'raw-secret' || (format === 'jwk' && !isDerived)
  if (!isKnown) throw problem('NotSupportedError', `importKey: "${format}" is no format of ${name}; use "raw"${isDerived ? '' : ' or "jwk"'}`)
  checkUsages(usages, name)
  if (isDerived && extractable) throw problem('SyntaxError', `importKey: keys of ${name} cannot be extractable`)
  const known = { name, ...(algorithm.hash && { hash: algorithm.hash }) }
  let bytes = format === 'jwk' ? fromJwk(data as Record<string, unknown>, { algorithm: known, usages, extractable }) : (data as Uint8Array)
  let length = bytes.length * 8
  if (name === 'HMAC') {
    if (length === 0) throw problem('DataError', 'importKey: a key of HMAC must not be empty')
    if (algorithm.length !== undefined) {
      if (algorithm.length > length || algorithm.length <= length - 8) throw problem('DataError', `importKey: the key has ${length} bits, not ${algorithm.length}`)
      length = algorithm.length
      bytes = cut(bytes, length)
    }
  } else if (!isDerived && ![128, 192, 256].includes(length)) {
    throw problem('DataError', `importKey: a key of ${name} has 128, 192 or 256 bits, not ${length}`)
  }
  if (usages.length === 0) throw problem('SyntaxError', 'importKey: a secret key needs at least one usage')
  return makeKey({ algorithm: isDerived ? { name } : toKeyAlgorithm(algorithm, length), extractable, usages, bytes })
}

function exportSecret(format: string, key: CryptoKey): ArrayBuffer | object {
  const { algorithm, extractable, usages } = key
  normalize('exportKey', algorithm.name)
  if (!extractable) throw problem('InvalidAccessError', 'exportKey: the key is not extractable')
  if (format === 'jwk') return toJwk(algorithm, secretOf(key), usages, extractable)
  if (format === 'raw' || format === 'raw-secret') return toBuffer(secretOf(key).slice())
  throw problem('NotSupportedError', `exportKey: "${format}" is no format of ${algorithm.name}; use "raw" or "jwk"`)
}

function toKey(value: unknown): CryptoKey {
  if (!isKey(value)) throw new TypeError('Expected a CryptoKey')
  return value
}

function toUsable(value: unknown, operation: Operation, algorithm: unknown, usage: Usage): CryptoKey {
  const key = toKey(value)
  const { name } = normalize(operation, algorithm)
  if (key.algorithm.name !== name) throw problem('InvalidAccessError', `${usage}: the key is for ${key.algorithm.name}, not ${name}`)
  if (!key.usages.includes(usage)) throw problem('InvalidAccessError', `${usage}: the key may only be used to ${key.usages.join(', ')}`)
  return key
}

function toFormat(value: unknown): string {
  const format = String(value)
  if (!FORMATS.includes(format)) throw new TypeError(`"${format}" is no format of keys; use "raw" or "jwk"`)
  return format
}

function toJwkObject(value: unknown): object {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    throw new TypeError('A key in the format "jwk" must be an object')
  }
  return value
}

function toUsages(value: unknown, name?: string): Usage[] {
  const list = [...(value as Iterable<unknown>)].map(String)
  for (const usage of list) if (!USAGES.includes(usage as Usage)) throw new TypeError(`"${usage}" is no usage of keys; use ${USAGES.join(', ')}`)
  const usages = USAGES.filter((usage) => list.includes(usage))
  if (name !== undefined) checkUsages(usages, name)
  return usages
}

function checkUsages(usages: readonly Usage[], name: string): void {
  const possible = name === 'HMAC' ? MAC_USAGES : name.startsWith('AES') ? CIPHER_USAGES : DERIVE_USAGES
  const wrong = usages.find((usage) => !possible.includes(usage))
  if (wrong !== undefined) throw problem('SyntaxError', `A key of ${name} cannot ${wrong}; use ${possible.join(', ')}`)
}

/** Bits of a key that is to be made. */
function toLength({ name, length, hash }: Algorithm, error: string): number {
  if (name !== 'HMAC') {
    if (![128, 192, 256].includes(length!)) throw problem(error, `A key of ${name} has 128, 192 or 256 bits, not ${length}`)
    return length!
  }
  if (length === 0) throw problem(error, 'A key of HMAC has at least one bit')
  return length ?? (hash!.name === 'SHA-1' || hash!.name === 'SHA-256' ? 512 : 1024)
}

function toKeyAlgorithm({ name, hash }: Algorithm, length: number): KeyAlgorithm {
  return hash === undefined ? { name, length } : { name, length, hash: { name: hash.name } }
}

/** The first `length` bits. */
function cut(bytes: Uint8Array, length: number): Uint8Array {
  const kept = bytes.slice(0, Math.ceil(length / 8))
  if (length % 8 !== 0) kept[kept.length - 1]! &= 0xff << (8 - (length % 8))
  return kept
}
