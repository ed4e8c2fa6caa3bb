import {
  ArrayPrototype, getPrototypeOf, getSymbols, hasOwn, isArray, keys, lookupGetter, NewSet, ObjectPrototype, setAdd, setHas,
} from './builtins.js'

/** Deeper values take the tagged form, which is built without recursion. */
const MAX_PLAIN_DEPTH = 64

interface Scan {
  readonly isProxy: ((value: object) => boolean) | undefined
  readonly maxBytes: number
  bytes: number
  seen: Set<object> | undefined
}

/**
 * Whether native JSON carries `value` exactly: a tree of plain objects, dense arrays, strings, booleans, null and
 * finite numbers. Runs no code of the value's: no getter, no trap, no `toJSON`.
 */
export function isPlain(value: unknown, isProxy: Scan['isProxy'], maxBytes: number): boolean {
  switch (typeof value) {
    case 'string':
      return value.length <= maxBytes
    case 'number':
      return isExact(value)
    case 'boolean':
      return true
    case 'object':
      if (value === null) return true
      if (hasOwn(ObjectPrototype, 'toJSON') || hasOwn(ArrayPrototype, 'toJSON')) return false
      return scan(value, { isProxy, maxBytes, bytes: 0, seen: undefined }, 0)
    default:
      return false
  }
}

/** Neither NaN, infinite nor -0. */
export function isExact(value: number): boolean {
  return value === 0 ? 1 / value > 0 : value - value === 0
}

function scan(node: object, state: Scan, depth: number): boolean {
  if (state.isProxy !== undefined && state.isProxy(node)) return false
  let names: readonly string[] | undefined
  let length: number
  if (isArray(node)) {
    length = node.length
    if ((state.bytes += 2 * length) > state.maxBytes || getPrototypeOf(node) !== ArrayPrototype) return false
    // Fewer keys means holes, more means further properties.
    if (keys(node).length !== length) return false
  } else {
    const prototype = getPrototypeOf(node)
    if (prototype !== ObjectPrototype && prototype !== null) return false
    names = keys(node)
    length = names.length
    state.bytes += 6 * length
  }
  if (getSymbols(node).length !== 0) return false
  for (let i = 0; i < length; i++) {
    const name = names === undefined ? i : names[i]!
    if (lookupGetter(node, name) !== undefined) return false
    const value = (node as Record<PropertyKey, unknown>)[name]
    switch (typeof value) {
      case 'string':
        if ((state.bytes += value.length) > state.maxBytes) return false
        break
      case 'number':
        if (value === 0 ? 1 / value < 0 : value - value !== 0) return false
        break
      case 'boolean':
        break
      case 'object':
        if (value === null) break
        if (depth >= MAX_PLAIN_DEPTH) return false
        if (state.seen === undefined) setAdd((state.seen = new NewSet<object>()), node)
        if (setHas(state.seen, value)) return false
        setAdd(state.seen, value)
        if (!scan(value, state, depth + 1)) return false
        break
      default:
        return false
    }
  }
  return true
}
