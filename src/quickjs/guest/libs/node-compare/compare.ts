import { isBuffer, isDate, isError, isFields, isMap, isRegExp, isSet, toBoxed } from '../inspect/kinds.js'

export type Mode = 'loose' | 'strict' | 'partial'
/** What is being compared, both ways: inside a cycle, each is with its own counterpart. */
type Pairs = { readonly left: Map<object, object>; readonly right: Map<object, object> }

const { toString, propertyIsEnumerable, hasOwnProperty } = Object.prototype
const tagOf = (value: object): string => toString.call(value)
const isIndex = (key: string): boolean => String(Number(key) >>> 0) === key && Number(key) < 2 ** 32 - 1
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Enumerable own keys besides indexes of lists; symbols are looked at by the strict ones. */
const keysOf = (value: object, options: { readonly isList: boolean; readonly mode: Mode }): (string | symbol)[] => {
  const names: (string | symbol)[] = options.isList ? Object.keys(value).filter((key) => !isIndex(key)) : Object.keys(value)
  if (options.mode === 'loose') return names
  return names.concat(Object.getOwnPropertySymbols(value).filter((key) => propertyIsEnumerable.call(value, key)))
}

/**
 * Whether two values are the same all the way down.
 * @see https://nodejs.org/docs/latest-v24.x/api/assert.html#comparison-details_1
 */
