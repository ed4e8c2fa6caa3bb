import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js'
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { scrypt } from '@noble/hashes/scrypt.js'
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js'
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js'
import type { GuestCore } from '../core.js'

/** Hash functions and what is made of them, for `crypto.subtle` and `node:crypto`; all of it is paid for in fuel. */
export default (_core: GuestCore) => ({
  hkdf,
  hmac,
  pbkdf2,
  scrypt,
  hashes: {
    md5, ripemd160, sha1, sha224, sha256, sha384, sha512,
    'sha512-224': sha512_224, 'sha512-256': sha512_256,
    'sha3-224': sha3_224, 'sha3-256': sha3_256, 'sha3-384': sha3_384, 'sha3-512': sha3_512,
  },
})
