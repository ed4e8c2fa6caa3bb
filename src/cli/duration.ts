import { UsageError } from './usage-error.js'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds of `500ms`, `2s`, `1.5m`, `1h`; a whole number, at least 1. */
export function toMilliseconds(text: string, flag: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h)$/.exec(text)
  const ms = match === null ? 0 : Math.round(Number(match[1]) * UNITS[match[2]!]!)
  if (ms < 1) throw new UsageError(`${flag} is "${text}": expected a duration such as 500ms, 2s or 1m`)
  return ms
}
