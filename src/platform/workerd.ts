import engine from '../quickjs.wasm'
import { GloveboxError } from '../errors.js'
import type { Platform } from './platform.js'
import { startTimer } from './start-timer.js'

/** Nothing is compiled at run time there: the engine comes with the deployment, as a module that is imported. */
export const platform: Platform = Object.freeze({
  now: () => performance.now(),
  startTimer(callback: () => void, ms: number): () => void {
    try {
      return startTimer(callback, ms)
    } catch (cause) {
      throw new GloveboxError('unsupported-platform', 'This platform has timers within requests only; run a program that waits in a handler', { cause })
    }
  },
  // Timers end with the request that set them, so nothing can be put off until nobody is there.
  startIdleTimer: () => () => {},
  defer: (callback: () => void) => queueMicrotask(callback),
  compileEngine: async () => engine,
  parallelism: () => 1,
  checkThreads: refuseThreads,
  startThread: refuseThreads,
})

function refuseThreads(): never {
  throw new GloveboxError('unsupported-platform', 'This platform has no threads; leave out isolation: \'thread\'')
}
