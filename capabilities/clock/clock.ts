import { GloveboxError } from '../../src/errors.js'
import type { Capability, Reach } from '../capability.js'

/** What a guest's `Date`, `performance` and timers run on. */
export interface Clock extends Capability<'clock'> {
  /** Milliseconds since the epoch; may have fractions. */
  now(): number
  /** Steps in which time is seen, in milliseconds. @default 1 */
  readonly resolutionMs?: number
  /** IANA name of the zone that `utcOffsetSeconds` is of. @default none, or `UTC` where there are no offsets */
  readonly timeZone?: string
  /** Offset of local time from UTC in seconds at an epoch second; UTC when absent. */
  utcOffsetSeconds?(epochSeconds: number): number
  /** Waits in real time. Without it, timers run in order without waiting. Rejects or resolves early on `signal`. */
  wait?(ms: number, signal: AbortSignal): Promise<void>
}

/** The instant at which ungranted time stands still: 2000-01-01T00:00:00Z. */
export const FROZEN_MS = 946_684_800_000

/**
 * A clock that stands still at one instant.
 * @param instant An ISO 8601 text, a `Date` or milliseconds since the epoch.
 * @throws GloveboxError `invalid-grant` when it is no instant
 * @example grants: { clock: fixedClock('2026-10-01T12:00:00Z') }
 */
export function fixedClock(instant: string | number | Date): Clock {
  const ms = toMs('fixedClock', instant)
  return freeze({ kind: 'clock', now: () => ms, reach: () => reach(`fixed at ${new Date(ms).toISOString()}`) })
}

export interface SteppedClockOptions {
  /** First reading. @default 2000-01-01T00:00:00Z */
  readonly start?: string | number | Date
  /** How far each reading moves it, in milliseconds. @default 1 */
  readonly stepMs?: number
}

/**
 * A clock that moves by a fixed step with every reading, so that durations are positive and repeatable.
 * The state belongs to the returned clock: make one for each call.
 * @throws GloveboxError `invalid-grant`
 */
export function steppedClock(options: SteppedClockOptions = {}): Clock {
  const stepMs = options.stepMs ?? 1
  if (!Number.isFinite(stepMs) || stepMs < 0) throw new GloveboxError('invalid-grant', `steppedClock: stepMs is ${stepMs}: expected a number from 0`)
  let next = toMs('steppedClock', options.start ?? FROZEN_MS)
  return freeze({
    kind: 'clock',
    now: () => {
      const reading = next
      next += stepMs
      return reading
    },
    reach: () => reach(`stepped by ${stepMs} ms`),
  })
}

/**
 * The same clock in steps of `resolutionMs`: coarser time leaks less about the machine and other guests.
 * @throws GloveboxError `invalid-grant`
 */
export function coarse(clock: Clock, resolutionMs: number): Clock {
  if (!Number.isFinite(resolutionMs) || resolutionMs <= 0) {
    throw new GloveboxError('invalid-grant', `coarse: resolutionMs is ${resolutionMs}: expected a number above 0`)
  }
  return freeze({
    ...clock,
    resolutionMs: Math.max(resolutionMs, clock.resolutionMs ?? 0),
    now: () => Math.floor(clock.now() / resolutionMs) * resolutionMs,
    reach: () => clock.reach().map((row) => ({ ...row, acts: `${row.acts} (${resolutionMs} ms)` })),
  })
}

function reach(target: string): readonly Reach[] {
  return [{ capability: 'clock', target, acts: 'read' }]
}

function freeze(clock: Clock): Clock {
  return Object.freeze(clock)
}

function toMs(name: string, instant: string | number | Date): number {
  const ms = typeof instant === 'string' ? Date.parse(instant) : Number(instant)
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) {
    throw new GloveboxError('invalid-grant', `${name}: ${JSON.stringify(instant)} is no instant; pass an ISO 8601 text such as "2026-10-01T12:00:00Z"`)
  }
  return ms
}
