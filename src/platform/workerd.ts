import engine from '../quickjs.wasm'
import { GloveboxError } from '../errors.js'
import type { Platform } from './platform.js'

const MOST_DELAY_MS = 2_147_483_647

const startTimer = (callback: () => void, ms: number): (() => void) => {
  const timer = setTimeout(callback, Math.min(ms, MOST_DELAY_MS))
  return () => clearTimeout(timer)
}

/** Nothing is compiled at run time there: the engine comes with the deployment, as a module that is imported. */
export const platform: Platform = Object.freeze({
  now: () => performance.now(),
  startTimer,
  startIdleTimer: startTimer,
  defer(callback: () => void): void {
    setTimeout(callback, 0)
  },
  compileEngine: async () => engine,
  parallelism: () => 1,
  checkThreads: refuseThreads,
  startThread: refuseThreads,
})

function refuseThreads(): never {
  throw new GloveboxError('unsupported-platform', 'There are no threads on this platform; leave out isolation: \'thread\'')
}
