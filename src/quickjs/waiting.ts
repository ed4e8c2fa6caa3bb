/** A guest that waits in an instance. */
export interface Waiter {
  /** Gives the instance back and keeps what the guest needs to go on; false when that cannot be. */
  setAside(): boolean
}

export interface WaitingOptions {
  /**
   * Guests that wait in instances of their own; beyond, the one that has waited longest is set aside. To be set aside
   * and brought back costs as much time as a short call, to stay two megabytes. @default 128
   */
  readonly maxWaiting?: number
  /** Most guests set aside at once; 0 is none ever. @default 100_000 */
  readonly maxSetAside?: number
}

export const WAITING_DEFAULTS: Required<WaitingOptions> = { maxWaiting: 128, maxSetAside: 100_000 }

/** The guests that wait for answers or timers: in their instances, or set aside. */
export class Waiting {
  readonly #options: Required<WaitingOptions>
  /** Oldest first. */
  readonly #inInstances = new Set<Waiter>()
  #count = 0
  #bytes = 0

  constructor(options: WaitingOptions = {}) {
    this.#options = { ...WAITING_DEFAULTS, ...options }
  }

  /** Guests set aside, and the bytes kept of them. */
  get aside(): { readonly count: number; readonly bytes: number } {
    return { count: this.#count, bytes: this.#bytes }
  }

  /** Counts a guest that begins to wait; it may be set aside from now on. */
  add(waiter: Waiter): void {
    this.#inInstances.add(waiter)
    while (this.#inInstances.size > this.#options.maxWaiting && this.setAsideOldest());
  }

  /** Forgets a guest that goes on in its instance, or has ended. */
  delete(waiter: Waiter): void {
    this.#inInstances.delete(waiter)
  }

  /** Sets the guest aside that has waited longest; false when none can be. */
  setAsideOldest(): boolean {
    if (this.#count >= this.#options.maxSetAside) return false
    for (const waiter of this.#inInstances) {
      // One that cannot be is not asked again while it waits.
      this.#inInstances.delete(waiter)
      if (waiter.setAside()) return true
    }
    return false
  }

  /** Counts what is kept of a guest. */
  keep(bytes: number): void {
    this.#count++
    this.#bytes += bytes
  }

  /** Forgets what was kept of a guest. */
  release(bytes: number): void {
    this.#count--
    this.#bytes -= bytes
  }
}
