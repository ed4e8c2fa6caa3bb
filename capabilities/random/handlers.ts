import { GuestVisibleError, type Handlers, toHandlers } from '../capability.js'
import type { Random } from './random.js'

/** Most random bytes of one call of `random.fill`. */
const MOST_BYTES = 65_536

/** `random.fill(length)`: bytes of the granted sequence. */
export function createRandomHandlers(random: Random): Handlers {
  return toHandlers({
    'random.fill': ([length], call) => {
      call.target = `${String(length)} bytes`
      if (typeof length !== 'number' || !Number.isInteger(length) || length < 0 || length > MOST_BYTES) {
        throw new GuestVisibleError('RangeError', 'invalid-length', `Cannot make ${String(length)} random bytes: expected 0 to ${MOST_BYTES}`)
      }
      call.spend('in', length)
      return random.bytes(length)
    },
  })
}
