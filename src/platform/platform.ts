/**
 * The host's own time and the engine's file: what glovebox itself needs of its surroundings.
 * Chosen by the package's conditional import `#platform`; none of it can be reached from a guest.
 */
export interface Platform {
  /** Monotonic milliseconds. */
  now(): number
  /** Calls back after `ms`; returns the cancellation. */
  startTimer(callback: () => void, ms: number): () => void
  /** As `startTimer`, without keeping a process alive for it. */
  startIdleTimer(callback: () => void, ms: number): () => void
  /** Calls back once the work at hand is done. */
  defer(callback: () => void): void
  /** Makes a test whether two stretches of `length` bytes are equal; absent where nothing is faster than a loop. */
  readonly compareBytes?: (a: Uint8Array, b: Uint8Array) => (startA: number, startB: number, length: number) => boolean
  /** Compiles the metered engine module that ships with the package. */
  compileEngine(): Promise<WebAssembly.Module>
  /** How many threads the machine runs at once. */
  parallelism(): number
  /** @throws GloveboxError `unsupported-platform` where threads cannot share memory */
  checkThreads(): void
  /** Starts a thread on the package's own file for it. It has no environment, no arguments and no streams of the process. */
  startThread(events: PlatformThreadEvents): PlatformThread
}

export interface PlatformThreadEvents {
  onMessage(message: unknown): void
  /** The thread has ended, by itself or not. */
  onEnd(cause: unknown): void
}

/** A thread, which keeps no process alive until it is held. */
export interface PlatformThread {
  post(message: unknown): void
  hold(): void
  release(): void
  terminate(): Promise<void>
}
