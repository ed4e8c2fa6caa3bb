import type { GuestCore } from '../../core.js'
import { Event, EventTarget } from './events.js'

/** Makes `AbortController` and `AbortSignal`; timeouts run on the granted clock. */
export const createAbort = (core: GuestCore) => {
  const secretKey = {}
  let abortSignal: (signal: AbortSignal, reason: unknown) => void

  /** @see https://dom.spec.whatwg.org/#interface-AbortSignal */
  class AbortSignal extends EventTarget {
    #isAborted = false
    #reason: unknown = undefined
    #onabort: ((event: Event) => void) | null = null

    static {
      abortSignal = (signal, reason) => signal.#abort(reason)
    }

    constructor(key?: object) {
      if (key !== secretKey) throw new TypeError('Illegal constructor')
      super()
    }

    get aborted(): boolean {
      return this.#isAborted
    }

    get reason(): unknown {
      return this.#reason
    }

    get onabort(): ((event: Event) => void) | null {
      return this.#onabort
    }

    set onabort(handler: ((event: Event) => void) | null) {
      if (this.#onabort !== null) this.removeEventListener('abort', this.#onabort)
      this.#onabort = typeof handler === 'function' ? handler : null
      this.addEventListener('abort', this.#onabort)
    }

    throwIfAborted(): void {
      if (this.#isAborted) throw this.#reason
    }

    #abort(reason: unknown): void {
      if (this.#isAborted) return
      this.#isAborted = true
      this.#reason = reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason
      this.dispatchEvent(new Event('abort'))
    }

    static abort(reason?: unknown): AbortSignal {
      const signal = new AbortSignal(secretKey)
      signal.#abort(reason)
      return signal
    }

    static timeout(milliseconds: number): AbortSignal {
      const delay = Number(milliseconds)
      if (!Number.isFinite(delay) || delay < 0 || delay > Number.MAX_SAFE_INTEGER)
        throw new TypeError('AbortSignal.timeout: expected milliseconds')
      const signal = new AbortSignal(secretKey)
      core.startTimer(
        () => signal.#abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
        delay,
        false,
      )
      return signal
    }

    static any(signals: Iterable<AbortSignal>): AbortSignal {
      const sources = [...signals]
      if (!sources.every((source) => source instanceof AbortSignal))
        throw new TypeError('AbortSignal.any: expected a list of AbortSignal')
      const signal = new AbortSignal(secretKey)
      const aborted = sources.find((source) => source.aborted)
      if (aborted !== undefined) {
        signal.#abort(aborted.reason)
        return signal
      }
      for (const source of sources)
        source.addEventListener('abort', () => signal.#abort(source.reason), { once: true, signal })
      return signal
    }

    override get [Symbol.toStringTag](): string {
      return 'AbortSignal'
    }
  }

  /** @see https://dom.spec.whatwg.org/#interface-abortcontroller */
  class AbortController {
    readonly #signal = new AbortSignal(secretKey)

    get signal(): AbortSignal {
      return this.#signal
    }

    abort(reason?: unknown): void {
      abortSignal(this.#signal, reason)
    }

    get [Symbol.toStringTag](): string {
      return 'AbortController'
    }
  }

  return { AbortController, AbortSignal }
}

export type Abort = ReturnType<typeof createAbort>
export type Signal = InstanceType<Abort['AbortSignal']>
