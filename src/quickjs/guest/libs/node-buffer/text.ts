import { decodeUtf8 } from '../encoding/utf8.js'
import { nodeError, received } from '../node/errors.js'

const toView = (input: unknown): Uint8Array => {
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
  if (input instanceof ArrayBuffer) return new Uint8Array(input)
  throw nodeError(TypeError, 'ERR_INVALID_ARG_TYPE', `The "input" argument must be an instance of ArrayBuffer, Buffer, or TypedArray.${received(input)}`)
}

export const isAscii = (input: unknown): boolean => toView(input).every((byte) => byte < 0x80)

export const isUtf8 = (input: unknown): boolean => {
  try {
    decodeUtf8(toView(input), true)
    return true
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ERR_INVALID_ARG_TYPE') throw error
    return false
  }
}
