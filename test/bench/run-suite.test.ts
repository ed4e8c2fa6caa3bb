import { describe, expect, it } from 'vitest'
import { openArm } from '../../bench/arm.js'
import { renderReport, renderTime } from '../../bench/report.js'
import { type CaseReport, type SuiteOptions, runSuite } from '../../bench/run-suite.js'
import type { Contender } from '../../bench/suite.js'
import { fakeCase, fakeClock, fakeContender } from './fakes.js'
import { fakeResults } from './results.fixture.js'

/** A suite of contenders that take the given time for each evaluation. */
async function measure(contenders: readonly { readonly name: string; readonly ms: number; readonly answer?: number; readonly arm?: 'baseline' }[], options: Partial<SuiteOptions> = {}): Promise<CaseReport[]> {
  const clock = fakeClock()
  return runSuite({
    cases: [fakeCase({ burst: 10 })],
    contenders: contenders.map(({ ms, answer = 2, ...rest }) => fakeContender({ ...rest, evaluate: () => (clock.advance(ms), answer) })),
    rounds: 10,
    start: async (contender, of) => ({ name: contender.name, ...(await openArm(contender, of, clock.now)) }),
    ...options,
  })
}

describe('runSuite()', () => {
  it('takes the fixed count of samples of every contender', async () => {
    const [report] = await measure([{ name: 'glovebox', ms: 2 }, { name: 'other', ms: 8 }])
    expect(report!.missing).toEqual([])
    expect(report!.measured.map(({ contender, samples }) => [contender, samples.length, new Set(samples)])).toEqual([['glovebox', 100, new Set([2])], ['other', 100, new Set([8])]])
  })

  it('names a contender that answers wrong, and does not time it', async () => {
    const [report] = await measure([{ name: 'glovebox', ms: 2 }, { name: 'liar', ms: 1, answer: 3 }])
    expect(report!.measured.map(({ contender }) => contender)).toEqual(['glovebox'])
    expect(report!.missing).toEqual([{ contender: 'liar', reason: 'wrong: 3 instead of 2 for proof' }])
  })

  it('names a contender that cannot be started, with the first line of the reason', async () => {
    const [report] = await measure([{ name: 'native', ms: 1 }], {
      start: async () => {
        throw new Error('did not build: no compiler\nmore')
      },
    })
    expect(report).toEqual({ name: 'fresh-isolate', measured: [], missing: [{ contender: 'native', reason: 'did not build: no compiler' }] })
  })

  it('leaves out the cases and contenders that are not wanted, without a word', async () => {
    const wants = (_: unknown, { name }: Contender): boolean => name === 'other'
    const [report] = await measure([{ name: 'glovebox', ms: 2 }, { name: 'other', ms: 8 }], { wants })
    expect(report!.measured.map(({ contender }) => contender)).toEqual(['other'])
    expect(report!.missing).toEqual([])
    expect(await measure([{ name: 'glovebox', ms: 2 }], { wants })).toEqual([])
  })

  it('disposes every contender it started, also when one of them fails', async () => {
    const disposed: string[] = []
    const clock = fakeClock()
    await measure([{ name: 'a', ms: 1 }, { name: 'liar', ms: 1, answer: 3 }, { name: 'b', ms: 1 }], {
      start: async (contender, of) => ({
        name: contender.name,
        ...(await openArm(contender, of, clock.now)),
        [Symbol.dispose]: () => void disposed.push(contender.name),
      }),
    })
    expect(disposed).toEqual(['a', 'b'])
  })
})

describe('renderReport()', () => {
  it('sorts contenders by their median within each arm and compares them with glovebox', async () => {
    const reports = await measure([{ name: 'slow', ms: 8 }, { name: 'glovebox', ms: 2 }, { name: 'quick', ms: 0.5 }, { name: 'nothing', ms: 0.001, arm: 'baseline' }])
    const text = renderReport(fakeResults(reports))
    const rows = text.split('\n').filter((line) => /^ {1,2}\w/.test(line)).map((line) => line.trim().split(/ {2,}/))
    expect(rows.map(([name]) => name)).toEqual(['contained', 'quick', 'glovebox', 'slow', 'baseline', 'nothing'])
    expect(rows[1]!.slice(1)).toEqual(['500 µs', '500 µs', '500 µs', '500 µs', '0.250×', '100', 'none'])
    expect(rows[3]!.slice(1, 2)).toEqual(['8.00 ms'])
    expect(rows[3]![5]).toBe('4.00×')
    expect(rows[5]![5]).toBe('< 0.001×')
  })

  it('names what is missing with the reason', async () => {
    const reports = await measure([{ name: 'liar', ms: 1, answer: 3 }])
    expect(renderReport(fakeResults(reports))).toContain('not measured: liar: wrong: 3 instead of 2 for proof')
  })

  it('prints the machine, its load and its clock, and warns when it was busy', () => {
    const text = renderReport(fakeResults([]))
    expect(text).toContain('Node 24.1.0 (V8 13.6), linux x64, 2 × Some Processor')
    expect(text).toContain('Load 0.10 0.20 0.30 before, 1.90 0.50 0.40 after; clock steps 0.050 µs, a reading costs 0.080 µs')
    expect(text).toContain('The machine was busy (load 1.90 on 2 cores)')
    expect(renderReport({ ...fakeResults([]), loadAfter: [0.5, 0.5, 0.4] })).not.toContain('busy')
  })
})

describe('renderTime()', () => {
  it.each([
    [31.24, '31.2 ms'], [1, '1.00 ms'], [0.204, '204 µs'], [0.0181, '18.1 µs'], [0.000_041, '0.041 µs'], [1234.5, '1235 ms'], [0, '< 1 ns'], [-0.5, '< 1 ns'], [undefined, '–'],
  ])('shows %s ms as %s', (ms, text) => {
    expect(renderTime(ms)).toBe(text)
  })
})
