export { systemClock, type SystemClockOptions } from '../capabilities/clock/node.js'
export { http } from '../capabilities/net/web.js'
export { systemRandom } from '../capabilities/random/node.js'
