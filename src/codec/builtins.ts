/**
 * The ECMAScript built-ins the codec works with, taken once when this module is evaluated: guest code that later
 * replaces `Array.prototype.push` or `JSON.stringify` does not change what the codec does.
 * For the same reason the codec never iterates, spreads, destructures arrays or calls a method by name.
 */
const uncurry = Function.prototype.bind.bind(Function.prototype.call) as unknown as <This, Args extends unknown[], R>(
  method: (this: This, ...args: Args) => R,
) => (self: This, ...args: Args) => R

type Getter<This, R> = (self: This) => R

/** The getter behind an accessor of a built-in prototype: it checks the brand of its receiver. */
const getter = <This, R>(prototype: object, key: PropertyKey): Getter<This, R> =>
  uncurry(Object.getOwnPropertyDescriptor(prototype, key)!.get as (this: This) => R)

export const parse = JSON.parse
export const stringify = JSON.stringify
export const isArray: (value: unknown) => value is unknown[] = Array.isArray
export const isView = ArrayBuffer.isView
export const isInteger = Number.isInteger
export const keys = Object.keys
export const ownKeys = Reflect.ownKeys
export const hasOwn = Object.hasOwn
export const getPrototypeOf = Object.getPrototypeOf as (value: object) => object | null
export const setPrototypeOf = Object.setPrototypeOf
export const getDescriptor = Object.getOwnPropertyDescriptor
export const getSymbols = Object.getOwnPropertySymbols
export const defineProperty = Object.defineProperty
export const toStringTag = Symbol.toStringTag
/** Own properties are found first, so an own data property answers `undefined` without anything being run. */
export const lookupGetter = uncurry(
  (Object.prototype as unknown as { __lookupGetter__(key: PropertyKey): unknown }).__lookupGetter__,
) as (value: object, key: PropertyKey) => unknown
export const isEnumerable = uncurry(Object.prototype.propertyIsEnumerable) as (value: object, key: PropertyKey) => boolean

export const ObjectPrototype = Object.prototype
export const ArrayPrototype = Array.prototype

export const NewMap = Map
export const mapGet = uncurry(Map.prototype.get)
export const mapSet = uncurry(Map.prototype.set)
export const mapForEach = uncurry(Map.prototype.forEach)
export const mapSize = getter<unknown, number>(Map.prototype, 'size')
export const NewSet = Set
export const setHas = uncurry(Set.prototype.has)
export const setAdd = uncurry(Set.prototype.add)
export const setForEach = uncurry(Set.prototype.forEach)
export const setSize = getter<unknown, number>(Set.prototype, 'size')
export const weakHas = uncurry(WeakSet.prototype.has)
export const weakAdd = uncurry(WeakSet.prototype.add)

export const NewDate = Date
export const dateValue = uncurry(Date.prototype.getTime) as (self: unknown) => number
export const NewRegExp = RegExp
export const regExpSource = getter<unknown, string>(RegExp.prototype, 'source')
/** Each flag has a getter that checks the brand; `flags` itself reads properties a guest may have replaced. */
export const regExpFlags: readonly (readonly [string, Getter<unknown, boolean>])[] = (
  [
    ['d', 'hasIndices'], ['g', 'global'], ['i', 'ignoreCase'], ['m', 'multiline'],
    ['s', 'dotAll'], ['u', 'unicode'], ['v', 'unicodeSets'], ['y', 'sticky'],
  ] as const
).map(([flag, name]) => [flag, getter<unknown, boolean>(RegExp.prototype, name)] as const)

export const toBigInt = BigInt
export const bigIntText = uncurry(BigInt.prototype.toString) as (self: bigint, radix: number) => string
export const boxed: readonly (readonly [object, (self: unknown) => unknown])[] = [
  [Number.prototype, uncurry(Number.prototype.valueOf) as (self: unknown) => unknown],
  [String.prototype, uncurry(String.prototype.valueOf) as (self: unknown) => unknown],
  [Boolean.prototype, uncurry(Boolean.prototype.valueOf) as (self: unknown) => unknown],
  [BigInt.prototype, uncurry(BigInt.prototype.valueOf) as (self: unknown) => unknown],
]
export const toObject = Object
export const stringSlice = uncurry(String.prototype.slice)

export const bufferLength = getter<unknown, number>(ArrayBuffer.prototype, 'byteLength')
export const bufferSlice = uncurry(ArrayBuffer.prototype.slice)
export const NewBytes = Uint8Array
export const NewDataView = DataView
const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype) as object
/** `undefined` for anything but a typed array, without an exception. */
export const typedArrayName = getter<unknown, string | undefined>(TypedArrayPrototype, Symbol.toStringTag)
export const typedBuffer = getter<unknown, ArrayBufferLike>(TypedArrayPrototype, 'buffer')
export const typedOffset = getter<unknown, number>(TypedArrayPrototype, 'byteOffset')
export const typedBytes = getter<unknown, number>(TypedArrayPrototype, 'byteLength')
export const typedLength = getter<unknown, number>(TypedArrayPrototype, 'length')
export const viewBuffer = getter<unknown, ArrayBufferLike>(DataView.prototype, 'buffer')
export const viewOffset = getter<unknown, number>(DataView.prototype, 'byteOffset')
export const viewLength = getter<unknown, number>(DataView.prototype, 'byteLength')

type ViewConstructor = new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView
const scope = globalThis as unknown as Record<string, any>

/** A null-prototype table of those of `names` this runtime has. */
function table<T>(names: readonly string[]): Readonly<Record<string, T>> {
  const found = Object.create(null) as Record<string, T>
  for (const name of names) if (typeof scope[name] === 'function') found[name] = scope[name] as T
  return found
}

export const typedArrays = table<ViewConstructor>([
  'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array',
  'BigInt64Array', 'BigUint64Array', 'Float16Array', 'Float32Array', 'Float64Array',
])
export const errorTypes = table<new () => Error>([
  'Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError',
])
export const NewAggregateError = AggregateError
export const ErrorPrototype = Error.prototype
const stackGetter = Object.getOwnPropertyDescriptor(ErrorPrototype, 'stack')?.get
/** QuickJS keeps the stack of every error behind one native getter; V8 gives each error its own property. */
export const errorStack = stackGetter && (uncurry(stackGetter) as (self: unknown) => unknown)
export const isNativeError: ((value: unknown) => boolean) | undefined = scope.Error.isError

const exceptionPrototype = scope.DOMException?.prototype as object | undefined
/** `DOMException` keeps its fields behind getters of its prototype; workerd gives each its own data properties instead. */
export const domException = exceptionPrototype && {
  prototype: exceptionPrototype,
  name: exceptionField<string>(exceptionPrototype, 'name'),
  message: exceptionField<string>(exceptionPrototype, 'message'),
  code: exceptionField<number>(exceptionPrototype, 'code'),
}

/** Throws, as the platform's getter does, unless its receiver is an exception. */
function exceptionField<R>(prototype: object, key: string): Getter<unknown, R> {
  if (Object.getOwnPropertyDescriptor(prototype, key) !== undefined) return getter<unknown, R>(prototype, key)
  return (self) => {
    const own = getDescriptor(self as object, key)
    if (own === undefined || !hasOwn(own, 'value')) throw new TypeError('no DOMException')
    return own.value as R
  }
}
