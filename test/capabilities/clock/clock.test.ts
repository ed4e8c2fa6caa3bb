import { describe, expect, it } from 'vitest'
import { type Clock, FROZEN_MS, coarse, fixedClock, steppedClock } from '../../../capabilities/clock/clock.js'

const invalid = expect.objectContaining({ name: 'GloveboxError', code: 'invalid-grant' })

describe('fixedClock()', () => {
  it.each([['2026-10-01T12:00:00Z'], [new Date('2026-10-01T12:00:00Z')], [Date.parse('2026-10-01T12:00:00Z')]])('stands still at %s', (instant) => {
    const clock = fixedClock(instant)
    expect([clock.now(), clock.now()]).toEqual([1_790_856_000_000, 1_790_856_000_000])
    expect(clock.reach()).toEqual([{ capability: 'clock', target: 'fixed at 2026-10-01T12:00:00.000Z', acts: 'read' }])
  })

  it('gives no waiting, so that timers run in order at once', () => {
    expect(fixedClock(0).wait).toBeUndefined()
    expect(Object.isFrozen(fixedClock(0))).toBe(true)
  })

  it.each([['yesterday'], [''], [Number.NaN], [Infinity], [8.64e15 + 1], [new Date(Number.NaN)]])('refuses %s', (instant) => {
    expect(() => fixedClock(instant)).toThrow(invalid)
  })
})

describe('steppedClock()', () => {
  it('moves by a step with every reading, from the frozen instant on', () => {
    const clock = steppedClock()
    expect([clock.now(), clock.now(), clock.now()]).toEqual([FROZEN_MS, FROZEN_MS + 1, FROZEN_MS + 2])
  })

  it('takes a start and a step, and keeps its state to itself', () => {
    const options = { start: 1000, stepMs: 0.5 }
    const [one, other] = [steppedClock(options), steppedClock(options)]
    expect([one.now(), one.now(), other.now()]).toEqual([1000, 1000.5, 1000])
  })

  it.each([[{ stepMs: -1 }], [{ stepMs: Number.NaN }], [{ start: 'soon' }]])('refuses %j', (options) => {
    expect(() => steppedClock(options)).toThrow(invalid)
  })
})

describe('coarse()', () => {
  it('shows only whole steps, below and above the epoch', () => {
    const readings = [0, 99.9, 100, 250, -1]
    const clock: Clock = { kind: 'clock', now: () => readings.shift()!, reach: () => [{ capability: 'clock', target: 't', acts: 'read' }] }
    const steps = coarse(clock, 100)
    expect([steps.now(), steps.now(), steps.now(), steps.now(), steps.now()]).toEqual([0, 0, 100, 200, -100])
    expect(steps.reach()).toEqual([{ capability: 'clock', target: 't', acts: 'read (100 ms)' }])
  })

  it('is never finer than the clock it was made of', () => {
    const clock = coarse(coarse(steppedClock({ start: 0, stepMs: 7 }), 100), 1)
    for (let reading = 0; reading < 100; reading++) expect(clock.now() % 100).toBe(0)
  })

  it('keeps the offset and the waiting of the clock', async () => {
    const clock: Clock = { ...fixedClock(0), utcOffsetSeconds: () => 3600, wait: async () => {} }
    const steps = coarse(clock, 10)
    expect(steps.utcOffsetSeconds!(0)).toBe(3600)
    await expect(steps.wait!(5, new AbortController().signal)).resolves.toBeUndefined()
  })

  it.each([[0], [-1], [Number.NaN], [Infinity]])('refuses steps of %s', (resolutionMs) => {
    expect(() => coarse(fixedClock(0), resolutionMs)).toThrow(invalid)
  })
})
