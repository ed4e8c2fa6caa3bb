import type { GuestCore } from '../core.js'
import { Temporal } from 'temporal-polyfill/implementation'

/** `Temporal`: dates and times with explicit zones and calendars, ECMA-262's next. Zones and formats are `Intl`'s. */
export default (_core: GuestCore) => ({ Temporal })
