/** Longest delay a platform timer takes; a longer one would fire at once (HTML, timer initialisation steps). */
export const MOST_DELAY_MS = 2_147_483_647

/** Calls back after `ms`; returns the cancellation. */
export function startTimer(callback: () => void, ms: number): () => void {
  const timer = setTimeout(callback, Math.min(ms, MOST_DELAY_MS))
  return () => clearTimeout(timer)
}
