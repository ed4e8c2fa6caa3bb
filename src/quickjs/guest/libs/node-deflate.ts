import type { GuestCore } from '../core.js'
import { createCrc32 } from './node-zlib/checksums.js'
import { createFormats } from './node-zlib/formats.js'

/** DEFLATE and its wrappings for `node:zlib`, apart from it: a program that only imports `zlib` does not make the tables. */
export default (_core: GuestCore) => createFormats(createCrc32())
