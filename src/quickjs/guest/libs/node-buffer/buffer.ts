import type { GuestCore } from '../../core.js'
import { checkInteger, checkNumber, invalidType, nodeError, outOfRange, received } from '../node/errors.js'
import { type Encoding, findEncoding, toEncoding } from './encodings.js'
import { fillWith, toFill } from './fill.js'
import { numberMethods } from './numbers.js'
import { compareBytes, indexOfBytes, lastIndexOfBytes } from './search.js'

/** The function `Buffer` with its statics; its instances are Uint8Arrays. */
export type BufferFunction = ((value: unknown, ...rest: unknown[]) => Uint8Array<ArrayBuffer>) & Record<string, any>

const MOST_BYTES = Number.MAX_SAFE_INTEGER
const INSPECT = Symbol.for('nodejs.util.inspect.custom')
const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array
const isSource = (value: unknown): value is ArrayBuffer =>
  value instanceof ArrayBuffer || (typeof SharedArrayBuffer === 'function' && value instanceof SharedArrayBuffer)

/** An index as the methods of strings take it: anything, brought into `0..length`. */
const clamp = (value: unknown, length: number, fallback: number): number => {
  if (value === undefined) return fallback
  const number = Math.trunc(Number(value)) || 0
  return number < 0 ? 0 : Math.min(number, length)
}

const checkBytes = (value: unknown, name: string): Uint8Array => {
  if (!isBytes(value)) throw invalidType(name, 'an instance of Buffer or Uint8Array', value)
  return value
}

