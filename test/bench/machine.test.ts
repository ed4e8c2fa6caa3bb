import { describe, expect, it } from 'vitest'
import { measureClock } from '../../bench/machine.js'

describe('measureClock()', () => {
  it('finds the smallest step of a coarse clock', () => {
    let reading = 0
    const now = (): number => Math.floor(reading++ / 4) * 0.5
    expect(measureClock(now, 100)).toEqual({ stepMs: 0.5, readMs: 0.125 })
  })

  it('says that a clock that stands still has no step', () => {
    expect(measureClock(() => 5, 100)).toEqual({ stepMs: Infinity, readMs: 0 })
  })
})
