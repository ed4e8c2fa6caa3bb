type Fn = (...args: any[]) => unknown
type Values = ReadonlyMap<object, unknown>
interface Context {
  readonly values: Values
  /** Made where it was not known what it is within. */
  readonly isPart: boolean
}

const NOTHING: Values = new Map()

/**
 * Contexts that callbacks carry along: of timers, microtasks and promises. The engine tells nobody of the turn in which
 * code goes on behind an `await`, so that a question asked there is answered only while no run is under way.
 */
export function createContexts(global: typeof globalThis) {
  /** Of the code that runs now; unknown behind an `await`. */
  let active: Context | undefined = { values: NOTHING, isPart: false }
  /** Runs by storage whose promise has not settled. */
  const underWay = new Map<object, number>()
  let isWatching = false
  const { then } = Promise.prototype
  const { apply } = Reflect

  const within = <T>(context: Context | undefined, act: () => T): T => {
    const before = active
    active = context
    try {
      return act()
    } finally {
      active = before
    }
  }
  const bind = (fn: Fn): Fn => {
    const context = active
    return function (this: unknown, ...args: unknown[]) {
      return within(context, () => apply(fn, this, args) as unknown)
    }
  }
  /** What runs to its end before anything else is known; the turns behind it are not. */
  const leaveTurn = (): void => {
    active = undefined
  }

  const count = (key: object, by: 1 | -1): void => {
    underWay.set(key, (underWay.get(key) ?? 0) + by)
  }

  return {
    bind,
    /** From now on, callbacks carry the context that they were given in. */
    watch(): void {
      if (isWatching) return
      isWatching = true
      const replace = (holder: object, name: string, value: Fn): void => {
        Object.defineProperty(value, 'name', { value: name, configurable: true })
        Object.defineProperty(holder, name, { value, writable: true, enumerable: false, configurable: true })
      }
      replace(Promise.prototype, 'then', function (this: Promise<unknown>, done?: unknown, failed?: unknown) {
        return apply(then, this, [typeof done === 'function' ? bind(done as Fn) : done, typeof failed === 'function' ? bind(failed as Fn) : failed]) as unknown
      })
      for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'] as const) {
        const original = global[name] as unknown as Fn
        replace(global, name, (callback: unknown, ...rest: unknown[]) => original(typeof callback === 'function' ? bind(callback as Fn) : callback, ...rest))
      }
      apply(then, Promise.resolve(), [leaveTurn])
    },
    current(key: object): Values {
      if (active !== undefined && (!active.isPart || active.values.has(key))) return active.values
      if ((underWay.get(key) ?? 0) === 0) return NOTHING
      throw new Error(
        'AsyncLocalStorage: code behind an await cannot be told apart from other code while a run is under way; call getStore() before the first await and keep its answer, or pass the store as an argument',
      )
    },
    run<T>(key: object, store: unknown, act: () => T): T {
      const values = new Map(active?.values)
      values.set(key, store)
      const result = within({ values, isPart: active?.isPart ?? true }, act)
      if (typeof (result as { readonly then?: unknown } | null | undefined)?.then === 'function') {
        count(key, 1)
        const settled = (): void => count(key, -1)
        apply(then, Promise.resolve(result), [settled, settled])
      }
      return result
    },
  }
}
