export { systemClock, type SystemClockOptions } from '../capabilities/clock/web.js'
export { http } from '../capabilities/net/web.js'
export { systemRandom } from '../capabilities/random/web.js'
