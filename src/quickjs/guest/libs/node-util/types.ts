import type { GuestCore } from '../../core.js'
import { isBuffer, isDate, isMap, isRegExp, isSet, toBoxed } from '../inspect/kinds.js'

type Test = (value: unknown) => boolean

const { toString } = Object.prototype
const { isError: isNativeError } = Error as unknown as { readonly isError: Test }
const tag = (value: unknown): string => toString.call(value).slice(8, -1)
const { get: typedName } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag)!
/** The name of a typed array's class, whatever it says of itself. */
const nameOf = (value: unknown): string | undefined => typedName!.call(value) as string | undefined

const passes = (method: (...args: any[]) => unknown, value: unknown, ...args: unknown[]): boolean => {
  try {
    method.call(value, ...args)
    return true
  } catch {
    return false
  }
}

const TYPED = [
  'Uint8Array', 'Uint8ClampedArray', 'Uint16Array', 'Uint32Array', 'Int8Array', 'Int16Array', 'Int32Array', 'Float16Array', 'Float32Array', 'Float64Array',
  'BigInt64Array', 'BigUint64Array',
]
const TAGGED = { isMapIterator: 'Map Iterator', isSetIterator: 'Set Iterator', isModuleNamespaceObject: 'Module', isArgumentsObject: 'Arguments' }

/** `util.types`: what a value is inside, whatever it says of itself. */
export function createTypes(core: Pick<GuestCore, 'isProxy'>): Record<string, Test> {
  const isObject = (value: unknown): value is object => (typeof value === 'object' && value !== null) || typeof value === 'function'
  const of = (test: (value: object) => boolean): Test => (value) => isObject(value) && test(value)
  const shared = typeof SharedArrayBuffer === 'function' ? Object.getOwnPropertyDescriptor(SharedArrayBuffer.prototype, 'byteLength')!.get! : undefined
  const isSharedArrayBuffer = of((value) => shared !== undefined && passes(shared, value))
  const isBoxed = (type: string): Test => of((value) => toBoxed(value)?.type === type)
  const types: Record<string, Test> = {
    isProxy: of((value) => core.isProxy(value)),
    isMap: of(isMap),
    isSet: of(isSet),
    isDate: of(isDate),
    isRegExp: of((value) => isRegExp(value)),
    isNativeError: (value) => isNativeError(value),
    isPromise: of((value) => value instanceof Promise),
    isWeakMap: of((value) => passes(WeakMap.prototype.has, value, {})),
    isWeakSet: of((value) => passes(WeakSet.prototype.has, value, {})),
    isArrayBuffer: of(isBuffer),
    isSharedArrayBuffer,
    isAnyArrayBuffer: (value) => (isObject(value) && isBuffer(value)) || isSharedArrayBuffer(value),
    isArrayBufferView: (value) => ArrayBuffer.isView(value),
    isDataView: (value) => ArrayBuffer.isView(value) && nameOf(value) === undefined,
    isTypedArray: (value) => nameOf(value) !== undefined,
    isAsyncFunction: (value) => typeof value === 'function' && /^Async(?:Generator)?Function$/.test(tag(value)),
    isGeneratorFunction: (value) => typeof value === 'function' && tag(value).endsWith('GeneratorFunction'),
    isGeneratorObject: (value) => isObject(value) && /^(?:Async)?Generator$/.test(tag(value)),
    isBoxedPrimitive: of((value) => toBoxed(value) !== undefined),
    isNumberObject: isBoxed('Number'),
    isStringObject: isBoxed('String'),
    isBooleanObject: isBoxed('Boolean'),
    isBigIntObject: isBoxed('BigInt'),
    isSymbolObject: isBoxed('Symbol'),
    isExternal: () => false,
    isKeyObject: () => false,
    isCryptoKey: (value) => isObject(value) && tag(value) === 'CryptoKey',
  }
  for (const [name, expected] of Object.entries(TAGGED)) types[name] = (value) => isObject(value) && tag(value) === expected
  for (const name of TYPED) types[`is${name}`] = (value) => nameOf(value) === name
  return types
}
