import type { StopReason } from './result.js'

/**
 * Ends a call for good. Thrown by host functions through the guest's frames, which no guest can catch:
 * a WebAssembly module without exception handling has nothing to catch it with, and components get a real trap.
 */
export class Stop extends Error {
  override readonly name = 'Stop'
  constructor(readonly reason: StopReason, message: string) {
    super(message)
  }
}

/** The first reason a call was stopped for; later ones do not replace it. */
export class Halt {
  #stop: Stop | undefined
  readonly #listeners: (() => void)[] = []

  get stop(): Stop | undefined {
    return this.#stop
  }

  /** Marks the call as stopped; sticky. Returns the stop that counts. */
  set(reason: StopReason, message: string): Stop {
    if (this.#stop === undefined) {
      this.#stop = new Stop(reason, message)
      for (const listener of this.#listeners.splice(0)) listener()
    }
    return this.#stop
  }

  /** Marks and throws. */
  raise(reason: StopReason, message: string): never {
    throw this.set(reason, message)
  }

  /** Throws when the call has been stopped. */
  check(): void {
    if (this.#stop !== undefined) throw this.#stop
  }

  /** Calls back once the call is stopped, or at once when it is; returns the cancellation. */
  onStop(listener: () => void): () => void {
    if (this.#stop !== undefined) listener()
    else this.#listeners.push(listener)
    return () => {
      const index = this.#listeners.indexOf(listener)
      if (index >= 0) this.#listeners.splice(index, 1)
    }
  }
}
