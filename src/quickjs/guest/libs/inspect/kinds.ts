import type { Context } from './options.js'

/** Own data of an object without running any of its code, unless it is a proxy. */
export const ownValue = (object: object, key: PropertyKey): unknown => Object.getOwnPropertyDescriptor(object, key)?.value

const brand = (prototype: object, key: PropertyKey): ((value: unknown) => unknown) => {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, key)!
  const method = (descriptor.get ?? descriptor.value) as (this: unknown) => unknown
  return (value) => method.call(value)
}

const passes = (test: (value: unknown) => unknown, value: object): boolean => {
  try {
    test(value)
    return true
  } catch {
    return false
  }
}

const mapSize = brand(Map.prototype, 'size')
const setSize = brand(Set.prototype, 'size')
const dateTime = brand(Date.prototype, 'getTime')
const regExpSource = brand(RegExp.prototype, 'source')
const bufferLength = brand(ArrayBuffer.prototype, 'byteLength')
const BOXES = [Number, String, Boolean, BigInt, Symbol].map((type) => [type.name, brand(type.prototype, 'valueOf')] as const)

export const isMap = (value: object): value is Map<unknown, unknown> => passes(mapSize, value)
export const isSet = (value: object): value is Set<unknown> => passes(setSize, value)
export const isDate = (value: object): value is Date => passes(dateTime, value)
export const isRegExp = (value: object): value is RegExp => value !== RegExp.prototype && passes(regExpSource, value)
export const isBuffer = (value: object): value is ArrayBuffer => passes(bufferLength, value)
const isNativeError = (Error as unknown as { isError?: (value: unknown) => boolean }).isError
export const isError = (value: object): boolean => isNativeError?.(value) === true || value instanceof Error

const { toString } = Object.prototype
const { getPrototypeOf } = Object
const objectPrototype = Object.prototype
const exotic: ReadonlySet<unknown> = new Set(
  [Map, Set, WeakMap, WeakSet, Date, RegExp, Error, Promise, ArrayBuffer, Number, String, Boolean, BigInt, Symbol, DataView, Object.getPrototypeOf(Uint8Array) as { readonly prototype: object }].map(
    ({ prototype }) => prototype as unknown,
  ),
)

/**
 * Whether an object is one of fields alone, of whatever class: asking what it is inside, which throws for each kind that
 * it is not, can be spared. Only an object of another kind whose prototype was taken from it passes for one.
 */
export function isFields(value: object): boolean {
  let at = getPrototypeOf(value) as object | null
  if (at !== objectPrototype) for (; at !== null && at !== objectPrototype; at = getPrototypeOf(at) as object | null) if (exotic.has(at)) return false
  return toString.call(value) === '[object Object]'
}

/** `[Number: 5]` and the like. */
export function toBoxed(value: object): { readonly type: string; readonly primitive: unknown } | undefined {
  for (const [type, valueOf] of BOXES) {
    try {
      return { type, primitive: valueOf(value) }
    } catch {
      // Not this one.
    }
  }
  return undefined
}

/** The name of the nearest class, or null for an object without prototype. */
export function classOf(value: object): string | null {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const made = ownValue(at, 'constructor')
    if (typeof made === 'function' && made.name !== '' && typeof made.name === 'string') return made.name
  }
  return null
}

/** The tag of a value when it says more than its class does. */
export function tagOf(value: object, name: string | null): string {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const tag = ownValue(at, Symbol.toStringTag)
    // An own one is listed among the properties.
    if (at === value && Object.prototype.propertyIsEnumerable.call(at, Symbol.toStringTag)) return ''
    if (typeof tag === 'string') return tag === '' || tag === name ? '' : ` [${tag}]`
  }
  return ''
}

export function showFunction(value: object): string {
  const source = Function.prototype.toString.call(value)
  const name = ownValue(value, 'name')
  const named = typeof name === 'string' && name !== '' ? name : undefined
  if (/^class\b/.test(source) && source.endsWith('}')) {
    const parent = Object.getPrototypeOf(value) as { readonly name?: unknown } | null
    const base = parent === null ? ' extends null' : typeof parent.name === 'string' && parent.name !== '' ? ` extends ${parent.name}` : ''
    return `[class ${named ?? '(anonymous)'}${base}]`
  }
  const kind = classOf(value) ?? 'Function'
  return named === undefined ? `[${kind} (anonymous)]` : `[${kind}: ${named}]`
}

/** Bytes in hexadecimal, as many as there is interest in. */
export function showBytes(buffer: ArrayBuffer, context: Context): string {
  const shown = Math.min(buffer.byteLength, context.maxArrayLength, 50)
  const bytes = [...new Uint8Array(buffer, 0, shown)].map((byte) => byte.toString(16).padStart(2, '0'))
  const more = buffer.byteLength - shown
  return `<${bytes.join(' ')}${more > 0 ? ` ... ${more} more byte${more > 1 ? 's' : ''}` : ''}>`
}
