import type { GuestCore } from '../core.js'
import { type Mode, createCompare } from './node-compare/compare.js'

/** The deep comparisons of `util` and `assert`. */
export default (_core: GuestCore) => {
  const compare = createCompare()
  const as = (mode: Mode) => (a: unknown, b: unknown): boolean => compare(a, b, mode)
  return { isDeepEqual: as('loose'), isDeepStrictEqual: as('strict'), isPartialStrictEqual: as('partial') }
}
