import type { ComponentPort } from '../port.js'
import type { Waitable } from './io.js'

const NS_PER_MS = 1e6
/** Longest delay of the platforms' timers. */
const MOST_MS = 2 ** 31 - 1

/**
 * The monotonic time of one call, in nanoseconds from its first reading: the granted clock's, never the host's.
 * A clock that cannot wait is moved on by each timer that runs, so that timers run in order without waiting.
 */
export class Timeline {
  /** Whether time passes without waiting. */
  readonly virtual: boolean
  readonly #port: ComponentPort
  #start: number | undefined
  #latest = 0n

  constructor(port: ComponentPort) {
    this.#port = port
    this.virtual = port.grants.clock.wait === undefined
  }

  /** Never less than any reading before. */
  now(): bigint {
    const reading = this.#port.grants.clock.now()
    this.#start ??= reading
    const elapsed = (reading - this.#start) * NS_PER_MS
    if (elapsed > 0 && elapsed < Number.MAX_VALUE) this.advance(BigInt(Math.floor(elapsed)))
    return this.#latest
  }

  /** From here on it is at least `instant`. */
  advance(instant: bigint): void {
    if (instant > this.#latest) this.#latest = instant
  }

  /** Ready from `due` on. */
  timer(due: bigint): Waitable {
    return { due, ready: () => this.#latest >= due || this.now() >= due, wait: (signal) => this.#wait(due, signal) }
  }

  async #wait(due: bigint, signal: AbortSignal): Promise<void> {
    const { clock } = this.#port.grants
    for (;;) {
      const left = due - this.now()
      if (left <= 0n || signal.aborted) return
      const ms = Math.min(Math.ceil(Number(left) / NS_PER_MS), MOST_MS)
      await clock.wait?.(ms, signal)
      if (signal.aborted) return
      // What has been waited for has passed, also for a clock that shows time in steps.
      this.advance(due - left + BigInt(ms) * BigInt(NS_PER_MS))
    }
  }
}
