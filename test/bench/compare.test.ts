import { describe, expect, it } from 'vitest'
import { type Change, compareRuns } from '../../bench/compare.js'
import { renderComparison } from '../../bench/report/comparison.js'
import type { Results } from '../../bench/results.js'
import { latencyReport, outcomeReport, seriesReport, spread } from './reports.fixture.js'
import { fakeResults } from './results.fixture.js'

const PEERS = ['one', 'second', 'the third', 'number four']

/** A run of glovebox and its peers; each has its own noise in each run. */
function run(ms: number, options: { readonly peers?: number; readonly seed?: number } = {}): Results {
  const { peers = 4, seed = 1 } = options
  return fakeResults([latencyReport([{ contender: 'glovebox', ms, seed }, ...PEERS.map((contender, i) => ({ contender, ms: peers, seed: seed + i + 1 }))])])
}

const find = (changes: readonly Change[], contender: string): Change => changes.find((change) => change.contender === contender)!

describe('compareRuns()', () => {
  it('flags a planted slowdown, and nobody else', () => {
    const { changes } = compareRuns(run(1), run(1.3, { seed: 40 }))
    const change = find(changes, 'glovebox')
    expect(change).toMatchObject({ verdict: 'worse', before: expect.closeTo(1, 1) as number })
    expect(change.ratio).toBeCloseTo(1.3, 1)
    expect(change.interval!.low).toBeGreaterThan(1.1)
    expect(change.interval!.low).toBeLessThan(1.3)
    expect(change.interval!.high).toBeGreaterThan(1.3)
    expect(change.interval!.high).toBeLessThan(1.5)
    expect(changes.filter(({ contender }) => contender !== 'glovebox').map(({ verdict }) => verdict)).toEqual(['same', 'same', 'same', 'same'])
  })

  it('flags a planted speed-up', () => {
    expect(find(compareRuns(run(1), run(0.7, { seed: 40 })).changes, 'glovebox').verdict).toBe('better')
  })

  it.each([2, 3, 5, 8, 13, 21, 34, 55])('calls noise the same (seed %d)', (seed) => {
    expect(compareRuns(run(1), run(1, { seed })).changes.map(({ verdict }) => verdict)).toEqual(['same', 'same', 'same', 'same', 'same'])
  })

  it('calls a difference below what counts the same, however sure it is', () => {
    const change = find(compareRuns(run(1), run(1.03)).changes, 'glovebox')
    expect(change.verdict).toBe('same')
  })

  it('takes off what made all contenders slower', () => {
    const { changes } = compareRuns(run(1), run(1.4, { peers: 4 * 1.4, seed: 40 }))
    expect(changes.map(({ verdict }) => verdict)).toEqual(['same', 'same', 'same', 'same', 'same'])
    expect(find(changes, 'glovebox').drift).toBeCloseTo(1.4, 1)
  })

  it('flags nobody who only stayed as it was while the others got slower', () => {
    expect(find(compareRuns(run(1), run(1, { peers: 8, seed: 40 })).changes, 'glovebox')).toMatchObject({ verdict: 'same', drift: expect.closeTo(2, 0) as number })
  })

  it('knows no drift where there are few others, and then takes changes as they are', () => {
    const two = (ms: number): Results => fakeResults([latencyReport([{ contender: 'glovebox', ms, seed: 1 }, { contender: 'one', ms: 4 * ms, seed: 2 }])])
    expect(compareRuns(two(1), two(1.4)).changes.map(({ verdict, drift }) => [verdict, drift])).toEqual([['worse', 1], ['worse', 1]])
  })

  it('says nothing of values lost in noise, or of four rounds', () => {
    expect(find(compareRuns(run(1e-9), run(1e-8)).changes, 'glovebox').verdict).toBe('unclear')
    const short = (ms: number): Results => fakeResults([{ ...latencyReport([]), measured: [{ contender: 'glovebox', arm: 'contained', limits: '', points: [{ rounds: spread(ms, 1, 4) }] }] }])
    expect(compareRuns(short(1), short(9)).changes[0]).toMatchObject({ verdict: 'unclear' })
  })

  it('compares each point of a series, and takes a higher rate for the better', () => {
    const rates = (high: number): Results => fakeResults([seriesReport([1, 8], [{ contender: 'glovebox', values: [100, high] }], { quantity: 'rate' })])
    expect(compareRuns(rates(800), rates(1600)).changes.map(({ at, verdict }) => [at, verdict])).toEqual([[1, 'same'], [8, 'better']])
  })

  it('names outcomes that changed', () => {
    const outcomes = (outcome: 'survived' | 'killed'): Results => fakeResults([outcomeReport([{ contender: 'glovebox', trials: [{ program: 'loop', outcome }, { program: 'grow' }] }])])
    expect(compareRuns(outcomes('survived'), outcomes('killed')).outcomes).toEqual([{ case: 'fake-outcomes', contender: 'glovebox', program: 'loop', before: 'survived', after: 'killed', verdict: 'worse' }])
    expect(compareRuns(outcomes('killed'), outcomes('survived')).outcomes[0]!.verdict).toBe('better')
  })

  it('names what only one of the runs has', () => {
    const one = fakeResults([latencyReport([{ contender: 'a', ms: 1 }, { contender: 'b', ms: 1 }])])
    const other = fakeResults([latencyReport([{ contender: 'b', ms: 1 }, { contender: 'c', ms: 1 }])])
    expect(compareRuns(one, other)).toMatchObject({ onlyBefore: ['fake/a'], onlyAfter: ['fake/c'] })
  })
})

describe('renderComparison()', () => {
  it('prints medians, ratio, interval and verdict, and sums up', () => {
    const runs = [run(1), run(1.3, { seed: 40 })] as const
    const text = renderComparison(compareRuns(...runs), runs)
    expect(text).toMatch(/^ {2}glovebox +[\d.]+ [mµ]s +1\.\d+ ms +1\.\d\d× +1\.\d\d to 1\.\d\d +\d\.\d\d +SLOWER$/m)
    expect(text).toMatch(/^ {2}one .*same within noise$/m)
    expect(text).toContain('5 compared, 1 changed: fake/glovebox SLOWER')
    expect(text).toContain('99 % interval of the ratio of the medians (bootstrap over whole rounds, five at least)')
  })
})
