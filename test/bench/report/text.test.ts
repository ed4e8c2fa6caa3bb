import { describe, expect, it } from 'vitest'
import { renderReport } from '../../../bench/report/text.js'
import { latencyReport, namesReport, outcomeReport, seriesReport } from '../reports.fixture.js'
import { fakeResults } from '../results.fixture.js'

/** The cells of the rows of a report's tables. */
const rowsOf = (text: string): string[][] => text.split('\n').filter((line) => /^ {1,2}\w/.test(line) && !line.includes(': ')).map((line) => line.trim().split(/ {2,}/))

describe('renderReport()', () => {
  it('sorts contenders by their median within each arm and compares them with glovebox', () => {
    const text = renderReport(fakeResults([latencyReport([{ contender: 'slow', ms: 8 }, { contender: 'glovebox', ms: 2 }, { contender: 'quick', ms: 0.5 }, { contender: 'nothing', ms: 0.001, arm: 'baseline' }])]))
    const rows = rowsOf(text)
    expect(rows.map(([name]) => name)).toEqual(['contained', 'quick', 'glovebox', 'slow', 'baseline', 'nothing'])
    expect(rows[2]![1]).toMatch(/^(?:1\.9|2\.0)\d ms$/)
    expect(rows[2]!.slice(5)).toEqual(['1.00×', '200', 'time, memory'])
    expect(Number.parseFloat(rows[3]![5]!)).toBeCloseTo(4, 0)
    expect(rows[5]![5]).toBe('< 0.001×')
  })

  it('shows the medians of a series at each point, and which contender lacks one', () => {
    const text = renderReport(fakeResults([seriesReport([64, 1 << 20], [{ contender: 'glovebox', values: [0.01, 3] }, { contender: 'small', values: [0.02] }])]))
    expect(text).toMatch(/fake-series \(p50\) +64 B +1 MB +limits set/)
    expect(rowsOf(text).find(([name]) => name === 'small')).toEqual(['small', expect.stringMatching(/µs$/), '–', 'time'])
  })

  it('shows a series of names, and rates with the highest first', () => {
    expect(renderReport(fakeResults([namesReport(['fib', 'sort'], [{ contender: 'glovebox', values: [1, 2] }])]))).toMatch(/fake-names \(p50\) +fib +sort/)
    const rate = renderReport(fakeResults([seriesReport([1], [{ contender: 'low', values: [100] }, { contender: 'high', values: [12_000] }], { quantity: 'rate' })]))
    expect(rowsOf(rate).map(([name]) => name)).toEqual(['contained', 'high', 'low'])
    expect(rate).toMatch(/high +1[12]\.\d k\/s/)
  })

  it('counts what each contender survived, and names what it did not', () => {
    const text = renderReport(fakeResults([outcomeReport([
      { contender: 'glovebox', trials: [{ program: 'loop' }, { program: 'grow' }] },
      { contender: 'node:vm', trials: [{ program: 'loop', outcome: 'escaped' }, { program: 'grow', outcome: 'killed', elapsedMs: 500 }] },
    ])]))
    const rows = rowsOf(text)
    expect(rows.find(([name]) => name === 'glovebox')!.slice(1)).toEqual(['2 of 2', '+4.00 ms', '3.00 ms', '10.0 MB', 'time'])
    expect(rows.find(([name]) => name === 'node:vm')!.slice(1, 3)).toEqual(['0 of 2', '+400 ms'])
    expect(text).toContain('  node:vm: escaped: loop; hung or grew until killed: grow')
  })

  it('takes the worst of several trials', () => {
    const text = renderReport(fakeResults([outcomeReport([{ contender: 'moody', trials: [{ program: 'loop' }, { program: 'loop', outcome: 'ended' }, { program: 'loop' }] }])]))
    expect(text).toContain('0 of 1')
    expect(text).toContain('moody: host ended: loop')
  })

  it('names what is missing with the reason, at which point, and what quick leaves out', () => {
    const missing = [{ contender: 'liar', cause: 'failed', reason: 'wrong: 3 instead of 2' }, { contender: 'small', at: 20, cause: 'failed', reason: 'too large' }] as const
    const text = renderReport(fakeResults([latencyReport([{ contender: 'glovebox', ms: 1 }], { missing })], { leftOut: ['other', 'fake at 3', 'fake/slow'] }))
    expect(text).toContain('not measured: liar: wrong: 3 instead of 2')
    expect(text).toContain('not measured: small at 20: too large')
    expect(text).toContain('--quick left out the cases other, and 2 contenders, points or programs of others')
  })

  it('says what is lost in the noise', () => {
    expect(renderReport(fakeResults([latencyReport([{ contender: 'glovebox', ms: 1e-8 }])]))).toContain('< 1 ns: lost in the noise')
  })

  it('prints the machine, its load and its clock, and warns when it was busy or ended early', () => {
    const text = renderReport(fakeResults([], { interrupted: true }))
    expect(text).toContain('Node 24.1.0 (V8 13.6), linux x64, 2 × Some Processor, 1 GB')
    expect(text).toContain('Load 0.10 0.20 0.30 before, 1.90 0.50 0.40 after; clock steps 0.050 µs, a reading costs 0.080 µs')
    expect(text).toContain('The machine was busy (load 1.90 on 2 cores)')
    expect(text).toContain('Interrupted')
    expect(renderReport(fakeResults([], { loadAfter: [0.5, 0.5, 0.4] }))).not.toMatch(/busy|Interrupted/)
  })
})
