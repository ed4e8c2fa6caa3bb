import type { GuestCore } from '../../core.js'
import { checkFunction, checkNumber, invalidType, outOfRange } from '../node/errors.js'
import { library } from '../node/library.js'
import { toBuffer } from './bytes.js'

type Done = (error: unknown, value?: unknown) => void

/** Most bytes of one crossing. */
const PIECE = 65_536
/** Bytes asked for at once where few are needed, so that a thousand identifiers are no thousand crossings. */
const POOL = 1024
const MOST = 2 ** 31 - 1
/** Widest range of `randomInt`, which takes 48 bits. */
const WIDEST = 2 ** 48 - 1

/** The granted randomness. */
export function createRandom(core: GuestCore) {
  const ask = (length: number): Uint8Array => core.call('random.fill', length) as Uint8Array
  let pool = new Uint8Array(0)
  let used = 0
  const take = (length: number): Uint8Array => {
    if (used + length > pool.length) {
      pool = new Uint8Array(ask(POOL))
      used = 0
    }
    used += length
    return pool.subarray(used - length, used)
  }
  const fill = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length <= 64) bytes.set(take(bytes.length))
    else for (let at = 0; at < bytes.length; at += PIECE) bytes.set(ask(Math.min(PIECE, bytes.length - at)), at)
    return bytes
  }
  const nextTick = (callback: () => void): void => library('process')['process'].nextTick(callback) as void

  const randomBytes = (size: unknown, done?: unknown): unknown => {
    checkNumber(size, 'size')
    if (!(size >= 0 && size <= MOST)) throw outOfRange('size', `>= 0 && <= ${MOST}`, size)
    if (done !== undefined) checkFunction(done, 'callback')
    const bytes = toBuffer(fill(new Uint8Array(size)))
    if (done === undefined) return bytes
    nextTick(() => (done as Done)(null, bytes))
    return undefined
  }
  const randomFillSync = (target: unknown, offset: unknown = 0, size?: unknown): unknown => {
    if (!ArrayBuffer.isView(target) && !(target instanceof ArrayBuffer)) throw invalidType('buf', 'an instance of ArrayBuffer or ArrayBufferView', target)
    const bytes = ArrayBuffer.isView(target) ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength) : new Uint8Array(target)
    const unit = (target as { readonly BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1
    checkNumber(offset, 'offset', 0, bytes.length / unit)
    const start = offset * unit
    if (size !== undefined) checkNumber(size, 'size', 0, (bytes.length - start) / unit)
    fill(bytes.subarray(start, size === undefined ? undefined : start + (size as number) * unit))
    return target
  }
  const randomInt = (first: unknown, second?: unknown, third?: unknown): unknown => {
    const hasLow = second !== undefined && typeof second !== 'function'
    const [min, max, done] = hasLow ? [first, second, third] : [0, first, second]
    if (!Number.isSafeInteger(min)) throw invalidType('min', 'a safe integer', min)
    if (!Number.isSafeInteger(max)) throw invalidType('max', 'a safe integer', max)
    const [low, high] = [min as number, max as number]
    if (high <= low) throw outOfRange('max', `greater than the value of "min" (${low})`, high)
    const range = high - low
    if (range > WIDEST) throw outOfRange(hasLow ? 'max - min' : 'max', `<= ${WIDEST}`, range)
    // What does not divide evenly is drawn again: every number is as likely.
    const limit = 2 ** 48 - (2 ** 48 % range)
    let drawn: number
    do {
      drawn = take(6).reduce((sum, byte) => sum * 256 + byte, 0)
    } while (drawn >= limit)
    const value = low + (drawn % range)
    if (done === undefined) return value
    checkFunction(done, 'callback')
    nextTick(() => (done as Done)(null, value))
    return undefined
  }

  return {
    randomBytes,
    pseudoRandomBytes: randomBytes,
    rng: randomBytes,
    prng: randomBytes,
    randomFillSync,
    randomFill(target: unknown, ...rest: unknown[]): void {
      const done = rest.pop()
      checkFunction(done, 'callback')
      randomFillSync(target, ...rest)
      nextTick(() => (done as Done)(null, target))
    },
    randomInt,
    randomUUID(): string {
      const bytes = take(16).slice()
      bytes[6] = (bytes[6]! & 0x0f) | 0x40
      bytes[8] = (bytes[8]! & 0x3f) | 0x80
      return toBuffer(bytes).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    },
    getRandomValues(target: unknown): unknown {
      if (!ArrayBuffer.isView(target) || target instanceof DataView || target instanceof Float32Array || target instanceof Float64Array) {
        throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError')
      }
      if (target.byteLength > PIECE) {
        throw new DOMException(`The ArrayBufferView's byte length (${target.byteLength}) exceeds the number of bytes of entropy available via this API (${PIECE})`, 'QuotaExceededError')
      }
      return randomFillSync(target)
    },
  }
}
