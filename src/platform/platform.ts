/**
 * The host's own time and the engine's file: what glovebox itself needs of its surroundings.
 * Chosen by the package's conditional import `#platform`; none of it can be reached from a guest.
 */
export interface Platform {
  /** Monotonic milliseconds. */
  now(): number
  /** Calls back after `ms`; returns the cancellation. Does not keep a process alive for a guest that has ended. */
  startTimer(callback: () => void, ms: number): () => void
  /** Calls back once the work at hand is done. */
  defer(callback: () => void): void
  /** Compiles the metered engine module that ships with the package. */
  compileEngine(): Promise<WebAssembly.Module>
}
