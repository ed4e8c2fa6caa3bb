import { copyBytes, problem, toInteger } from './values.js'

export type Operation =
  | 'digest' | 'encrypt' | 'decrypt' | 'sign' | 'verify' | 'deriveBits' | 'generateKey' | 'importKey' | 'exportKey' | 'wrapKey' | 'unwrapKey' | 'get key length'

/** An algorithm as an operation takes it: its name as registered, its members read and copied. */
export interface Algorithm {
  readonly name: string
  readonly hash?: { readonly name: string }
  readonly length?: number
  readonly iv?: Uint8Array
  readonly counter?: Uint8Array
  readonly additionalData?: Uint8Array
  readonly tagLength?: number
  readonly salt?: Uint8Array
  readonly info?: Uint8Array
  readonly iterations?: number
}

type Member = (value: unknown) => unknown
/** Members by name, in the order they are read; a name that ends in `?` may be absent. */
type Members = Readonly<Record<string, Member>>

const bytes = (name: string): Member => (value) => copyBytes(value, name)
const whole = (name: string, most: number): Member => (value) => toInteger(value, name, most)
const hash: Member = (value) => ({ name: normalize('digest', value).name })

const HASHES = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']
const NONE: Members = {}
const AES_LENGTH: Members = { length: whole('length', 0xffff) }
const CBC: Members = { iv: bytes('iv') }
const CTR: Members = { counter: bytes('counter'), length: whole('length', 0xff) }
const GCM: Members = { 'additionalData?': bytes('additionalData'), iv: bytes('iv'), 'tagLength?': whole('tagLength', 0xffff) }
const HMAC_LENGTH: Members = { hash, 'length?': whole('length', 0xffff_ffff) }

const cipher = (members: Members): Partial<Record<Operation, Members>> => ({
  encrypt: members, decrypt: members, generateKey: AES_LENGTH, importKey: NONE, exportKey: NONE, 'get key length': AES_LENGTH,
})

/** What each algorithm can do, and the members it takes for it. W3C Web Cryptography, section 18.2.2. */
const ALGORITHMS: Readonly<Record<string, Partial<Record<Operation, Members>>>> = {
  ...Object.fromEntries(HASHES.map((name) => [name, { digest: NONE }])),
  HMAC: { sign: NONE, verify: NONE, generateKey: HMAC_LENGTH, importKey: HMAC_LENGTH, exportKey: NONE, 'get key length': HMAC_LENGTH },
  'AES-GCM': cipher(GCM),
  'AES-CBC': cipher(CBC),
  'AES-CTR': cipher(CTR),
  PBKDF2: {
    deriveBits: { hash, iterations: whole('iterations', 0xffff_ffff), salt: bytes('salt') },
    importKey: NONE, 'get key length': NONE,
  },
  HKDF: { deriveBits: { hash, info: bytes('info'), salt: bytes('salt') }, importKey: NONE, 'get key length': NONE },
}

/** @throws DOMException `NotSupportedError` for an algorithm that cannot do `operation` here */
export function normalize(operation: Operation, given: unknown): Algorithm {
  if (typeof given === 'object' || typeof given === 'function' ? given === null : false) throw new TypeError('An algorithm must be a name or an object with one')
  const isObject = typeof given === 'object' || typeof given === 'function'
  const named: unknown = isObject ? (given as { name?: unknown }).name : given
  if (named === undefined) throw new TypeError('An algorithm must have a name')
  const text = String(named)
  const name = Object.keys(ALGORITHMS).find((known) => known.toLowerCase() === text.toLowerCase())
  const members = name === undefined ? undefined : ALGORITHMS[name]![operation]
  if (name === undefined || members === undefined) throw refused(operation, text)
  const algorithm: Record<string, unknown> = { name }
  for (const key of Object.keys(members)) {
    const member = key.replace('?', '')
    const value = isObject ? (given as Record<string, unknown>)[member] : undefined
    if (value !== undefined) algorithm[member] = members[key]!(value)
    else if (member === key) throw new TypeError(`${name}: "${member}" is missing`)
  }
  return algorithm as unknown as Algorithm
}

function refused(operation: Operation, name: string): Error {
  const able = Object.keys(ALGORITHMS).filter((known) => operation in ALGORITHMS[known]!)
  const remedy = able.length === 0 ? 'nothing here does' : `use ${able.join(', ')}`
  return problem('NotSupportedError', `"${name}" does not do ${operation === 'get key length' ? 'deriveKey' : operation} here; ${remedy}`)
}
