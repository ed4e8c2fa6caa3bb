import type { GuestCore } from '../core.js'
import { nodeError } from './node/errors.js'

const NAMES = ['performance', 'Performance', 'PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure', 'PerformanceObserver', 'PerformanceObserverEntryList']
const refused = (name: string) => (): never => {
  throw nodeError(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `perf_hooks.${name} is not available in a sandbox: performance.now() reads the granted clock, and usage of the result tells what a call took`)
}

/** Node's `perf_hooks`: what the web has of it, on the granted clock. */
export default (_core: GuestCore) => {
  const global = globalThis as Record<string, unknown>
  const exports: Record<string, unknown> = { constants: Object.freeze({}) }
  for (const name of NAMES) Object.defineProperty(exports, name, { get: () => global[name], enumerable: true, configurable: true })
  for (const name of ['createHistogram', 'monitorEventLoopDelay']) exports[name] = refused(name)
  return exports
}
