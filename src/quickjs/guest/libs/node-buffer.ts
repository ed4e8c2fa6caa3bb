import type { GuestCore } from '../core.js'
import { createBuffer } from './node-buffer/buffer.js'
import { findEncoding, toEncoding } from './node-buffer/encodings.js'
import { isAscii, isUtf8 } from './node-buffer/text.js'
import { invalidType, nodeError } from './node/errors.js'

/** Characters of the longest string, which is what QuickJS can hold. */
const MAX_STRING = 2 ** 30 - 1
const MAX_BYTES = 2 ** 31 - 1

/** Node's `buffer`. */
export default (core: GuestCore) => {
  const Buffer = createBuffer(core)
  const global = globalThis as Record<string, unknown>
  const exports = {
    Buffer,
    SlowBuffer: Object.assign((size: number) => Buffer['allocUnsafeSlow'](size) as unknown, { prototype: Buffer.prototype as object }),
    INSPECT_MAX_BYTES: 50,
    kMaxLength: MAX_BYTES,
    kStringMaxLength: MAX_STRING,
    constants: Object.freeze({ MAX_LENGTH: MAX_BYTES, MAX_STRING_LENGTH: MAX_STRING }),
    atob: global['atob'],
    btoa: global['btoa'],
    isAscii,
    isUtf8,
    transcode(source: unknown, from: string, to: string): unknown {
      if (!(source instanceof Uint8Array)) throw invalidType('source', 'an instance of Buffer or Uint8Array', source)
      const [decoder, encoder] = [findEncoding(from), findEncoding(to)]
      if (decoder === undefined || encoder === undefined || /hex|base64/.test(decoder.name + encoder.name)) {
        throw nodeError(Error, 'U_ILLEGAL_ARGUMENT_ERROR', 'Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]', { errno: 1 })
      }
      const text = decoder.decode(source)
      const fits = encoder.name === 'ascii' ? /[^\0-\x7f]/gu : encoder.name === 'latin1' ? /[^\0-\xff]/gu : undefined
      return Buffer['from'](fits === undefined ? text : text.replace(fits, '?'), toEncoding(to).name)
    },
    resolveObjectURL: (): undefined => undefined,
  }
  // Classes of the web, made when first asked for.
  for (const name of ['Blob', 'File']) {
    if (name in global) Object.defineProperty(exports, name, { get: () => global[name], enumerable: true, configurable: true })
  }
  return exports
}
