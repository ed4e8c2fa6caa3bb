import type { GuestCore } from '../../core.js'
import { toCount, toSequence } from '../webidl/convert.js'
import { expose, required } from '../webidl/interfaces.js'
import type { EventTools } from './event.js'
import { handlerAttribute } from './handlers.js'
import type { Signals, TargetTools } from './target.js'

interface SignalState {
  isAborted: boolean
  reason: unknown
  readonly algorithms: Set<() => void>
  /** Signals that abort with this one, and those it aborts with: DOM Standard, section 3.2. */
  readonly dependents: Set<object>
  readonly sources: Set<object>
  isDependent: boolean
}

const SECRET = Symbol('constructor of AbortSignal')

/** Makes `AbortController` and `AbortSignal`; timeouts run on the granted clock. */
export const createAbort = (core: GuestCore, { Event }: EventTools, { EventTarget, fire }: TargetTools) => {
  let stateOf: (signal: unknown) => SignalState

  /** @see https://dom.spec.whatwg.org/#interface-AbortSignal */
  class AbortSignal extends EventTarget {
    readonly #state: SignalState = { isAborted: false, reason: undefined, algorithms: new Set(), dependents: new Set(), sources: new Set(), isDependent: false }

    static {
      stateOf = (signal) => (signal as AbortSignal).#state
    }

    constructor(secret?: symbol) {
      if (secret !== SECRET) throw new TypeError('Illegal constructor')
      super()
    }

    static abort(reason?: unknown): AbortSignal {
      const signal = new AbortSignal(SECRET)
      const state = signal.#state
      state.isAborted = true
      state.reason = reason === undefined ? aborted() : reason
      return signal
    }

    static timeout(milliseconds: number): AbortSignal {
      required(arguments.length, 1, 'AbortSignal.timeout')
      const delay = toCount(milliseconds, 'AbortSignal.timeout')
      const signal = new AbortSignal(SECRET)
      core.startTimer(() => abort(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError')), delay, false)
      return signal
    }

    static any(signals: Iterable<AbortSignal>): AbortSignal {
      required(arguments.length, 1, 'AbortSignal.any')
      const list = toSequence(signals, 'AbortSignal.any')
      for (const one of list) {
        if (!isSignal(one)) throw new TypeError('AbortSignal.any: expected a list of AbortSignal')
      }
      return dependentOn(list as AbortSignal[])
    }

    get aborted(): boolean {
      return this.#state.isAborted
    }

    get reason(): unknown {
      return this.#state.reason
    }

    throwIfAborted(): void {
      const state = this.#state
      if (state.isAborted) throw state.reason
    }

    static {
      Object.defineProperty(this.prototype, 'onabort', handlerAttribute('abort', (target) => {
        void (target as AbortSignal).#state
        return target as object
      }))
    }

    static isSignal(value: unknown): value is AbortSignal {
      return typeof value === 'object' && value !== null && #state in value
    }
  }
  const { isSignal } = AbortSignal
  Reflect.deleteProperty(AbortSignal, 'isSignal')
  expose(AbortSignal, { name: 'AbortSignal', length: 0, lengths: { abort: 0 } })

  const aborted = (): DOMException => new DOMException('This operation was aborted', 'AbortError')

  const dependentOn = (sources: readonly AbortSignal[]): AbortSignal => {
    const signal = new AbortSignal(SECRET)
    const state = stateOf(signal)
    const first = sources.find((source) => source.aborted)
    if (first !== undefined) {
      state.isAborted = true
      state.reason = first.reason
      return signal
    }
    state.isDependent = true
    const link = (source: object): void => {
      state.sources.add(source)
      stateOf(source).dependents.add(signal)
    }
    for (const source of sources) {
      const from = stateOf(source)
      if (from.isDependent) from.sources.forEach(link)
      else link(source)
    }
    return signal
  }

  const run = (signal: AbortSignal): void => {
    const state = stateOf(signal)
    const algorithms = [...state.algorithms]
    state.algorithms.clear()
    for (const algorithm of algorithms) algorithm()
    fire(signal, new Event('abort'))
  }

  const abort = (signal: AbortSignal, reason: unknown): void => {
    const state = stateOf(signal)
    if (state.isAborted) return
    state.isAborted = true
    state.reason = reason === undefined ? aborted() : reason
    const following = [...state.dependents].filter((one) => !stateOf(one).isAborted) as AbortSignal[]
    for (const one of following) {
      stateOf(one).isAborted = true
      stateOf(one).reason = state.reason
    }
    run(signal)
    for (const one of following) run(one)
    // None of them can abort again, so nothing needs to lead to them any more.
    for (const one of following) for (const source of stateOf(one).sources) stateOf(source).dependents.delete(one)
    state.dependents.clear()
  }

  /** @see https://dom.spec.whatwg.org/#interface-abortcontroller */
  class AbortController {
    readonly #signal = new AbortSignal(SECRET)

    get signal(): AbortSignal {
      return this.#signal
    }

    abort(reason?: unknown): void {
      abort(this.#signal, reason)
    }
  }
  expose(AbortController, { name: 'AbortController', lengths: { abort: 0 } })

  /** Runs `algorithm` when the signal aborts, before its event; returns how to take that back. */
  const onAbort = (signal: AbortSignal, algorithm: () => void): (() => void) => {
    const { algorithms, isAborted } = stateOf(signal)
    if (!isAborted) algorithms.add(algorithm)
    return () => void algorithms.delete(algorithm)
  }

  const signals: Signals = {
    isAborted(signal) {
      if (!isSignal(signal)) throw new TypeError('EventTarget.addEventListener: signal is no AbortSignal')
      return signal.aborted
    },
    onAbort: (signal, algorithm) => void onAbort(signal as AbortSignal, algorithm),
  }

  return { AbortController, AbortSignal, signals, isSignal, onAbort, dependentOn }
}

export type Abort = ReturnType<typeof createAbort>
export type Signal = InstanceType<Abort['AbortSignal']>
