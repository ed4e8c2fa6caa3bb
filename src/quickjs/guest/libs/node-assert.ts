import type { GuestCore } from '../core.js'
import { createAssert } from './node-assert/assert.js'

/** Node's `assert`: the module is a function with the others on it, `strict` one whose plain names are the strict ones. */
export default (core: GuestCore) => createAssert(core)
