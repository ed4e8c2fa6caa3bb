import type { RunResult } from '../../src/index.js'
import { Stopped } from '../suite.js'

/** The value of a call that returned. Throws `Stopped` when a limit ended it. */
export function toValue(result: RunResult): unknown {
  if (result.outcome === 'stopped') throw new Stopped(result.reason)
  if (result.outcome === 'threw') throw new Error(`${result.error.name}: ${result.error.message}`)
  return result.value
}
