import type { Halt } from './stop.js'

/** Fuel handed out at a time: about 2-5 ms of guest work, the grain at which deadline and abort are seen. */
const SLICE = 1_000_000

export interface FuelOptions {
  readonly limit: number
  /** Monotonic host time in milliseconds. */
  readonly now: () => number
  /** On the scale of `now`. */
  readonly deadline: number
  readonly deadlineMs: number
  readonly signal: AbortSignal
}

/** Hands out a call's fuel in slices and stops the guest when it, the deadline or the caller's patience is used up. */
export class Fuel {
  #handed = 0
  readonly #options: FuelOptions
  readonly #halt: Halt

  constructor(halt: Halt, options: FuelOptions) {
    this.#halt = halt
    this.#options = options
  }

  /** Fuel used so far, given what is left of the current slice. */
  used(left: number): number {
    return Math.min(this.#handed - left, this.#options.limit)
  }

  /** Another budget under the same deadline and signal, for work that the guest's own fuel does not pay. */
  beside(limit: number): Fuel {
    return new Fuel(this.#halt, { ...this.#options, limit })
  }

  /** The next slice, or -1 when the guest must stop; called by the metered module itself. */
  refill(): number {
    const { limit } = this.#options
    if (this.#halt.stop !== undefined) return -1
    this.checkTime()
    if (this.#halt.stop !== undefined) return -1
    const slice = Math.min(SLICE, limit - this.#handed)
    if (slice <= 0) {
      this.#halt.set('fuel', `The call used its fuel of ${limit} units; raise limits.fuel if the work is worth it`)
      return -1
    }
    this.#handed += slice
    return slice
  }

  /** Marks the call as stopped when its deadline has passed or its caller gave up. */
  checkTime(): void {
    const { now, deadline, deadlineMs, signal } = this.#options
    if (signal.aborted) this.#halt.set('aborted', 'The call was aborted by its signal')
    else if (now() >= deadline) {
      this.#halt.set('deadline', `The call passed its deadline of ${deadlineMs} ms; raise limits.deadlineMs if it needs longer`)
    }
  }
}
