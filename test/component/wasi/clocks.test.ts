import { describe, expect, it } from 'vitest'
import { coarse, fixedClock, steppedClock } from '../../../capabilities/clock/clock.js'
import type { Datetime } from '../../../src/component/wasi/clocks-datetime.js'
import { createWasi } from '../../../src/component/wasi/host.js'
import type { Pollable } from '../../../src/component/wasi/poll.js'
import { FakeClock, FakePort } from './fake-port.js'
import type { FakeOptions } from './fake-port.js'

interface Monotonic {
  readonly now: () => bigint
  readonly resolution: () => bigint
  readonly subscribeInstant: (when: bigint) => Pollable
  readonly subscribeDuration: (when: bigint) => Pollable
}

interface Wall {
  readonly now: () => Datetime
  readonly resolution: () => Datetime
}

interface Timezone {
  readonly utcOffset: (when: Datetime) => number
  readonly display: (when: Datetime) => { readonly utcOffset: number; readonly name: string; readonly inDaylightSavingTime: boolean }
}

function guest(options: FakeOptions = {}) {
  const port = new FakePort(options)
  const { imports } = createWasi(port)
  return {
    port,
    monotonic: imports['wasi:clocks/monotonic-clock'] as unknown as Monotonic,
    wall: imports['wasi:clocks/wall-clock'] as unknown as Wall,
    timezone: imports['wasi:clocks/timezone'] as unknown as Timezone,
    [Symbol.dispose]: () => port.settle(),
  }
}

describe('wasi:clocks', () => {
  it('without a grant, time stands still at a fixed epoch, in UTC', () => {
    using call = guest()
    expect(call.wall.now()).toEqual({ seconds: 946_684_800n, nanoseconds: 0 })
    expect([call.monotonic.now(), call.monotonic.now()]).toEqual([0n, 0n])
    expect(call.timezone.display(call.wall.now())).toEqual({ utcOffset: 0, name: 'UTC', inDaylightSavingTime: false })
  })

  it('the monotonic clock runs on the granted clock, from nothing, and never back', () => {
    let reading = 1000
    const clock = { ...fixedClock(0), now: () => reading }
    using call = guest({ clock })
    const seen = [0, 250.5, 100, 251].map((ms) => {
      reading = 1000 + ms
      return call.monotonic.now()
    })
    expect(seen).toEqual([0n, 250_500_000n, 250_500_000n, 251_000_000n])
    for (const broken of [NaN, Infinity, -Infinity]) {
      reading = broken
      expect(call.monotonic.now()).toBe(251_000_000n)
    }
  })

  it('resolution is that of the granted clock', () => {
    using call = guest({ clock: coarse(steppedClock(), 100) })
    expect(call.monotonic.resolution()).toBe(100_000_000n)
    expect(call.wall.resolution()).toEqual({ seconds: 0n, nanoseconds: 100_000_000 })
    using slow = guest({ clock: coarse(steppedClock(), 2500) })
    expect(slow.wall.resolution()).toEqual({ seconds: 2n, nanoseconds: 500_000_000 })
  })

  it('wall time keeps nanoseconds below a second and does not go before the epoch', () => {
    for (const [ms, expected] of [[1999.9999999, { seconds: 1n, nanoseconds: 999_999_999 }], [-5, { seconds: 0n, nanoseconds: 0 }], [1500, { seconds: 1n, nanoseconds: 500_000_000 }]] as const) {
      using call = guest({ clock: { ...fixedClock(0), now: () => ms } })
      const { seconds, nanoseconds } = call.wall.now()
      expect(seconds).toBe(expected.seconds)
      expect(nanoseconds).toBeLessThan(1e9)
      expect(Math.abs(nanoseconds - expected.nanoseconds)).toBeLessThan(1000)
    }
  })

  it('the time zone is the granted clock\'s', () => {
    using call = guest({ clock: { ...fixedClock(0), utcOffsetSeconds: (seconds) => (seconds > 1000 ? 7200 : -16_200) } })
    expect(call.timezone.display({ seconds: 2000n, nanoseconds: 0 })).toEqual({ utcOffset: 7200, name: '+02:00', inDaylightSavingTime: false })
    expect(call.timezone.display({ seconds: 1n, nanoseconds: 0 }).name).toBe('-04:30')
    expect(call.timezone.utcOffset({ seconds: 2n ** 64n - 1n, nanoseconds: 0 })).toBe(7200)
  })

  it('readings are recorded once', () => {
    using call = guest({ clock: fixedClock(0) })
    for (let i = 0; i < 5; i++) call.monotonic.now()
    call.wall.now()
    call.timezone.utcOffset(call.wall.now())
    expect(call.port.seen).toEqual(['clock.now fixed at 1970-01-01T00:00:00.000Z'])
    expect(call.port.calls).toEqual([])
  })

  it('a timer of an instant that has passed is ready at once; one of the far future needs no number of its size', () => {
    using call = guest({ clock: new FakeClock(), canSuspend: true })
    expect(call.monotonic.subscribeInstant(0n).ready()).toBe(true)
    expect(call.monotonic.subscribeDuration(0n).ready()).toBe(true)
    expect(call.monotonic.subscribeDuration(2n ** 64n - 1n).ready()).toBe(false)
    expect(call.monotonic.subscribeInstant(2n ** 64n - 1n).ready()).toBe(false)
  })

  it('a timer of the far future waits in steps the platform can take', async () => {
    const delays: number[] = []
    const clock = { ...fixedClock(0), wait: (ms: number) => (delays.push(ms), delays.length > 2 ? new Promise<void>(() => {}) : Promise.resolve()) }
    const call = guest({ clock, canSuspend: true })
    const blocked = call.monotonic.subscribeDuration(2n ** 64n - 1n).block()
    await new Promise(setImmediate)
    expect(delays).toEqual([2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1])
    call.port.settle()
    await expect(blocked).rejects.toThrow('ended')
  })

  it('sleeping on a clock that waits needs suspension', () => {
    using call = guest({ clock: new FakeClock() })
    expect(() => call.monotonic.subscribeDuration(1n).block()).toThrow(/Node 24/)
    expect(call.port.halt.stop?.reason).toBe('needs-jspi')
  })

  it('a loop that sleeps until an instant ends on a clock that stands still', () => {
    using call = guest()
    const end = call.monotonic.now() + 5_000_000_000n
    let naps = 0
    while (call.monotonic.now() < end) {
      const nap = call.monotonic.subscribeDuration(1_000_000_000n)
      nap.block()
      nap[Symbol.dispose]()
      naps++
    }
    expect(naps).toBe(5)
  })

  it('more timers than the limit stop the call, and dropped ones count no longer', () => {
    using call = guest({ limits: { timers: 2 } })
    for (let i = 0; i < 5; i++) call.monotonic.subscribeDuration(1n)[Symbol.dispose]()
    call.monotonic.subscribeDuration(1n)
    call.monotonic.subscribeDuration(1n)
    expect(() => call.monotonic.subscribeDuration(1n)).toThrow('limits.timers')
    expect(call.port.halt.stop?.reason).toBe('timers')
  })
})
