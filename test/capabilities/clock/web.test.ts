import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../capabilities/clock/web.js'

const at = (text: string): number => Date.parse(text) / 1000

describe('systemClock()', () => {
  it('reads the machine in steps of its resolution', () => {
    const clock = systemClock({ resolutionMs: 1000 })
    const [before, now, after] = [Date.now(), clock.now(), Date.now()]
    expect(now % 1000).toBe(0)
    expect(now).toBeGreaterThan(before - 1000)
    expect(now).toBeLessThanOrEqual(after)
    expect(clock.reach()).toEqual([{ capability: 'clock', target: 'system', acts: 'read (1000 ms)' }])
  })

  it('shows UTC unless a zone is granted, whatever the host uses', () => {
    expect(systemClock().utcOffsetSeconds!(at('2026-07-01T00:00:00Z'))).toBe(0)
    expect(systemClock({ timeZone: 'Asia/Kathmandu' }).utcOffsetSeconds!(0 + at('2026-07-01T00:00:00Z'))).toBe(5 * 3600 + 45 * 60)
  })

  it('follows summer time on both sides of its change', () => {
    const { utcOffsetSeconds } = systemClock({ timeZone: 'Europe/Berlin' })
    expect(utcOffsetSeconds!(at('2026-03-29T00:59:59Z'))).toBe(3600)
    expect(utcOffsetSeconds!(at('2026-03-29T01:00:00Z'))).toBe(7200)
    expect(utcOffsetSeconds!(at('2026-10-25T01:00:00Z'))).toBe(3600)
  })

  it('answers for instants no Date reaches', () => {
    const { utcOffsetSeconds } = systemClock({ timeZone: 'America/New_York' })
    for (const instant of [1e300, -1e300, 8.64e12, -8.64e12]) expect(Number.isFinite(utcOffsetSeconds!(instant))).toBe(true)
  })

  it('waits no longer than its signal, and leaves no listener behind', async () => {
    const { wait } = systemClock()
    const controller = new AbortController()
    const waiting = wait!(3_600_000, controller.signal)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    controller.abort()
    await waiting
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    await wait!(3_600_000, controller.signal)
    const other = new AbortController()
    await wait!(1, other.signal)
    expect(getEventListeners(other.signal, 'abort')).toHaveLength(0)
  })

  it.each([[{ timeZone: 'Europe/Atlantis' }], [{ timeZone: '' }], [{ resolutionMs: 0 }]])('refuses %j', (options) => {
    expect(() => systemClock(options)).toThrow(expect.objectContaining({ name: 'GloveboxError', code: 'invalid-grant' }))
  })
})
