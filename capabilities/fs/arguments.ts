import { GuestVisibleError } from '../capability.js'
import type { OpenFlags } from './dir.js'
import { encodeText, toEncoding } from './encoding.js'

/** Linux's open flags, which guests may combine as numbers. */
export const OPEN_BITS = Object.freeze({
  O_WRONLY: 1, O_RDWR: 2, O_CREAT: 0o100, O_EXCL: 0o200, O_TRUNC: 0o1000, O_APPEND: 0o2000, O_DIRECTORY: 0o200000, O_NOFOLLOW: 0o400000,
})

const FLAGS: Readonly<Record<string, OpenFlags>> = Object.freeze({
  'r': { read: true },
  'r+': { read: true, write: true },
  'w': { write: true, create: true, truncate: true },
  'wx': { write: true, create: true, truncate: true, exclusive: true },
  'w+': { read: true, write: true, create: true, truncate: true },
  'wx+': { read: true, write: true, create: true, truncate: true, exclusive: true },
  'a': { write: true, append: true, create: true },
  'ax': { write: true, append: true, create: true, exclusive: true },
  'a+': { read: true, write: true, append: true, create: true },
  'ax+': { read: true, write: true, append: true, create: true, exclusive: true },
})

const SPELLINGS: Readonly<Record<string, string>> = Object.freeze({
  'rs': 'r', 'sr': 'r', 'rs+': 'r+', 'sr+': 'r+', 'as': 'a', 'sa': 'a', 'as+': 'a+', 'sa+': 'a+',
  'xw': 'wx', 'xw+': 'wx+', 'xa': 'ax', 'xa+': 'ax+',
})

export function invalid(argument: string, expected: string, value: unknown): GuestVisibleError {
  const shown = typeof value === 'string' ? `'${value.slice(0, 40)}'` : value === null ? 'null' : typeof value
  return new GuestVisibleError('TypeError', 'ERR_INVALID_ARG_TYPE', `The "${argument}" argument must be ${expected}. Received ${shown}`)
}

/** A path as a guest spells it. */
export function toPathText(value: unknown, argument = 'path'): string {
  if (typeof value !== 'string') throw invalid(argument, 'of type string', value)
  if (value.includes('\0') || !value.isWellFormed()) {
    throw new GuestVisibleError('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument '${argument}' must be a well-formed string without null bytes`)
  }
  return value
}

export function toFlags(value: unknown, fallback: string): OpenFlags & { readonly directory?: boolean; readonly noFollow?: boolean } {
  if (value === undefined || value === null) return FLAGS[fallback] as OpenFlags
  if (typeof value === 'number' && Number.isInteger(value)) return fromBits(value)
  const key = typeof value === 'string' ? value : ''
  const name = Object.hasOwn(SPELLINGS, key) ? (SPELLINGS[key] as string) : key
  if (Object.hasOwn(FLAGS, name)) return FLAGS[name] as OpenFlags
  throw new GuestVisibleError('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'flags' is invalid. Received '${String(value).slice(0, 40)}'`)
}

function fromBits(bits: number): OpenFlags & { readonly directory?: boolean; readonly noFollow?: boolean } {
  const has = (bit: number): boolean => (bits & bit) !== 0
  const write = has(OPEN_BITS.O_WRONLY) || has(OPEN_BITS.O_RDWR)
  return {
    read: !has(OPEN_BITS.O_WRONLY),
    write,
    append: write && has(OPEN_BITS.O_APPEND),
    create: has(OPEN_BITS.O_CREAT),
    exclusive: has(OPEN_BITS.O_EXCL),
    truncate: write && has(OPEN_BITS.O_TRUNC),
    directory: has(OPEN_BITS.O_DIRECTORY),
    noFollow: has(OPEN_BITS.O_NOFOLLOW),
  }
}

/** Contents to write: bytes, or text in an encoding. */
export function toBytes(value: unknown, encoding: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string') return encodeText(value, toEncoding(encoding ?? 'utf8'))
  throw invalid('data', 'of type string or an instance of Uint8Array', value)
}

/** A whole number a guest names as length, size or offset. */
export function toCount(value: unknown, argument: string): number {
  if (typeof value !== 'number') throw invalid(argument, 'of type number', value)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new GuestVisibleError('RangeError', 'ERR_OUT_OF_RANGE', `The value of "${argument}" is out of range. It must be a whole number >= 0. Received ${value}`)
}

/** A time in milliseconds since the epoch. */
export function toTime(value: unknown, argument: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= 8.64e15) return value
  throw invalid(argument, 'a time', value)
}

/** One field of a guest's options object; `undefined` when there is no object or no such own field. */
export function option(options: unknown, key: string): unknown {
  if (options === null || typeof options !== 'object' || !Object.hasOwn(options, key)) return undefined
  return (options as Record<string, unknown>)[key]
}
