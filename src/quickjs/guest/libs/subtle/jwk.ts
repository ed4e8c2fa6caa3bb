import type { KeyAlgorithm, Usage } from './key.js'
import { USAGES } from './key.js'
import { fromBase64Url, problem, toBase64Url } from './values.js'

type Jwk = Readonly<Record<string, unknown>>

/** What a symmetric key is called in JSON Web Keys. RFC 7518, sections 3.1 and 5.1. */
function nameOf({ name, hash }: KeyAlgorithm, bytes: Uint8Array): string {
  return name === 'HMAC' ? `HS${hash!.name.slice(4)}` : `A${bytes.length * 8}${name.slice(4)}`
}

export function toJwk(algorithm: KeyAlgorithm, bytes: Uint8Array, usages: readonly Usage[], extractable: boolean): object {
  return { kty: 'oct', k: toBase64Url(bytes), alg: nameOf(algorithm, bytes), key_ops: [...usages], ext: extractable }
}

export interface JwkUse {
  readonly algorithm: KeyAlgorithm
  readonly usages: readonly Usage[]
  readonly extractable: boolean
}

/** @throws DOMException `DataError` for a key that is not what it is imported as */
export function fromJwk(jwk: Jwk, { algorithm, usages, extractable }: JwkUse): Uint8Array {
  const { kty, k, alg, use, key_ops: operations, ext } = jwk
  if (kty !== 'oct') throw invalid(`"kty" is ${show(kty)}: expected "oct"`)
  const bytes = typeof k === 'string' ? fromBase64Url(k) : undefined
  if (bytes === undefined) throw invalid('"k" must be base64url')
  if (algorithm.name !== 'HMAC' && ![16, 24, 32].includes(bytes.length)) throw invalid('"k" must have 16, 24 or 32 bytes')
  const expected = nameOf(algorithm, bytes)
  if (alg !== undefined && alg !== expected) throw invalid(`"alg" is ${show(alg)}: expected "${expected}"`)
  const purpose = algorithm.name === 'HMAC' ? 'sig' : 'enc'
  if (usages.length > 0 && use !== undefined && use !== purpose) throw invalid(`"use" is ${show(use)}: expected "${purpose}"`)
  if (operations !== undefined) {
    if (!Array.isArray(operations)) throw new TypeError('"key_ops" must be a list')
    if (new Set(operations).size !== operations.length) throw invalid('"key_ops" names an operation twice')
    const missing = usages.find((usage) => !operations.includes(usage))
    if (missing !== undefined) throw invalid(`"key_ops" does not hold "${missing}"`)
    if (use !== undefined && operations.some((operation) => USAGES.includes(operation as Usage) && purposeOf(operation as Usage) !== use)) {
      throw invalid('"key_ops" and "use" do not agree')
    }
  }
  if (ext === false && extractable) throw invalid('"ext" is false, so the key cannot be made extractable')
  return bytes
}

const purposeOf = (usage: Usage): string => (usage === 'sign' || usage === 'verify' ? 'sig' : 'enc')
const show = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value) ?? String(value))
const invalid = (message: string): Error => problem('DataError', `The JSON Web Key cannot be used: ${message}`)
