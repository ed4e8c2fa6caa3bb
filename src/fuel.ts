import type { Halt } from './stop.js'

/**
 * Fuel handed out at a time, the grain at which deadline and abort are seen: below a millisecond of a guest's own
 * code, about ten where the engine compares long texts.
 */
const SLICE = 1_000_000

/** How long a guest runs before the host's other work gets its turn, where the platform can suspend it. */
const TURN_MS = 3

export interface FuelOptions {
  readonly limit: number
  /** Monotonic host time in milliseconds. */
  readonly now: () => number
  /** On the scale of `now`. */
  readonly deadline: number
  readonly deadlineMs: number
  /** @default nobody gives up */
  readonly signal: AbortSignal | undefined
  /** Calls back once the host's work at hand is done. */
  readonly defer: (callback: () => void) => void
  /** Calls back after milliseconds; returns the cancellation. */
  readonly startTimer: (callback: () => void, ms: number) => () => void
}

/** Hands out a call's fuel in slices and stops the guest when it, the deadline or the caller's patience is used up. */
export class Fuel {
  #handed = 0
  #lastTurn: number
  #onPause: (() => void) | undefined
  readonly #options: FuelOptions
  readonly #halt: Halt

  constructor(halt: Halt, options: FuelOptions) {
    this.#halt = halt
    this.#options = options
    this.#lastTurn = options.now()
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

  /** Whether the guest has run for so long that others should. */
  get isTurnDue(): boolean {
    return this.#options.now() - this.#lastTurn >= TURN_MS
  }

  /** As `refill`, letting the host do its other work first when the guest has run for a while. */
  turn(): number | Promise<number> {
    const { now, defer } = this.#options
    const time = now()
    if (time - this.#lastTurn < TURN_MS) return this.refill()
    // One that has run for nothing yet has only waited for others that started with it.
    if (this.#handed > 0) this.pause()
    return new Promise((resolve) => {
      defer(() => {
        this.#lastTurn = now()
        resolve(this.refill())
      })
    })
  }

  /** Calls back the first time the guest lets others run: it waits, or its turn is over. */
  onPause(callback: () => void): void {
    this.#onPause = callback
  }

  /** The guest lets others run. */
  pause(): void {
    const callback = this.#onPause
    this.#onPause = undefined
    callback?.()
  }

  /** The guest starts to run, or runs on after it waited. */
  startTurn(): void {
    this.#lastTurn = this.#options.now()
  }

  /**
   * Looks after the deadline while the guest waits and so asks for no fuel; returns the end of the watch.
   * Platform timers may fire up to a millisecond early, hence one more.
   */
  watch(): () => void {
    const { now, deadline, startTimer } = this.#options
    return startTimer(() => this.checkTime(), Math.max(0, Math.ceil(deadline - now())) + 1)
  }

  /** Marks the call as stopped when its deadline has passed or its caller gave up. */
  checkTime(): void {
    const { now, deadline, deadlineMs, signal } = this.#options
    if (signal?.aborted === true) this.#halt.set('aborted', 'The call was aborted by its signal')
    else if (now() >= deadline) {
      this.#halt.set('deadline', `The call passed its deadline of ${deadlineMs} ms; raise limits.deadlineMs if it needs longer`)
    }
  }
}
