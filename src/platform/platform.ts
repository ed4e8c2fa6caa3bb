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
  /** Compiles the metered engine module that ships with the package. */
  compileEngine(): Promise<WebAssembly.Module>
}
