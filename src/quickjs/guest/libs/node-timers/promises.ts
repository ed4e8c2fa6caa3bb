import { invalidType, nodeError } from '../node/errors.js'

type Timers = Pick<typeof globalThis, 'setTimeout' | 'setInterval' | 'setImmediate' | 'clearTimeout' | 'clearInterval' | 'clearImmediate'>
interface Options {
  readonly signal?: AbortSignal
  readonly ref?: boolean
}

const checkOptions = (options: unknown): Options => {
  if (typeof options !== 'object' || options === null) throw invalidType('options', 'of type object', options)
  const { signal, ref } = options as { readonly signal?: unknown; readonly ref?: unknown }
  if (signal !== undefined && (typeof signal !== 'object' || signal === null || !('aborted' in signal))) throw invalidType('options.signal', 'an instance of AbortSignal', signal)
  if (ref !== undefined && typeof ref !== 'boolean') throw invalidType('options.ref', 'of type boolean', ref)
  return options as Options
}

const aborted = (signal: AbortSignal): Error =>
  Object.assign(nodeError(Error, 'ABORT_ERR', 'The operation was aborted'), { name: 'AbortError', cause: signal.reason as unknown })

/** `timers/promises`. */
export function createTimerPromises(timers: Timers): Record<string, unknown> {
  /** Waits for what `start` starts, unless the signal aborts. */
  const wait = async <T>(value: T, given: unknown, start: (done: () => void) => () => void): Promise<T> => {
    const { signal } = checkOptions(given)
    if (signal?.aborted === true) throw aborted(signal)
    return await new Promise<T>((resolve, reject) => {
      const onAbort = (): void => {
        stop()
        reject(aborted(signal!))
      }
      const stop = start(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve(value)
      })
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }
  const setTimeout = async (delay?: number, value?: unknown, options: unknown = {}): Promise<unknown> => {
    if (delay !== undefined && typeof delay !== 'number') throw invalidType('delay', 'of type number', delay)
    return await wait(value, options, (done) => {
      const id = timers.setTimeout(done, delay)
      return () => timers.clearTimeout(id)
    })
  }
  const setImmediate = (value?: unknown, options: unknown = {}): Promise<unknown> =>
    wait(value, options, (done) => {
      const id = timers.setImmediate(done)
      return () => timers.clearImmediate(id)
    })
  async function* setInterval(delay?: number, value?: unknown, options: unknown = {}): AsyncGenerator<unknown> {
    const { signal } = checkOptions(options)
    const isAborted = (): boolean => signal?.aborted === true
    if (isAborted()) throw aborted(signal!)
    let due = 0
    let wake: (() => void) | undefined
    const id = timers.setInterval(() => {
      due++
      wake?.()
    }, delay)
    const onAbort = (): void => wake?.()
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      for (;;) {
        if (due === 0 && !isAborted()) await new Promise<void>((resolve) => (wake = resolve))
        if (isAborted()) throw aborted(signal!)
        for (; due > 0; due--) yield value
      }
    } finally {
      timers.clearInterval(id)
      signal?.removeEventListener('abort', onAbort)
    }
  }
  return {
    setTimeout,
    setImmediate,
    setInterval,
    scheduler: { wait: (delay: number, options?: object) => setTimeout(delay, undefined, options), yield: () => setImmediate() },
  }
}
