import type { GuestCore } from '../../core.js'
import { checkFunction, checkString, invalidType, nodeError } from '../node/errors.js'

type Fn = (this: unknown, ...args: unknown[]) => unknown

const CUSTOM = Symbol.for('nodejs.util.promisify.custom')
const { apply, getPrototypeOf, setPrototypeOf, defineProperty } = Reflect
const { getOwnPropertyDescriptors, defineProperties } = Object

/** Functions of `util` that make functions. */
export function createFunctions(core: GuestCore, { inspect }: { readonly inspect: (value: unknown) => string }) {
  const warned = new Set<string>()
  const promises = new Map<unknown, Fn>([
    [setTimeout, (delay, value) => new Promise((resolve) => setTimeout(resolve, delay as number, value))],
    [setImmediate, (value) => new Promise((resolve) => setImmediate(resolve, value))],
  ])

  const promisify = (original: unknown): Fn => {
    checkFunction(original, 'original')
    const own = (original as unknown as Record<symbol, unknown>)[CUSTOM] ?? promises.get(original)
    if (own !== undefined) {
      checkFunction(own, 'util.promisify.custom')
      return defineProperties(own, { [CUSTOM]: { value: own, enumerable: false, writable: false, configurable: true } }) as Fn
    }
    const promised: Fn = function (...args) {
      return new Promise((resolve, reject) => {
        const result = apply(original, this, [
          ...args,
          (error: unknown, value: unknown) => {
            if (error) reject(error)
            else resolve(value)
          },
        ]) as unknown
        if (typeof (result as { readonly then?: unknown } | undefined)?.then === 'function' && result instanceof Promise) {
          core.lib('process')['process'].emitWarning('Calling promisify on a function that returns a Promise is likely a mistake.', 'DeprecationWarning', 'DEP0174')
        }
      })
    }
    setPrototypeOf(promised, getPrototypeOf(original))
    defineProperty(promised, CUSTOM, { value: promised, enumerable: false, writable: false, configurable: true })
    return defineProperties(promised, getOwnPropertyDescriptors(original)) as Fn
  }
  promisify.custom = CUSTOM

  const callbackify = (original: unknown): Fn => {
    checkFunction(original, 'original')
    const called: Fn = function (...args) {
      const done = args.pop()
      checkFunction(done, 'last argument')
      const nextTick = core.lib('process')['process'].nextTick as (callback: unknown, ...rest: unknown[]) => void
      ;(apply(original, this, args) as Promise<unknown>).then(
        (value) => nextTick(done, null, value),
        (reason: unknown) => {
          const error = reason ? reason : nodeError(Error, 'ERR_FALSY_VALUE_REJECTION', 'Promise was rejected with falsy value', { reason })
          nextTick(done, error)
        },
      )
    }
    const descriptors = getOwnPropertyDescriptors(original) as Record<string, PropertyDescriptor>
    if (typeof descriptors['length']?.value === 'number') descriptors['length'].value++
    if (typeof descriptors['name']?.value === 'string') descriptors['name'].value += 'Callbackified'
    return defineProperties(called, descriptors)
  }

  return {
    promisify,
    callbackify,
    inherits(constructor: unknown, parent: unknown): void {
      if (constructor === undefined || constructor === null) throw invalidType('ctor', 'of type function', constructor)
      if (parent === undefined || parent === null) throw invalidType('superCtor', 'of type function', parent)
      if ((parent as { readonly prototype?: unknown }).prototype === undefined) throw invalidType('superCtor.prototype', 'of type object', undefined)
      defineProperty(constructor as object, 'super_', { value: parent, writable: true, configurable: true })
      setPrototypeOf((constructor as { readonly prototype: object }).prototype, (parent as { readonly prototype: object }).prototype)
    },
    deprecate(original: unknown, message: unknown, code?: unknown): Fn {
      checkFunction(original, 'fn')
      if (code !== undefined) checkString(code, 'code')
      let told = false
      const deprecated = function (this: unknown, ...args: unknown[]): unknown {
        if (!told) {
          told = true
          const isKnown = code !== undefined && warned.has(code as string)
          if (code !== undefined) warned.add(code as string)
          if (!isKnown) core.lib('process')['process'].emitWarning(message, 'DeprecationWarning', code)
        }
        return new.target === undefined ? apply(original, this, args) : (Reflect.construct(original, args, new.target) as unknown)
      }
      setPrototypeOf(deprecated, original)
      const { prototype } = original as unknown as { readonly prototype?: object }
      if (prototype !== undefined) deprecated.prototype = prototype
      defineProperty(deprecated, 'length', { value: original.length, configurable: true })
      return deprecated
    },
    aborted(signal: AbortSignal, resource: unknown): Promise<unknown> {
      if (signal === undefined || !('aborted' in signal)) throw invalidType('signal', 'an instance of AbortSignal', signal)
      if (typeof resource !== 'object' || resource === null) throw invalidType('resource', 'of type object', resource)
      return signal.aborted ? Promise.resolve() : new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    },
    _extend(target: object, source: unknown): object {
      return typeof source === 'object' && source !== null ? Object.assign(target, source) : target
    },
    _errnoException: (): never => {
      throw new Error(`A guest makes no system calls: ${inspect('errno')} has no meaning in it`)
    },
  }
}
