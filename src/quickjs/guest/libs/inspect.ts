import type { GuestCore } from '../core.js'
import { format, inspect } from './inspect/format.js'

/** `inspect` and `format`, apart from `console` so that a program which logs strings never loads them. */
export default (_core: GuestCore) => ({ inspect, format })
