import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { geometricMean, median, percentile, ratioInterval, summarise } from '../../bench/statistics.js'

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

describe('percentile()', () => {
  it('is the sample of the nearest rank', () => {
    const samples = upTo(200)
    expect(percentile(samples, 50)).toBe(100)
    expect(percentile(samples, 95)).toBe(190)
    expect(percentile(samples, 99)).toBe(198)
  })

  it('does not depend on the order of the samples and leaves them as they are', () => {
    const samples = upTo(101).reverse()
    expect(percentile(samples, 50)).toBe(51)
    expect(samples[0]).toBe(101)
  })

  it('sorts numbers as numbers', () => {
    expect(percentile([9, 10, 100], 50)).toBe(10)
  })

  it.each([[50, 1], [95, 20], [99, 100]])('says nothing about the %dth with fewer than %d samples', (percent, least) => {
    expect(percentile(upTo(least - 1), percent)).toBeUndefined()
    expect(percentile(upTo(least), percent)).toBeDefined()
  })

  it('is always one of the samples, with at least its share of them not above it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 100, maxLength: 300 }), fc.constantFrom(50, 95, 99), (samples, percent) => {
        const value = percentile(samples, percent)!
        expect(samples).toContain(value)
        expect(samples.filter((sample) => sample <= value).length * 100).toBeGreaterThanOrEqual(percent * samples.length)
      }),
      { numRuns: 100 },
    )
  })
})

describe('summarise()', () => {
  it('counts what it summarises and leaves out what the count does not bear', () => {
    expect(summarise([4, 1, 1])).toEqual({ n: 3, p50: 1, p95: undefined, p99: undefined, mean: 2, min: 1 })
  })
})

describe('median()', () => {
  it('is one of the samples, of however few', () => {
    expect(median([7])).toBe(7)
    expect(median([9, 1])).toBe(1)
    expect(median([9, 1, 5])).toBe(5)
  })
})

describe('geometricMean()', () => {
  it('lets a double and a half cancel out', () => {
    expect(geometricMean([2, 0.5])).toBeCloseTo(1)
    expect(geometricMean([1, 10, 100])).toBeCloseTo(10)
  })
})

describe('ratioInterval()', () => {
  const noisy = (scale: number, seed: number): number[][] => Array.from({ length: 20 }, (_, round) => Array.from({ length: 5 }, (_, i) => scale * (1 + 0.2 * Math.sin(seed + round * 7 + i * 13))))

  it('holds the ratio of what differs only by noise', () => {
    const { low, high } = ratioInterval(noisy(1, 1), noisy(1, 2))
    expect(low).toBeLessThan(1)
    expect(high).toBeGreaterThan(1)
  })

  it('holds a planted factor and leaves out 1', () => {
    const { low, high } = ratioInterval(noisy(1, 1), noisy(1.5, 2))
    expect(low).toBeGreaterThan(1.1)
    expect(low).toBeLessThan(1.5)
    expect(high).toBeGreaterThan(1.5)
  })

  it('is wider where samples of one round stick together, as they then tell less', () => {
    const rounds = [1, 2, 1.1, 1.9, 1.3, 1.7, 1.2, 1.8].map((level) => Array.from({ length: 10 }, () => level))
    const mixed = Array.from({ length: 8 }, (_, i) => rounds.map((round) => round[i]!))
    const width = ({ low, high }: { low: number; high: number }): number => high / low
    expect(width(ratioInterval(rounds, rounds))).toBeGreaterThan(1.3 * width(ratioInterval(mixed, mixed)))
  })

  it('is the same for the same samples', () => {
    expect(ratioInterval(noisy(1, 1), noisy(2, 5))).toEqual(ratioInterval(noisy(1, 1), noisy(2, 5)))
  })
})
