import { GloveboxError } from '../../src/errors.js'
import { type Clock, coarse } from './clock.js'

export interface SystemClockOptions {
  /** Steps in which time is seen, in milliseconds. @default 1 */
  readonly resolutionMs?: number
  /** IANA zone of local time, such as `Europe/Berlin`. @default 'UTC' */
  readonly timeZone?: string
}

/**
 * The machine's own time; guests' timers really wait.
 * @throws GloveboxError `invalid-grant` for an unknown time zone or a resolution that is not above 0
 * @example grants: { clock: systemClock({ resolutionMs: 100 }) }
 */
export function systemClock(options: SystemClockOptions = {}): Clock {
  const { resolutionMs = 1, timeZone = 'UTC' } = options
  const offset = timeZone === 'UTC' ? () => 0 : toOffset(timeZone)
  const clock: Clock = {
    kind: 'clock',
    now: () => Date.now(),
    timeZone,
    utcOffsetSeconds: offset,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        const done = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, ms)
        signal.addEventListener('abort', done, { once: true })
      }),
    reach: () => [{ capability: 'clock', target: timeZone === 'UTC' ? 'system' : `system, ${timeZone}`, acts: 'read' }],
  }
  return coarse(clock, resolutionMs)
}

function toOffset(timeZone: string): (epochSeconds: number) => number {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    })
  } catch (cause) {
    throw new GloveboxError('invalid-grant', `systemClock: unknown time zone "${timeZone}"; use an IANA name such as "Europe/Berlin"`, { cause })
  }
  return (epochSeconds) => {
    const instant = Math.max(-8.64e12, Math.min(8.64e12, epochSeconds)) * 1000
    const parts: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(instant)) parts[type] = Number(value)
    const local = Date.UTC(parts['year']!, parts['month']! - 1, parts['day'], parts['hour'], parts['minute'], parts['second'])
    return Math.round((local - instant) / 1000)
  }
}
