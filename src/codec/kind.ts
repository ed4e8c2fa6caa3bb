import {
  ArrayPrototype, boxed, bufferLength, dateValue, domException, ErrorPrototype, errorTypes, getDescriptor, getPrototypeOf,
  hasOwn, isArray, isNativeError, isView, mapGet, mapSet, mapSize, NewMap, ObjectPrototype, regExpSource, setSize,
  toStringTag,
} from './builtins.js'

export type Kind = 'object' | 'array' | 'view' | 'date' | 'regexp' | 'map' | 'set' | 'buffer' | 'error' | 'exception' | 'box'

/** A prototype chain longer than this is not followed. */
const MAX_CHAIN = 100

interface Known {
  readonly kind: Kind
  /** Throws unless its receiver is what the prototype says. */
  readonly brand: (value: unknown) => unknown
}

const known = new NewMap<object, Known>()
mapSet(known, Date.prototype, { kind: 'date', brand: dateValue })
mapSet(known, RegExp.prototype, { kind: 'regexp', brand: regExpSource })
mapSet(known, Map.prototype, { kind: 'map', brand: mapSize })
mapSet(known, Set.prototype, { kind: 'set', brand: setSize })
mapSet(known, ArrayBuffer.prototype, { kind: 'buffer', brand: bufferLength })
if (domException) mapSet(known, domException.prototype, { kind: 'exception', brand: domException.name })
mapSet(known, ErrorPrototype, { kind: 'error', brand: (value: unknown) => value })
for (const [prototype, brand] of boxed) mapSet(known, prototype, { kind: 'box', brand })

/** Prototypes of the standard errors, with the name a message carries for them. */
const errorNames = new NewMap<object, string>()
for (const name of Object.keys(errorTypes)) mapSet(errorNames, errorTypes[name]!.prototype as object, name)
mapSet(errorNames, AggregateError.prototype, 'AggregateError')

/** What kind of data `value` is, or in words why it is none. Reads prototypes and brands; runs nothing of the value's. */
export function kindOf(value: object, isProxy: ((value: object) => boolean) | undefined): Kind | { readonly refused: string } {
  if (isProxy !== undefined && isProxy(value)) return { refused: 'a proxy' }
  if (isArray(value)) return 'array'
  if (isView(value)) return 'view'
  let prototype = getPrototypeOf(value)
  for (let i = 0; prototype !== null && prototype !== ObjectPrototype && prototype !== ArrayPrototype; i++) {
    if (i === MAX_CHAIN) return { refused: 'an object with more than ' + MAX_CHAIN + ' prototypes' }
    if (isProxy !== undefined && isProxy(prototype)) return { refused: 'an object with a proxy for a prototype' }
    const found = mapGet(known, prototype)
    if (found !== undefined) return passes(found.brand, value) ? found.kind : 'object'
    // Promise, WeakMap, generators, URL, Headers, Intl.*: state behind a tagged prototype is not data.
    if (hasOwn(prototype, toStringTag)) return { refused: 'an instance of ' + nameOf(prototype) }
    const next = getPrototypeOf(prototype)
    if (next === null) return foreignKind(value)
    prototype = next
  }
  return 'object'
}

/** Prototypes of another realm are unknown objects, so only brands tell. */
function foreignKind(value: object): Kind {
  if (isNativeError?.(value)) return 'error'
  if (passes(dateValue, value)) return 'date'
  if (passes(mapSize, value)) return 'map'
  if (passes(setSize, value)) return 'set'
  if (passes(bufferLength, value)) return 'buffer'
  if (passes(regExpSource, value)) return 'regexp'
  return 'object'
}

function passes(brand: (value: unknown) => unknown, value: object): boolean {
  try {
    brand(value)
    return true
  } catch {
    return false
  }
}

function nameOf(prototype: object): string {
  const tag: unknown = getDescriptor(prototype, toStringTag)?.value
  if (typeof tag === 'string') return tag
  const made: unknown = getDescriptor(prototype, 'constructor')?.value
  const name: unknown = typeof made === 'function' ? getDescriptor(made, 'name')?.value : undefined
  return typeof name === 'string' ? name : 'a class with hidden state'
}

/** The nearest standard error class of `error`, and the `name` its chain gives it; getters are not run. */
export function errorClass(error: object): { readonly base: string; readonly name: string | undefined } {
  let name: string | undefined
  let prototype = getPrototypeOf(error)
  for (let i = 0; prototype !== null && i < MAX_CHAIN; i++) {
    const own: unknown = getDescriptor(prototype, 'name')?.value
    if (name === undefined && typeof own === 'string') name = own
    const base = mapGet(errorNames, prototype)
    if (base !== undefined) return { base, name }
    prototype = getPrototypeOf(prototype)
  }
  return { base: 'Error', name }
}
