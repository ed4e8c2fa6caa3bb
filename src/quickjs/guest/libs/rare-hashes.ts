import { ripemd160 } from '@noble/hashes/legacy.js'
import { scrypt } from '@noble/hashes/scrypt.js'
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js'
import type { GuestCore } from '../core.js'

/** Hashes that few programs use; all of it is guest code and paid for in fuel. */
export default (_core: GuestCore) => ({
  scrypt,
  hashes: { ripemd160, 'sha3-224': sha3_224, 'sha3-256': sha3_256, 'sha3-384': sha3_384, 'sha3-512': sha3_512 },
})
