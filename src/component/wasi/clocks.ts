import { toDatetime } from './clocks-datetime.js'
import type { Datetime } from './clocks-datetime.js'
import { Pollable } from './poll.js'
import { row } from './skin.js'
import type { Skin } from './skin.js'

const NS_PER_MS = 1e6

/** `wasi:clocks`, all of it on the granted clock. */
export const clocksSkin: Skin = {
  names: ['wasi:clocks/monotonic-clock', 'wasi:clocks/wall-clock', 'wasi:clocks/timezone'],
  make: (port, io) => {
    const { clock } = port.grants
    const { limits, halt } = port
    const resolutionMs = clock.resolutionMs ?? 1
    let recorded = false
    const reading = (): void => {
      if (recorded) return
      recorded = true
      port.once('clock', 'now', clock.reach().map(({ target }) => target).join(', '))
    }
    let timers = 0
    const timer = (due: bigint): Pollable => {
      if (timers >= limits.timers) halt.raise('timers', `More than ${limits.timers} timers are alive; raise limits.timers`)
      const pollable = new Pollable(io, io.time.timer(due), () => timers--)
      timers++
      return pollable
    }
    const offset = ({ seconds }: Datetime): number => {
      reading()
      return clock.utcOffsetSeconds?.(Number(seconds)) ?? 0
    }
    return {
      'wasi:clocks/monotonic-clock': row({
        now: () => {
          reading()
          return io.time.now()
        },
        resolution: () => BigInt(Math.max(1, Math.round(resolutionMs * NS_PER_MS))),
        subscribeInstant: (when: bigint) => timer(when),
        subscribeDuration: (when: bigint) => timer(io.time.now() + when),
      }),
      'wasi:clocks/wall-clock': row({
        now: () => {
          reading()
          return toDatetime(clock.now())
        },
        resolution: () => toDatetime(resolutionMs),
      }),
      'wasi:clocks/timezone': row({
        utcOffset: offset,
        display: (when: Datetime) => {
          const utcOffset = offset(when)
          return { utcOffset, name: toName(utcOffset), inDaylightSavingTime: false }
        },
      }),
    }
  },
}

/** `UTC`, or the offset itself: a clock does not tell what people call it. */
function toName(offsetSeconds: number): string {
  if (offsetSeconds === 0) return 'UTC'
  const minutes = Math.floor(Math.abs(offsetSeconds) / 60)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${offsetSeconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
