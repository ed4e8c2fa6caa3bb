import type { Fuel } from '../fuel.js'
import type { Jspi, Switch } from '../switch.js'

type Callable = (...args: unknown[]) => unknown

export interface CrossingsOptions {
  readonly fuel: Fuel
  /** Absent where nothing but imports that wait is ever suspended. */
  readonly may: Switch['may'] | undefined
  /** Throws when nothing of the call may have an effect any more. */
  readonly check: () => void
  /** Begins a crossing, one way or the other. */
  readonly begin: () => void
}

/**
 * Every way between the host and the core modules of one instance. Keeps the switch that says whether a guest may be
 * suspended: only while no function of the host is on its stack, for what stands above one cannot be.
 */
export class Crossings {
  readonly #options: CrossingsOptions
  /** Set when a function of the host failed below a guest: what comes after is not the guest's own. */
  #broken: { readonly cause: unknown } | undefined

  constructor(options: CrossingsOptions) {
    this.#options = options
  }

  get broken(): { readonly cause: unknown } | undefined {
    return this.#broken
  }

  /** A function of the host as guests call it: while it runs, calls back into a guest cannot be suspended. */
  guard(fn: Callable): Callable {
    const { may, check, begin } = this.#options
    return (...args) => {
      check()
      const before = may === undefined ? 0 : may.value
      this.#allow(0)
      begin()
      try {
        return fn(...args)
      } catch (error) {
        this.#broken ??= { cause: error }
        throw error
      } finally {
        begin()
        this.#allow(before)
      }
    }
  }

  /** An entry that can be suspended: what it calls may be, as long as no function of the host stands in between. */
  promising(fn: Callable): Callable {
    const entry = (WebAssembly as unknown as Jspi).promising(fn)
    const left = (): void => this.#allow(0)
    return (...args) => {
      this.#allow(1)
      const result = entry(...args)
      this.#allow(0)
      // Registered first: whoever goes on after the guest finds the switch off.
      result.then(left, left)
      return result
    }
  }

  /** An import that can wait: while it does, others run and the deadline is looked after. */
  suspending(fn: Callable): unknown {
    const { fuel, check, begin } = this.#options
    const { Suspending } = WebAssembly as unknown as Jspi
    const back = (): void => {
      begin()
      fuel.startTurn()
      this.#allow(1)
    }
    return new Suspending((...args: never[]) => {
      check()
      this.#allow(0)
      begin()
      let answer: unknown
      try {
        answer = fn(...args)
      } catch (error) {
        this.#broken ??= { cause: error }
        back()
        throw error
      }
      const waits = answer instanceof Promise
      const unwatch = waits ? this.#wait() : undefined
      // An import that can suspend does, whatever it returns: even an answer at hand comes behind the entry's return.
      return Promise.resolve(answer).then(
        (value) => {
          unwatch?.()
          check()
          back()
          return value
        },
        (error: unknown) => {
          unwatch?.()
          this.#broken ??= { cause: error }
          back()
          throw error
        },
      )
    })
  }

  /** The guest goes on where it was suspended. */
  resume(): void {
    this.#allow(1)
  }

  #wait(): () => void {
    const { fuel } = this.#options
    fuel.pause()
    return fuel.watch()
  }

  #allow(value: 0 | 1): void {
    const { may } = this.#options
    if (may !== undefined) may.value = value
  }
}
