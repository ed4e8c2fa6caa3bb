import type { Algorithm } from './algorithms.js'
import { isEqual, problem } from './values.js'

interface Cipher {
  encrypt(data: Uint8Array): Uint8Array
  decrypt(data: Uint8Array): Uint8Array
}

/** What the library of ciphers has. */
export interface Ciphers {
  readonly cbc: (key: Uint8Array, iv: Uint8Array) => Cipher
  readonly ctr: (key: Uint8Array, counter: Uint8Array) => Cipher
  readonly gcm: (key: Uint8Array, iv: Uint8Array, additionalData?: Uint8Array) => Cipher
}

type Direction = 'encrypt' | 'decrypt'

const TAG_LENGTHS = [32, 64, 96, 104, 112, 120, 128]

export function aes(ciphers: Ciphers, direction: Direction, algorithm: Algorithm, key: Uint8Array, data: Uint8Array): Uint8Array {
  switch (algorithm.name) {
    case 'AES-CBC':
      if (algorithm.iv!.length !== 16) throw failed('"iv" must have 16 bytes')
      return attempt(() => ciphers.cbc(key, algorithm.iv!)[direction](data))
    case 'AES-CTR':
      return counted(ciphers, algorithm, key, data)
    default:
      return galois(ciphers, direction, algorithm, key, data)
  }
}

/** Only the last `length` bits of the counter count, and no value of them may be used twice. */
function counted({ ctr }: Ciphers, { counter, length }: Algorithm, key: Uint8Array, data: Uint8Array): Uint8Array {
  if (counter!.length !== 16) throw failed('"counter" must have 16 bytes')
  if (length! < 1 || length! > 128) throw failed('"length" must be from 1 to 128')
  const blocks = BigInt(Math.ceil(data.length / 16))
  const values = 1n << BigInt(length!)
  if (blocks > values) throw failed(`the data is longer than a counter of ${length} bits can count`)
  const start = toNumber(counter!)
  const left = values - (start % values)
  if (blocks <= left) return ctr(key, counter!).encrypt(data)
  const cut = Number(left) * 16
  const output = new Uint8Array(data.length)
  output.set(ctr(key, counter!).encrypt(data.slice(0, cut)))
  output.set(ctr(key, toCounter(start - (start % values))).encrypt(data.slice(cut)), cut)
  return output
}

function galois({ gcm }: Ciphers, direction: Direction, { iv, additionalData, tagLength = 128 }: Algorithm, key: Uint8Array, data: Uint8Array): Uint8Array {
  if (!TAG_LENGTHS.includes(tagLength)) throw failed(`"tagLength" is ${tagLength}: expected one of ${TAG_LENGTHS.join(', ')}`)
  if (iv!.length < 8) throw failed('"iv" must have at least 8 bytes; use 12')
  const make = (): Cipher => gcm(key, iv!, additionalData)
  const size = tagLength / 8
  if (direction === 'encrypt') return attempt(() => make().encrypt(data)).slice(0, data.length + size)
  if (data.length < size) throw failed('the data is shorter than its tag')
  if (size === 16) return attempt(() => make().decrypt(data))
  // A short tag is the beginning of a long one: what was encrypted is found first, and encrypted again for its tag.
  const plain = make().encrypt(data.slice(0, data.length - size)).slice(0, data.length - size)
  if (!isEqual(make().encrypt(plain).slice(0, data.length), data)) throw failed('the data was changed, or the key is another')
  return plain
}

function attempt(act: () => Uint8Array): Uint8Array {
  try {
    return act()
  } catch {
    throw failed('the data was changed, or the key is another')
  }
}

const failed = (message: string): Error => problem('OperationError', `AES: ${message}`)

function toNumber(bytes: Uint8Array): bigint {
  let number = 0n
  for (const byte of bytes) number = (number << 8n) | BigInt(byte)
  return number
}

function toCounter(number: bigint): Uint8Array {
  const bytes = new Uint8Array(16)
  for (let i = 15; i >= 0; i--, number >>= 8n) bytes[i] = Number(number & 255n)
  return bytes
}
