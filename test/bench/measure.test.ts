import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Entrant, firstLine, interleave, percentile, summarise } from '../../bench/measure.js'

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

  it.each([[50, 2], [95, 20], [99, 100]])('says nothing about the %dth with fewer than %d samples', (percent, least) => {
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

describe('interleave()', () => {
  const recorded = (names: readonly string[], log: string[]): Entrant[] =>
    names.map((name) => ({
      name,
      burst: async () => {
        log.push(name)
        return [log.length]
      },
    }))

  it('lets every round begin with another entrant, and each take part once', async () => {
    const log: string[] = []
    const rounds: number[] = []
    const results = await interleave(recorded(['a', 'b', 'c'], log), { rounds: 4, onRound: (round) => rounds.push(round) })
    expect(log.join('')).toBe('abc' + 'bca' + 'cab' + 'abc')
    expect(rounds).toEqual([0, 1, 2, 3])
    expect(results).toEqual([{ name: 'a', samples: [1, 6, 8, 10] }, { name: 'b', samples: [2, 4, 9, 11] }, { name: 'c', samples: [3, 5, 7, 12] }])
  })

  it('never runs two entrants at once', async () => {
    let running = 0
    const entrants = ['a', 'b'].map((name) => ({
      name,
      burst: async () => {
        expect(++running).toBe(1)
        await Promise.resolve()
        running--
        return [1]
      },
    }))
    await interleave(entrants, { rounds: 3 })
    expect(running).toBe(0)
  })

  it('leaves out an entrant that fails, with the reason, and goes on with the others', async () => {
    let bursts = 0
    const failing: Entrant = {
      name: 'failing',
      burst: async () => {
        if (++bursts === 2) throw new Error('\nwrong: 3 instead of 2\n  at somewhere')
        return [1]
      },
    }
    const results = await interleave([failing, ...recorded(['other'], [])], { rounds: 4 })
    expect(results).toEqual([{ name: 'failing', failure: 'wrong: 3 instead of 2' }, { name: 'other', samples: [1, 2, 3, 4] }])
    expect(bursts).toBe(2)
  })
})

describe('firstLine()', () => {
  it('finds a line in whatever was thrown', () => {
    expect(firstLine(new Error('\n\n  one  \ntwo'))).toBe('one')
    expect(firstLine('text')).toBe('text')
    expect(firstLine(undefined)).toBe('undefined')
    expect(firstLine(new Error(''))).toBe('failed without a word')
  })
})