/** @see https://nodejs.org/docs/latest-v24.x/api/buffer.html */
export function createBuffer(core: GuestCore): BufferFunction {
  class FastBuffer extends Uint8Array<ArrayBuffer> {}
  const wrap = (bytes: Uint8Array): FastBuffer => new FastBuffer(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length)
  const ofSize = (size: number): FastBuffer => new FastBuffer(size as never)
  const ofText = (text: string, encoding: Encoding): FastBuffer => wrap(encoding.encode(text))
  const checkSize = (size: unknown): number => {
    checkNumber(size, 'size')
    if (!(size >= 0 && size <= MOST_BYTES)) throw outOfRange('size', `>= 0 && <= ${MOST_BYTES}`, size)
    return size
  }

  const from = (value: unknown, encodingOrOffset?: unknown, length?: unknown): FastBuffer => {
    if (typeof value === 'string') return ofText(value, toEncoding(encodingOrOffset))
    if (typeof value === 'object' && value !== null) {
      if (isSource(value)) {
        const offset = encodingOrOffset === undefined ? 0 : Number(encodingOrOffset) || 0
        const room = value.byteLength - offset
        if (room < 0) throw nodeError(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', '"offset" is outside of buffer bounds')
        const size = length === undefined ? room : Math.max(0, Number(length) || 0)
        if (size > room) throw nodeError(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', '"length" is outside of buffer bounds')
        return new FastBuffer(value, offset, size)
      }
      const inner: unknown = (value as { valueOf?: () => unknown }).valueOf?.()
      if (inner !== null && inner !== undefined && inner !== value && (typeof inner === 'string' || typeof inner === 'object')) return from(inner, encodingOrOffset, length)
      if (typeof (value as ArrayLike<unknown>).length === 'number' || isSource((value as { readonly buffer?: unknown }).buffer)) {
        return 'length' in value ? FastBuffer.from(value as ArrayLike<number>) as FastBuffer : ofSize(0)
      }
      const { type, data } = value as { readonly type?: unknown; readonly data?: unknown }
      if (type === 'Buffer' && Array.isArray(data)) return FastBuffer.from(data as number[]) as FastBuffer
      const primitive = (value as Record<symbol, unknown>)[Symbol.toPrimitive]
      if (typeof primitive === 'function') {
        const made: unknown = primitive.call(value, 'string')
        if (typeof made === 'string') return ofText(made, toEncoding(encodingOrOffset))
      }
    }
    throw nodeError(TypeError, 'ERR_INVALID_ARG_TYPE', `The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object.${received(value)}`)
  }

  const alloc = (size: unknown, fill?: unknown, encoding?: unknown): FastBuffer => {
    const bytes = ofSize(checkSize(size))
    if (fill !== undefined && fill !== 0 && bytes.length > 0) fillWith(bytes, toFill(fill, encoding), 0, bytes.length)
    return bytes
  }
  const allocUnsafe = (size: unknown): FastBuffer => ofSize(checkSize(size))

  const Buffer = function Buffer(value: unknown, encodingOrOffset?: unknown, length?: unknown): FastBuffer {
    if (typeof value !== 'number') return from(value, encodingOrOffset, length)
    if (typeof encodingOrOffset === 'string') throw invalidType('string', 'of type string', value)
    return alloc(value)
  } as unknown as BufferFunction
  Object.setPrototypeOf(Buffer, Uint8Array)
  Object.defineProperty(Buffer, 'prototype', { value: FastBuffer.prototype, writable: false })
  Object.defineProperty(Buffer, 'name', { value: 'Buffer', configurable: true })
  Object.defineProperty(Buffer, Symbol.species, { get: () => FastBuffer, configurable: true })

  const statics = {
    poolSize: 8192,
    from,
    of: (...items: number[]) => FastBuffer.from(items),
    alloc,
    allocUnsafe,
    allocUnsafeSlow: allocUnsafe,
    isBuffer: (value: unknown): boolean => value instanceof FastBuffer,
    isEncoding: (name: unknown): boolean => typeof name === 'string' && name !== '' && findEncoding(name) !== undefined,
    byteLength(value: unknown, encoding?: unknown): number {
      if (typeof value === 'string') return (findEncoding(encoding) ?? toEncoding('utf8')).byteLength(value)
      if (ArrayBuffer.isView(value) || isSource(value)) return value.byteLength
      throw invalidType('string', 'of type string or an instance of Buffer or ArrayBuffer', value)
    },
    compare(a: unknown, b: unknown): number {
      return compareBytes(checkBytes(a, 'buf1'), checkBytes(b, 'buf2'))
    },
    concat(list: unknown, totalLength?: unknown): FastBuffer {
      if (!Array.isArray(list)) throw invalidType('list', 'an instance of Array', list)
      const pieces = list.map((piece, index) => checkBytes(piece, `list[${index}]`))
      if (totalLength !== undefined) checkInteger(totalLength, 'length', 0)
      const total = (totalLength as number | undefined) ?? pieces.reduce((sum, { length }) => sum + length, 0)
      const joined = allocUnsafe(total)
      let at = 0
      for (const piece of pieces) {
        if (at >= total) break
        joined.set(piece.length > total - at ? piece.subarray(0, total - at) : piece, at)
        at += piece.length
      }
      return joined
    },
    copyBytesFrom(source: unknown, offset: unknown = 0, length?: unknown): FastBuffer {
      if (!ArrayBuffer.isView(source) || source instanceof DataView) throw invalidType('view', 'an instance of TypedArray', source)
      const list = source as Uint8Array
      checkInteger(offset, 'offset', 0)
      if (length !== undefined) checkInteger(length, 'length', 0)
      const part = list.subarray(offset, length === undefined ? undefined : offset + (length as number))
      return wrap(new Uint8Array(part.buffer, part.byteOffset, part.byteLength).slice())
    },
  }
  Object.assign(Buffer, statics)

  const indexIn = (bytes: Uint8Array, value: unknown, offset: unknown, encoding: unknown, backward: boolean): number => {
    let at = offset
    let named = encoding
    if (typeof at === 'string') {
      named = at
      at = undefined
    }
    let from = at === undefined ? NaN : Number(at)
    if (Number.isNaN(from)) from = backward ? bytes.length : 0
    from = Math.trunc(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, from)))
    if (from < 0) from += bytes.length
    if (from < 0) {
      if (backward) return -1
      from = 0
    }
    if (typeof value === 'number') {
      return backward ? Uint8Array.prototype.lastIndexOf.call(bytes, value & 255, from) : Uint8Array.prototype.indexOf.call(bytes, value & 255, from)
    }
    const how = toEncoding(named)
    if (typeof value !== 'string' && !isBytes(value)) {
      throw invalidType('value', 'one of type number or string or an instance of Buffer or Uint8Array', value)
    }
    const needle = typeof value === 'string' ? how.encode(value) : value
    if (needle.length === 0) return Math.min(from, bytes.length)
    const step = how.name === 'utf16le' ? 2 : 1
    return backward ? lastIndexOfBytes(bytes, needle, from, step) : indexOfBytes(bytes, needle, from, step)
  }
  const swap = (bytes: Uint8Array, size: number): Uint8Array => {
    if (bytes.length % size !== 0) throw nodeError(RangeError, 'ERR_INVALID_BUFFER_SIZE', `Buffer size must be a multiple of ${size * 8}-bits`)
    for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse()
    return bytes
  }
  const { subarray } = Uint8Array.prototype
  const slice = function (this: Uint8Array, start?: unknown, end?: unknown): FastBuffer {
    return wrap(subarray.call(this, start as number, end as number))
  }

  const methods = {
    toString(this: Uint8Array, encoding?: unknown, start?: unknown, end?: unknown): string {
      if (arguments.length === 0) return toEncoding('utf8').decode(this)
      const [first, last] = [clamp(start, this.length, 0), clamp(end, this.length, this.length)]
      if (last <= first) return ''
      return toEncoding(encoding).decode(first === 0 && last === this.length ? this : subarray.call(this, first, last))
    },
    equals(this: Uint8Array, other: unknown): boolean {
      return compareBytes(this, checkBytes(other, 'otherBuffer')) === 0
    },
    compare(this: Uint8Array, target: unknown, targetStart: unknown = 0, targetEnd?: unknown, sourceStart: unknown = 0, sourceEnd?: unknown): number {
      const other = checkBytes(target, 'target')
      checkInteger(targetStart, 'targetStart', 0)
      checkInteger(sourceStart, 'sourceStart', 0)
      if (targetEnd !== undefined) checkInteger(targetEnd, 'targetEnd', 0, other.length)
      if (sourceEnd !== undefined) checkInteger(sourceEnd, 'sourceEnd', 0, this.length)
      return compareBytes(
        subarray.call(this, sourceStart, (sourceEnd as number | undefined) ?? this.length),
        subarray.call(other, targetStart, (targetEnd as number | undefined) ?? other.length),
      )
    },
    copy(this: Uint8Array, target: unknown, targetStart?: unknown, sourceStart?: unknown, sourceEnd?: unknown): number {
      const bytes = checkBytes(target, 'target')
      const toStart = targetStart === undefined ? 0 : Math.trunc(Number(targetStart)) || 0
      if (toStart < 0) throw outOfRange('targetStart', '>= 0', toStart)
      const start = sourceStart === undefined ? 0 : Math.trunc(Number(sourceStart)) || 0
      if (start < 0 || start > this.length) throw outOfRange('sourceStart', `>= 0 && <= ${this.length}`, start)
      const end = sourceEnd === undefined ? this.length : Math.trunc(Number(sourceEnd)) || 0
      if (end < 0) throw outOfRange('sourceEnd', '>= 0', end)
      if (toStart >= bytes.length || start >= end) return 0
      const count = Math.min(end - start, bytes.length - toStart, this.length - start)
      bytes.set(subarray.call(this, start, start + count), toStart)
      return count
    },
    write(this: Uint8Array, text: unknown, offset?: unknown, length?: unknown, encoding?: unknown): number {
      if (typeof text !== 'string') throw nodeError(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a string')
      let at = offset
      let most = length
      let named = encoding
      if (typeof at === 'string') [at, most, named] = [undefined, undefined, at]
      else if (typeof most === 'string') [most, named] = [undefined, most]
      if (at !== undefined) checkInteger(at, 'offset', 0, this.length)
      if (most !== undefined) checkInteger(most, 'length', 0, this.length)
      const start = (at as number | undefined) ?? 0
      const room = Math.min((most as number | undefined) ?? Infinity, this.length - start)
      const how = toEncoding(named)
      const bytes = how.encode(text)
      let count = Math.min(room, bytes.length)
      // No part of a character is written.
      if (how.name === 'utf16le') count &= ~1
      if (how.name === 'utf8' && count < bytes.length) while (count > 0 && (bytes[count]! & 0xc0) === 0x80) count--
      this.set(bytes.subarray(0, count), start)
      return count
    },
    fill(this: Uint8Array, value: unknown, offset?: unknown, end?: unknown, encoding?: unknown): Uint8Array {
      let [first, last, named] = [offset, end, encoding]
      if (typeof first === 'string') [first, last, named] = [undefined, undefined, first]
      else if (typeof last === 'string') [last, named] = [undefined, last]
      if (first !== undefined) checkNumber(first, 'offset', 0)
      if (last !== undefined) checkNumber(last, 'end', 0, this.length)
      const [start, stop] = [(first as number | undefined) ?? 0, (last as number | undefined) ?? this.length]
      if (start < stop) fillWith(this, toFill(value, named), start, stop)
      return this
    },
    indexOf(this: Uint8Array, value: unknown, offset?: unknown, encoding?: unknown): number {
      return indexIn(this, value, offset, encoding, false)
    },
    lastIndexOf(this: Uint8Array, value: unknown, offset?: unknown, encoding?: unknown): number {
      return indexIn(this, value, offset, encoding, true)
    },
    includes(this: Uint8Array, value: unknown, offset?: unknown, encoding?: unknown): boolean {
      return indexIn(this, value, offset, encoding, false) !== -1
    },
    subarray: slice,
    slice,
    toJSON(this: Uint8Array): object {
      return { type: 'Buffer', data: Array.from(this) }
    },
    swap16(this: Uint8Array): Uint8Array {
      return swap(this, 2)
    },
    swap32(this: Uint8Array): Uint8Array {
      return swap(this, 4)
    },
    swap64(this: Uint8Array): Uint8Array {
      return swap(this, 8)
    },
    [INSPECT](this: Uint8Array, _depth: unknown, context: Record<string, unknown>): string {
      const shown = Math.min(50, this.length)
      const hex = toEncoding('hex').decode(subarray.call(this, 0, shown)).replace(/(..)(?=.)/g, '$1 ')
      const rest = this.length - shown
      const more = rest > 0 ? ` ... ${rest} more byte${rest > 1 ? 's' : ''}` : ''
      const own = Object.keys(this).filter((key) => !/^\d+$/.test(key))
      const extra = own.map((key) => `${key}: ${core.lib('inspect')['inspect']((this as unknown as Record<string, unknown>)[key], context) as string}`)
      const name = (this as { readonly constructor?: { readonly name?: string } }).constructor?.name ?? 'Buffer'
      return `<${name} ${hex}${more}${extra.length === 0 ? '' : `${hex === '' ? '' : ', '}${extra.join(', ')}`}>`
    },
  }
  const define = (name: string | symbol, value: unknown): void => {
    Object.defineProperty(FastBuffer.prototype, name, { value, writable: true, enumerable: true, configurable: true })
  }
  for (const [name, method] of Object.entries({ ...methods, ...numberMethods() })) define(name, method)
  define(INSPECT, methods[INSPECT])
  define('toLocaleString', methods.toString)
  for (const name of ['utf8', 'latin1', 'ascii', 'hex', 'base64', 'base64url', 'ucs2']) {
    define(`${name}Slice`, function (this: Uint8Array, start?: number, end?: number) {
      return methods.toString.call(this, name, start, end)
    })
    define(`${name}Write`, function (this: Uint8Array, text: string, offset?: number, length?: number) {
      return methods.write.call(this, text, offset, length, name)
    })
  }
  Object.defineProperty(FastBuffer.prototype, 'constructor', { value: Buffer, writable: true, enumerable: false, configurable: true })
  Object.defineProperty(FastBuffer.prototype, 'parent', { get(this: Uint8Array) { return this.buffer }, enumerable: true, configurable: true })
  Object.defineProperty(FastBuffer.prototype, 'offset', { get(this: Uint8Array) { return this.byteOffset }, enumerable: true, configurable: true })
  return Buffer
}
