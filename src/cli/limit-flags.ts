import { LIMIT_RANGES, type Limits } from '../limits.js'
import { toMilliseconds } from './duration.js'
import type { ParsedFlags } from './flags.js'
import { toBytes } from './size.js'
import { UsageError } from './usage-error.js'

/** Limits that flags set. @throws UsageError */
export function toLimitOverrides({ values }: ParsedFlags): Partial<Limits> {
  const one = (name: string): string | undefined => values.get(name)?.[0]
  const timeout = one('timeout')
  const fuel = one('fuel')
  const memory = one('memory')
  return {
    ...(timeout === undefined ? {} : { deadlineMs: inRange('deadlineMs', toMilliseconds(timeout, '--timeout'), `--timeout=${timeout}`) }),
    ...(fuel === undefined ? {} : { fuel: inRange('fuel', toCount(fuel), `--fuel=${fuel}`) }),
    ...(memory === undefined ? {} : { memoryBytes: inRange('memoryBytes', toBytes(memory, '--memory'), `--memory=${memory}`) }),
  }
}

function toCount(text: string): number {
  if (!/^\d{1,16}$/.test(text)) throw new UsageError(`--fuel is "${text}": expected a whole number such as 200000000`)
  return Number(text)
}

function inRange(name: keyof Limits, value: number, flag: string): number {
  const [least, most] = LIMIT_RANGES[name]
  if (value < least || value > most) throw new UsageError(`${flag} is out of range: from ${least} to ${most}${name === 'deadlineMs' ? ' ms' : name === 'memoryBytes' ? ' bytes' : ''}`)
  return value
}
