import {
  bufferLength, bufferSlice, defineProperty, errorTypes, hasOwn, isInteger, isView, NewAggregateError, NewDate, NewRegExp,
  stringSlice, toBigInt, toObject, typedArrayName, typedBuffer, typedBytes, typedOffset,
} from './builtins.js'
import { malformed } from './message.js'

// Each makes one value out of fields of a message that may be hostile.

export function define(target: object, name: string, value: unknown, enumerable: boolean): void {
  defineProperty(target, name, { __proto__: null, value, enumerable, writable: true, configurable: true } as PropertyDescriptor)
}

export function word(value: unknown): string {
  return typeof value === 'string' ? value : 'Error'
}

export function toDate(time: unknown): Date {
  if (time === null) return new NewDate(NaN)
  if (!isInteger(time) || (time as number) > 8.64e15 || (time as number) < -8.64e15) malformed('a date out of range')
  return new NewDate(time as number)
}

export function toRegExp(source: unknown, flags: unknown): RegExp {
  if (typeof source !== 'string' || typeof flags !== 'string') malformed('a regular expression without a source')
  try {
    return new NewRegExp(source, flags)
  } catch {
    return malformed('a regular expression this side cannot read')
  }
}

export function toError(name: unknown): Error {
  if (name === 'AggregateError') return new NewAggregateError([])
  if (typeof name !== 'string' || !hasOwn(errorTypes, name)) malformed('an error of no kind known here')
  return new errorTypes[name]!()
}

/** The blob's own buffer when it is all of it, else a copy: nothing beside the blob may be reached. */
export function toBuffer(blob: unknown): ArrayBuffer {
  if (!isView(blob) || typedArrayName(blob) !== 'Uint8Array') malformed('a blob that is no Uint8Array')
  const buffer = typedBuffer(blob) as ArrayBuffer
  const length = typedBytes(blob)
  if (length === bufferLength(buffer)) return buffer
  const offset = typedOffset(blob)
  return bufferSlice(buffer, offset, offset + length)
}

export function toBox(value: unknown): object {
  if (value === undefined || typeof value === 'object') malformed('an object wrapper without its primitive')
  return toObject(value) as object
}

export function toInteger(digits: unknown): bigint {
  if (typeof digits !== 'string') malformed('a BigInt without digits')
  const negative = digits[0] === '-'
  const start = negative ? 1 : 0
  if (digits.length === start) malformed('a BigInt without digits')
  for (let i = start; i < digits.length; i++) {
    const digit = digits[i]!
    if (!((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'))) malformed('a BigInt of other digits')
  }
  try {
    return negative ? -toBigInt('0x' + stringSlice(digits, 1)) : toBigInt('0x' + digits)
  } catch {
    return malformed('a BigInt too large for this side')
  }
}
