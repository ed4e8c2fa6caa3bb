import type { GuestCore } from '../../core.js'
import { checkBoolean, checkFunction, checkNumber, nodeError } from '../node/errors.js'

export type Listener = ((...args: any[]) => unknown) & { listener?: Listener }
type Listeners = Listener | (Listener[] & { warned?: boolean })

/** Fields are those of Node, which libraries look at. */
export interface Emitter {
  _events: Record<string | symbol, Listeners> | undefined
  _eventsCount: number
  _maxListeners: number | undefined
  [name: string | symbol]: any
}

export type EmitterClass = (new (options?: object) => Emitter) & ((this: Emitter, options?: object) => void) & Record<string | symbol, any>

export const REJECTION = Symbol.for('nodejs.rejection')
export const MONITOR = Symbol('events.errorMonitor')
const CAPTURE = Symbol('kCapture')
const { apply, ownKeys } = Reflect

/** @see https://nodejs.org/docs/latest-v24.x/api/events.html */
export function createEmitter(core: GuestCore): EmitterClass {
  let defaultMax = 10
  const inspect = (value: unknown): string => core.lib('inspect')['inspect'](value) as string
  const nextTick = (callback: () => void): void => core.lib('process')['process'].nextTick(callback) as void

  const EventEmitter = function EventEmitter(this: Emitter, options?: object): void {
    apply(init, this, [options])
  } as unknown as EmitterClass

  function init(this: Emitter, options?: { readonly captureRejections?: unknown }): void {
    if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
      this._events = Object.create(null) as Emitter['_events']
      this._eventsCount = 0
    }
    this._maxListeners = this._maxListeners || undefined
    if (options?.captureRejections !== undefined) {
      checkBoolean(options.captureRejections, 'options.captureRejections')
      this[CAPTURE] = Boolean(options.captureRejections)
    } else this[CAPTURE] = EventEmitter.prototype[CAPTURE]
  }

  const maxOf = (emitter: Emitter): number => emitter._maxListeners ?? defaultMax

  const warn = (emitter: Emitter, type: string | symbol, count: number): void => {
    const warning = Object.assign(
      new Error(
        `Possible EventEmitter memory leak detected. ${count} ${String(type)} listeners added to ${inspect(emitter)}. ` +
          `MaxListeners is ${maxOf(emitter)}. Use emitter.setMaxListeners() to increase limit`,
      ),
      { name: 'MaxListenersExceededWarning', emitter, type, count },
    )
    core.lib('process')['process'].emitWarning(warning)
  }

  const add = (emitter: Emitter, type: string | symbol, listener: unknown, where: 'push' | 'unshift'): Emitter => {
    checkFunction(listener, 'listener')
    let events = emitter._events
    if (events === undefined) {
      events = emitter._events = Object.create(null) as NonNullable<Emitter['_events']>
      emitter._eventsCount = 0
    } else if (events['newListener'] !== undefined) {
      emitter['emit']('newListener', type, (listener as Listener).listener ?? listener)
      events = emitter._events!
    }
    const existing = events[type]
    if (existing === undefined) {
      events[type] = listener
      emitter._eventsCount++
      return emitter
    }
    const list: Listener[] & { warned?: boolean } = typeof existing === 'function' ? (events[type] = [existing]) : existing
    list[where](listener)
    const most = maxOf(emitter)
    if (most > 0 && list.length > most && list.warned !== true) {
      list.warned = true
      warn(emitter, type, list.length)
    }
    return emitter
  }

  const once = (emitter: Emitter, type: string | symbol, listener: unknown): Listener => {
    checkFunction(listener, 'listener')
    let fired = false
    const wrapped: Listener = function (this: unknown, ...args: unknown[]) {
      if (fired) return undefined
      fired = true
      emitter['removeListener'](type, wrapped)
      return apply(listener as Listener, emitter, args) as unknown
    }
    wrapped.listener = listener as Listener
    return wrapped
  }

  const handleRejection = (emitter: Emitter, promise: unknown, type: string | symbol, args: unknown[]): void => {
    const { then } = promise as { readonly then?: unknown }
    if (typeof then !== 'function') return
    then.call(promise, undefined, (error: unknown) =>
      nextTick(() => {
        if (typeof emitter[REJECTION] === 'function') {
          emitter[REJECTION](error, type, ...args)
          return
        }
        const before = emitter[CAPTURE] as boolean
        try {
          emitter[CAPTURE] = false
          emitter['emit']('error', error)
        } finally {
          emitter[CAPTURE] = before
        }
      }),
    )
  }

  const call = (emitter: Emitter, listener: Listener, type: string | symbol, args: unknown[]): void => {
    const result: unknown = apply(listener, emitter, args)
    if (result !== undefined && result !== null && emitter[CAPTURE] === true) handleRejection(emitter, result, type, args)
  }

  const listenersOf = (emitter: Emitter, type: string | symbol, unwrap: boolean): Listener[] => {
    const found = emitter._events?.[type]
    if (found === undefined) return []
    const list = typeof found === 'function' ? [found] : [...found]
    return unwrap ? list.map((listener) => listener.listener ?? listener) : list
  }

  const methods = {
    setMaxListeners(this: Emitter, n: unknown): Emitter {
      checkNumber(n, 'setMaxListeners', 0)
      this._maxListeners = n
      return this
    },
    getMaxListeners(this: Emitter): number {
      return maxOf(this)
    },
    emit(this: Emitter, type: string | symbol, ...args: unknown[]): boolean {
      const events = this._events
      if (type === 'error') {
        if (events?.[MONITOR] !== undefined) this['emit'](MONITOR, ...args)
        if (events?.['error'] === undefined) {
          const [error] = args
          if (error instanceof Error) throw error
          const shown = ((): string => {
            try {
              return inspect(error)
            } catch {
              return String(error)
            }
          })()
          throw nodeError(Error, 'ERR_UNHANDLED_ERROR', `Unhandled error. (${shown})`, { context: error })
        }
      }
      const handler = events?.[type]
      if (handler === undefined) return false
      if (typeof handler === 'function') call(this, handler, type, args)
      else for (const listener of [...handler]) call(this, listener, type, args)
      return true
    },
    addListener(this: Emitter, type: string | symbol, listener: unknown): Emitter {
      return add(this, type, listener, 'push')
    },
    on(this: Emitter, type: string | symbol, listener: unknown): Emitter {
      return add(this, type, listener, 'push')
    },
    prependListener(this: Emitter, type: string | symbol, listener: unknown): Emitter {
      return add(this, type, listener, 'unshift')
    },
    once(this: Emitter, type: string | symbol, listener: unknown): Emitter {
      return this['on'](type, once(this, type, listener)) as Emitter
    },
    prependOnceListener(this: Emitter, type: string | symbol, listener: unknown): Emitter {
      return this['prependListener'](type, once(this, type, listener)) as Emitter
    },
    removeListener(this: Emitter, type: string | symbol, listener: unknown): Emitter {
      checkFunction(listener, 'listener')
      const events = this._events
      const found = events?.[type]
      if (events === undefined || found === undefined) return this
      const isIt = (other: Listener): boolean => other === listener || other.listener === listener
      if (typeof found === 'function') {
        if (!isIt(found)) return this
        delete events[type]
        this._eventsCount--
        if (events['removeListener'] !== undefined) this['emit']('removeListener', type, found.listener ?? listener)
        return this
      }
      const at = found.findLastIndex(isIt)
      if (at < 0) return this
      found.splice(at, 1)
      if (found.length === 1) events[type] = found[0]!
      if (events['removeListener'] !== undefined) this['emit']('removeListener', type, listener)
      return this
    },
    off(this: Emitter, type: string | symbol, listener: unknown): Emitter {
      return this['removeListener'](type, listener) as Emitter
    },
    removeAllListeners(this: Emitter, type?: string | symbol): Emitter {
      const events = this._events
      if (events === undefined) return this
      if (events['removeListener'] !== undefined) {
        const types = arguments.length === 0 ? ownKeys(events).filter((key) => key !== 'removeListener') : [type!]
        for (const each of types) for (const listener of listenersOf(this, each, false).reverse()) this['removeListener'](each, listener)
      }
      if (arguments.length === 0) {
        this._events = Object.create(null) as Emitter['_events']
        this._eventsCount = 0
      } else if (events[type!] !== undefined) {
        delete events[type!]
        this._eventsCount--
      }
      return this
    },
    listeners(this: Emitter, type: string | symbol): Listener[] {
      return listenersOf(this, type, true)
    },
    rawListeners(this: Emitter, type: string | symbol): Listener[] {
      return listenersOf(this, type, false)
    },
    listenerCount(this: Emitter, type: string | symbol, listener?: Listener): number {
      const list = listenersOf(this, type, false)
      return listener === undefined ? list.length : list.filter((other) => other === listener || other.listener === listener).length
    },
    eventNames(this: Emitter): (string | symbol)[] {
      return this._events === undefined || this._eventsCount === 0 ? [] : ownKeys(this._events)
    },
  }
  Object.assign(EventEmitter.prototype, { _events: undefined, _eventsCount: 0, _maxListeners: undefined }, methods)
  Object.defineProperty(EventEmitter.prototype, CAPTURE, { value: false, writable: true })
  Object.assign(EventEmitter, { usingDomains: false, init, errorMonitor: MONITOR, captureRejectionSymbol: REJECTION })
  Object.defineProperty(EventEmitter, 'captureRejections', {
    get: () => EventEmitter.prototype[CAPTURE] as boolean,
    set: (value: unknown) => {
      checkBoolean(value, 'EventEmitter.captureRejections')
      EventEmitter.prototype[CAPTURE] = value
    },
    enumerable: true,
  })
  Object.defineProperty(EventEmitter, 'defaultMaxListeners', {
    get: () => defaultMax,
    set: (value: unknown) => {
      checkNumber(value, 'defaultMaxListeners', 0)
      defaultMax = value
    },
    enumerable: true,
  })
  return EventEmitter
}
