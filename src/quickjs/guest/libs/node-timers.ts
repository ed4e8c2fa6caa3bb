import type { GuestCore } from '../core.js'
import { createTimerPromises } from './node-timers/promises.js'

/** Node's `timers` and `timers/promises`, on the granted clock. */
export default (_core: GuestCore) => {
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = globalThis
  const promises = createTimerPromises({ setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate })
  return { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, promises }
}
