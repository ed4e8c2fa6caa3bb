export { systemClock, type SystemClockOptions } from '../capabilities/clock/node.js'
export { openDir, type OpenDirOptions } from '../capabilities/fs/node.js'
export { http, type HttpOptions } from '../capabilities/net/node.js'
export { systemRandom } from '../capabilities/random/node.js'
