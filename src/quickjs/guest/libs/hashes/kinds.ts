import type { HashKind } from './merkle-damgard.js'

const narrow = (algorithm: string, outputLen: number, initial: string): HashKind => ({
  algorithm, outputLen, initial, blockLen: 64, lengthLen: 8, isLittle: algorithm === 'md5',
})
const wide = (outputLen: number, initial: string): HashKind => ({
  algorithm: 'sha512', outputLen, initial, blockLen: 128, lengthLen: 16, isLittle: false,
})

/** Parameters and initial states. RFC 1321, section 3.3; FIPS 180-4, section 5.3. */
export const HASH_KINDS: Readonly<Record<string, HashKind>> = {
  md5: narrow('md5', 16, '67452301efcdab8998badcfe10325476'),
  sha1: narrow('sha1', 20, '67452301efcdab8998badcfe10325476c3d2e1f0'),
  sha224: narrow('sha256', 28, 'c1059ed8367cd5073070dd17f70e5939ffc00b316858151164f98fa7befa4fa4'),
  sha256: narrow('sha256', 32, '6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19'),
  sha384: wide(48, 'cbbb9d5dc1059ed8629a292a367cd5079159015a3070dd17152fecd8f70e593967332667ffc00b318eb44a8768581511db0c2e0d64f98fa747b5481dbefa4fa4'),
  sha512: wide(64, '6a09e667f3bcc908bb67ae8584caa73b3c6ef372fe94f82ba54ff53a5f1d36f1510e527fade682d19b05688c2b3e6c1f1f83d9abfb41bd6b5be0cd19137e2179'),
  'sha512-224': wide(28, '8c3d37c819544da273e1996689dcd4d61dfab7ae32ff9c82679dd514582f9fcf0f6d2b697bd44da877e36f7304c489423f9d85a86a1d36c81112e6ad91d692a1'),
  'sha512-256': wide(32, '22312194fc2bf72c9f555fa3c84c64c22393b86b6f53b151963877195940eabd96283ee2a88effe3be5e1e25538639922b0199fc2c85b8aa0eb72ddc81c52ca2'),
}
