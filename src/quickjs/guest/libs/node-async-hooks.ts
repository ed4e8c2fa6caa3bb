import type { GuestCore } from '../core.js'
import { createContexts } from './node-async-hooks/contexts.js'
import { checkFunction } from './node/errors.js'

type Fn = (...args: any[]) => unknown

/** Node's `async_hooks`, as far as it can be kept without hooks into `await`. */
export default (_core: GuestCore) => {
  const contexts = createContexts(globalThis)
  let lastId = 1

  class AsyncLocalStorage {
    readonly #key = {}
    readonly name: string
    readonly #fallback: unknown

    constructor(options: { readonly name?: string; readonly defaultValue?: unknown } = {}) {
      this.name = options.name ?? ''
      this.#fallback = options.defaultValue
      contexts.watch()
    }

    static bind<T extends Fn>(fn: T): T {
      checkFunction(fn, 'fn')
      return contexts.bind(fn) as T
    }

    static snapshot(): Fn {
      return contexts.bind((fn: Fn, ...args: unknown[]) => fn(...args))
    }

    /** @throws where code behind an `await` asks while a run is under way: whose it is cannot be told */
    getStore(): unknown {
      const context = contexts.current(this.#key)
      return context.has(this.#key) ? context.get(this.#key) : this.#fallback
    }

    run(store: unknown, fn: Fn, ...args: unknown[]): unknown {
      return contexts.run(this.#key, store, () => fn(...args))
    }

    exit(fn: Fn, ...args: unknown[]): unknown {
      return contexts.run(this.#key, undefined, () => fn(...args))
    }

    enterWith(): never {
      throw Object.assign(new Error('AsyncLocalStorage.enterWith is not available in a sandbox: use run(), whose end is known'), { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' })
    }

    disable(): void {}
  }

  class AsyncResource {
    readonly type: string
    readonly #id = ++lastId
    readonly #run = AsyncLocalStorage.snapshot()

    constructor(type: string) {
      this.type = type
    }

    static bind<T extends Fn>(fn: T): T {
      return AsyncLocalStorage.bind(fn)
    }

    runInAsyncScope(fn: Fn, self?: unknown, ...args: unknown[]): unknown {
      return this.#run(() => fn.apply(self, args))
    }

    bind(fn: Fn): Fn {
      checkFunction(fn, 'fn')
      return (...args: unknown[]) => this.runInAsyncScope(fn, undefined, ...args)
    }

    emitDestroy(): this {
      return this
    }

    asyncId(): number {
      return this.#id
    }

    triggerAsyncId(): number {
      return 1
    }
  }
  for (const [type, name] of [[AsyncLocalStorage, 'AsyncLocalStorage'], [AsyncResource, 'AsyncResource']] as const) Object.defineProperty(type, 'name', { value: name })

  return {
    AsyncLocalStorage,
    AsyncResource,
    executionAsyncId: () => 1,
    triggerAsyncId: () => 0,
    executionAsyncResource: () => ({}),
    createHook: () => {
      throw Object.assign(new Error('async_hooks.createHook is not available in a sandbox: AsyncLocalStorage carries values along callbacks'), { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' })
    },
    asyncWrapProviders: Object.freeze({}),
  }
}
