import { cbc, ctr, gcm } from '@noble/ciphers/aes.js'
import type { GuestCore } from '../core.js'

/** AES in the modes of `crypto.subtle`; all of it is guest code and paid for in fuel. */
export default (_core: GuestCore) => ({ cbc, ctr, gcm })
