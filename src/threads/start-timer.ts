const MOST_DELAY_MS = 2_147_483_647

/** Calls back after `ms`; returns the cancellation. A thread lives as long as its host wants, whatever timers it has. */
export function startTimer(callback: () => void, ms: number): () => void {
  const timer = setTimeout(callback, Math.min(ms, MOST_DELAY_MS))
  return () => clearTimeout(timer)
}
