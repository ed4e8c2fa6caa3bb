import { platform } from '#platform'

/**
 * A signal that is aborted with `signal`, or after `ms` when given. The caller releases it when the work is done.
 */
export function withTimeout(signal: AbortSignal, ms: number | undefined): { readonly signal: AbortSignal; readonly release: () => void } {
  if (ms === undefined) return { signal, release: () => {} }
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const cancel = platform.startTimer(abort, ms)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return {
    signal: controller.signal,
    release: () => {
      cancel()
      signal.removeEventListener('abort', abort)
    },
  }
}
