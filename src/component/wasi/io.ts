import type { ComponentPort } from '../port.js'
import { Timeline } from './clocks-timeline.js'

/** Something a guest may wait for. */
export interface Waitable {
  /** Whether it is there; never blocks, never throws. */
  ready(): boolean
  /**
   * Settles once `ready()` answers true, whether it is fulfilled or rejected. `signal` is aborted when nobody waits for
   * it any more.
   */
  wait(signal: AbortSignal): Promise<unknown>
  /** Nanoseconds of the call's monotonic time at which time alone makes it ready. */
  readonly due?: bigint
}

/** Most bytes one call of a guest makes the host hold: more is read or written in more calls. */
export const MOST_BYTES = 1 << 20

const MOST = BigInt(MOST_BYTES)

/** A guest's count of bytes, no more than the host holds at once. */
export function toLength(count: bigint): number {
  return count >= 0n && count < MOST ? Number(count) : MOST_BYTES
}

/** What all WASI interfaces of one call share: its open resources, its time, and how it waits. */
export class Io {
  readonly port: ComponentPort
  readonly time: Timeline
  readonly #open = new Set<() => void>()
  readonly #wakers = new Set<() => void>()
  #watching = false

  constructor(port: ComponentPort) {
    this.port = port
    this.time = new Timeline(port)
    port.onSettle(() => this.#closeAll())
  }

  /**
   * Counts a resource of the guest and closes it, when nobody did before, once the call ends.
   * Returns what closes it, which may be called twice.
   */
  own(close: () => void): () => void {
    const release = this.port.resource()
    const drop = (): void => {
      if (!this.#open.delete(drop)) return
      release()
      close()
    }
    this.#open.add(drop)
    return drop
  }

  /** As `own`, for what is open already: it is closed at once when the call may have no more resources. */
  takeOver(close: () => void): () => void {
    try {
      return this.own(close)
    } catch (error) {
      close()
      throw error
    }
  }

  /** Stops the call for good, as a broken rule of an interface does. */
  trap(message: string): never {
    return this.port.halt.raise('trap', message)
  }

  /**
   * Calls `then` once one of `waitables` is ready: at once where one is, or where only virtual time stands between;
   * otherwise the guest's stack is suspended. Without an engine that can, the call is stopped as `needs-jspi`.
   */
  until<T>(waitables: readonly Waitable[], then: () => T | Promise<T>): T | Promise<T> {
    if (waitables.some((each) => each.ready())) return then()
    const { canSuspend, halt } = this.port
    halt.check()
    if (this.#passTime(waitables)) return then()
    if (!canSuspend) {
      return halt.raise('needs-jspi', 'The component waits for something that is not there yet, and this engine cannot suspend it; use Node 24 or later')
    }
    return this.#suspend(waitables, then)
  }

  /** A clock without `wait` is moved to the next timer when nothing else can happen. */
  #passTime(waitables: readonly Waitable[]): boolean {
    if (!this.time.virtual) return false
    let next: bigint | undefined
    for (const { due } of waitables) {
      if (due === undefined) return false
      if (next === undefined || due < next) next = due
    }
    if (next === undefined) return false
    this.time.advance(next)
    return true
  }

  async #suspend<T>(waitables: readonly Waitable[], then: () => T | Promise<T>): Promise<T> {
    this.#watch()
    const awake = new AbortController()
    let waker = (): void => {}
    const woken = new Promise<void>((resolve) => {
      waker = resolve
      this.#wakers.add(resolve)
    })
    try {
      for (const each of waitables) {
        // A virtual timer waits for the rest: it has no time of its own.
        if (each.due === undefined || !this.time.virtual) each.wait(awake.signal).then(waker, waker)
      }
      await woken
    } finally {
      this.#wakers.delete(waker)
      awake.abort(AWAKE)
    }
    this.#checkAlive()
    return this.until(waitables, then)
  }

  /** Wakes who waits when the call is stopped or ends; asked for when somebody first waits. */
  #watch(): void {
    this.#checkAlive()
    if (this.#watching) return
    this.#watching = true
    const wake = (): void => {
      for (const waker of this.#wakers) waker()
    }
    this.port.halt.onStop(wake)
    this.port.signal.addEventListener('abort', wake, { once: true })
  }

  #checkAlive(): void {
    const { halt, signal } = this.port
    halt.check()
    if (signal.aborted) halt.raise('aborted', 'The call ended while the component waited')
  }

  #closeAll(): void {
    const failures: unknown[] = []
    for (const drop of [...this.#open].reverse()) {
      try {
        drop()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'resources of a component failed to close')
  }
}

/** A reason made once: an error with its stack costs more than waking. */
const AWAKE = Object.freeze(new Error('awake'))