export function createCompare(): (a: unknown, b: unknown, mode: Mode) => boolean {
  const equal = (a: unknown, b: unknown, mode: Mode, pairs: Pairs): boolean => {
    if (a === b) return a !== 0 || mode === 'loose' || Object.is(a, b)
    if (mode !== 'loose') {
      if (!isObject(a)) return typeof a === 'number' && Number.isNaN(a) && Number.isNaN(b)
      if (!isObject(b)) return false
      if (mode === 'strict' && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
    } else {
      if (!isObject(a)) {
        if (isObject(b) || typeof a === 'function' || typeof b === 'function') return false
        // oxlint-disable-next-line eqeqeq -- the loose mode is this comparison
        return a == b || (Number.isNaN(a) && Number.isNaN(b))
      }
      if (!isObject(b)) return false
    }
    return equalObjects(a, b, mode, pairs)
  }

  const equalObjects = (a: object, b: object, mode: Mode, pairs: Pairs): boolean => {
    const tag = tagOf(a)
    if (tag !== tagOf(b)) return false
    const isList = Array.isArray(a)
    if (isList !== Array.isArray(b)) return false
    if (isList && mode !== 'partial' && a.length !== (b as unknown[]).length) return false
    if (isList || (isFields(a) && isFields(b))) return equalWithin(a, b, mode, pairs)
    if (isDate(a) !== isDate(b) || isRegExp(a) !== isRegExp(b) || isMap(a) !== isMap(b) || isSet(a) !== isSet(b) || isError(a) !== isError(b)) return false
    if (isDate(a) && !Object.is(Date.prototype.getTime.call(a), Date.prototype.getTime.call(b))) return false
    if (isRegExp(a)) {
      const other = b as RegExp
      if (a.source !== other.source || a.flags !== other.flags || a.lastIndex !== other.lastIndex) return false
    }
    if (isError(a) && !equalErrors(a, b, mode, pairs)) return false
    if (ArrayBuffer.isView(a) || isBuffer(a)) {
      if (!equalBytes(a, b, mode)) return false
    } else {
      const boxed = toBoxed(a)
      const other = toBoxed(b)
      if (boxed?.type !== other?.type || !Object.is(boxed?.primitive, other?.primitive)) return false
      if (boxed === undefined && mode !== 'loose' && (a instanceof Promise || a instanceof WeakMap || a instanceof WeakSet || a instanceof WeakRef)) return false
    }
    return equalWithin(a, b, mode, pairs)
  }

  const equalWithin = (a: object, b: object, mode: Mode, pairs: Pairs): boolean => {
    const { left, right } = pairs
    if (left.has(a) || right.has(b)) return left.get(a) === b && right.get(b) === a
    left.set(a, b)
    right.set(b, a)
    try {
      return equalParts(a, b, mode, pairs)
    } finally {
      left.delete(a)
      right.delete(b)
    }
  }

  const equalParts = (a: object, b: object, mode: Mode, pairs: Pairs): boolean => {
    const isList = Array.isArray(a) || (ArrayBuffer.isView(a) && !(a instanceof DataView))
    const keys = keysOf(b, { isList, mode })
    if (mode !== 'partial' && keys.length !== keysOf(a, { isList, mode }).length) return false
    for (const key of keys) {
      if (!hasOwnProperty.call(a, key) || !propertyIsEnumerable.call(a, key)) return false
      if (!equal((a as Record<PropertyKey, unknown>)[key], (b as Record<PropertyKey, unknown>)[key], mode, pairs)) return false
    }
    if (Array.isArray(a)) return mode === 'partial' ? containsList(a, b as unknown[], pairs) : equalLists(a, b as unknown[], mode, pairs)
    if (isFields(a)) return true
    if (isSet(a)) return equalSets(a, b as Set<unknown>, mode, pairs)
    if (isMap(a)) return equalMaps(a, b as Map<unknown, unknown>, mode, pairs)
    return true
  }

  const equalLists = (a: readonly unknown[], b: readonly unknown[], mode: Mode, pairs: Pairs): boolean => {
    for (let i = 0; i < a.length; i++) {
      if (mode !== 'loose' && hasOwnProperty.call(a, i) !== hasOwnProperty.call(b, i)) return false
      if (!equal(a[i], b[i], mode, pairs)) return false
    }
    return true
  }

  /** Each of `b` is in `a`, in the same order. */
  const containsList = (a: readonly unknown[], b: readonly unknown[], pairs: Pairs): boolean => {
    let at = 0
    for (const each of b) {
      while (at < a.length && !equal(a[at], each, 'partial', pairs)) at++
      if (at++ >= a.length) return false
    }
    return true
  }

  /** Takes one of `candidates` that is the same as `value`; order does not matter. */
  const take = <T>(candidates: T[], same: (candidate: T) => boolean): boolean => {
    const at = candidates.findIndex(same)
    if (at < 0) return false
    candidates.splice(at, 1)
    return true
  }

  const equalSets = (a: Set<unknown>, b: Set<unknown>, mode: Mode, pairs: Pairs): boolean => {
    if (mode === 'partial' ? a.size < b.size : a.size !== b.size) return false
    const rest = [...a].filter((value) => !b.has(value))
    for (const value of b) {
      if (a.has(value)) continue
      if (mode !== 'loose' && !isObject(value)) return false
      if (!take(rest, (other) => equal(other, value, mode, pairs))) return false
    }
    return true
  }

  const equalMaps = (a: Map<unknown, unknown>, b: Map<unknown, unknown>, mode: Mode, pairs: Pairs): boolean => {
    if (mode === 'partial' ? a.size < b.size : a.size !== b.size) return false
    const rest = [...a].filter(([key]) => !b.has(key))
    for (const [key, value] of b) {
      if (a.has(key)) {
        if (!equal(a.get(key), value, mode, pairs)) return false
        continue
      }
      if (mode !== 'loose' && !isObject(key)) return false
      if (!take(rest, ([other, inner]) => equal(other, key, mode, pairs) && equal(inner, value, mode, pairs))) return false
    }
    return true
  }

  const equalErrors = (a: object, b: object, mode: Mode, pairs: Pairs): boolean => {
    for (const key of ['message', 'name'] as const) if ((a as Error)[key] !== (b as Error)[key]) return false
    for (const key of ['cause', 'errors']) {
      if (mode === 'partial' && !hasOwnProperty.call(b, key)) continue
      if (hasOwnProperty.call(a, key) !== hasOwnProperty.call(b, key)) return false
      if (!equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], mode, pairs)) return false
    }
    return true
  }

  return (a, b, mode) => equal(a, b, mode, { left: new Map(), right: new Map() })
}

function equalBytes(a: ArrayBufferView | ArrayBuffer, b: object, mode: Mode): boolean {
  const other = b as typeof a
  if (a.byteLength !== other.byteLength) return false
  if (mode === 'loose' && /Float/.test(tagOf(a))) return (a as Float64Array).every((value, index) => value === (b as Float64Array)[index])
  const [mine, theirs] = [toBytes(a), toBytes(other)]
  return mine.every((byte, index) => byte === theirs[index])
}

function toBytes(source: ArrayBufferView | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source)
}
