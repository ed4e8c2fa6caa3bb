import { describe, expect, it } from 'vitest'
import { openArm } from '../../bench/arm.js'
import type { Planned } from '../../bench/plan.js'
import { type CaseReport, NotInstalled, type OutcomeReport, type SampledReport, type Step, type SuiteOptions, runSuite } from '../../bench/run-suite.js'
import { spotsOf } from '../../bench/spots.js'
import type { Contender, SampledCase } from '../../bench/suite.js'
import type { Trial } from '../../bench/trial-process.js'
import { fakeCase, fakeClock, fakeContender, fakeHost, fakeOutcomes, fakeSeries } from './fakes.js'

type Fake = { readonly name: string; readonly ms: number; readonly answer?: number; readonly arm?: 'baseline' }

function plan(of: SampledCase, contenders: readonly Contender[], rounds = 10): Planned {
  return { of, contenders, spots: spotsOf(of), rounds }
}

const noTrials = (): never => {
  throw new Error('nothing is tried out')
}

/** A suite of contenders that take the given time for each evaluation. */
async function measure(contenders: readonly Fake[], options: Partial<SuiteOptions> = {}, of: SampledCase = fakeCase({ burst: 10 })): Promise<SampledReport[]> {
  const clock = fakeClock()
  const fakes = contenders.map(({ ms, answer = 2, ...rest }) => fakeContender({ ...rest, evaluate: () => (clock.advance(ms), answer) }))
  const reports = await runSuite({
    cases: [plan(of, fakes)],
    start: async (contender, each) => ({ name: contender.name, ...(await openArm(contender, each, { now: clock.now, host: fakeHost })) }),
    tryOut: noTrials,
    now: clock.now,
    ...options,
  })
  return reports as SampledReport[]
}

const samplesOf = (report: CaseReport | undefined, index: number): readonly number[] => (report as SampledReport).measured[index]!.points[0]!.rounds.flat()

describe('runSuite()', () => {
  it('takes the fixed count of samples of every contender, those of a round together', async () => {
    const [report] = await measure([{ name: 'glovebox', ms: 2 }, { name: 'other', ms: 8 }])
    expect(report!.missing).toEqual([])
    expect(report!.measured.map(({ contender, points }, i) => [contender, points[0]!.rounds.length, samplesOf(report, i).length, new Set(samplesOf(report, i))]))
      .toEqual([['glovebox', 10, 100, new Set([2])], ['other', 10, 100, new Set([8])]])
  })

  it('names a contender that answers wrong, and does not time it', async () => {
    const [report] = await measure([{ name: 'glovebox', ms: 2 }, { name: 'liar', ms: 1, answer: 3 }])
    expect(report!.measured.map(({ contender }) => contender)).toEqual(['glovebox'])
    expect(report!.missing).toEqual([{ contender: 'liar', cause: 'failed', reason: 'wrong: 3 instead of 2 for proof' }])
  })

  it('names a contender that is not installed, apart from those that fail, with the first line of the reason', async () => {
    const start = async (): Promise<never> => {
      throw new NotInstalled('did not build: no compiler\nmore')
    }
    const [report] = await measure([{ name: 'native', ms: 1 }], { start })
    expect(report).toMatchObject({ name: 'fake', measured: [], missing: [{ contender: 'native', cause: 'not installed', reason: 'did not build: no compiler' }] })
  })

  it('disposes every contender it started, also when one of them fails', async () => {
    const disposed: string[] = []
    const clock = fakeClock()
    await measure([{ name: 'a', ms: 1 }, { name: 'liar', ms: 1, answer: 3 }, { name: 'b', ms: 1 }], {
      start: async (contender, of) => ({
        name: contender.name,
        ...(await openArm(contender, of, { now: clock.now, host: fakeHost })),
        [Symbol.dispose]: () => void disposed.push(contender.name),
      }),
    })
    expect(disposed).toEqual(['a', 'b'])
  })

  it('names the point of a series that fails, and keeps the others', async () => {
    const clock = fakeClock()
    const contender = fakeContender({ name: 'small', evaluate: (program) => (program === '2000' ? 3 : 2) })
    const of = fakeSeries([10, 2000])
    const [report] = await measure([], {
      cases: [plan(of, [contender], 3)],
      start: async (each, series) => ({ name: each.name, ...(await openArm(each, series, { now: clock.now, host: fakeHost })) }),
    })
    expect(report!.missing).toEqual([{ contender: 'small', at: 2000, cause: 'failed', reason: 'wrong: 3 instead of 2 for 2000' }])
    expect(report!.measured[0]!.points.map(({ at, rounds }) => [at, rounds.length])).toEqual([[10, 3]])
  })

  it('gives the reason a point had while it was warmed up', async () => {
    const start: SuiteOptions['start'] = async ({ name }) => ({ name, failures: [{ at: 20, reason: 'ended by SIGABRT' }], burst: async () => [1] })
    const [report] = await measure([], { cases: [plan(fakeSeries([10, 20]), [fakeContender({ evaluate: () => 2 })])], start })
    expect(report!.missing).toEqual([{ contender: 'fake', at: 20, cause: 'failed', reason: 'ended by SIGABRT' }])
  })

  it('prepares several at once when told, and keeps the order of the contenders', async () => {
    let preparing = 0
    let most = 0
    const clock = fakeClock()
    const names = ['a', 'b', 'c', 'd']
    const [report] = await measure(names.map((name) => ({ name, ms: 1 })), {
      preparing: 2,
      start: async (contender, of) => {
        most = Math.max(most, ++preparing)
        for (let i = names.indexOf(contender.name); i < names.length; i++) await new Promise((resolve) => setImmediate(resolve))
        preparing--
        return { name: contender.name, ...(await openArm(contender, of, { now: clock.now, host: fakeHost })) }
      },
    })
    expect(most).toBe(2)
    expect(report!.measured.map(({ contender }) => contender)).toEqual(names)
  })

  it('says how much of a case is done, and never less than before', async () => {
    const steps: Step[] = []
    await measure([{ name: 'a', ms: 1 }, { name: 'b', ms: 1 }], { onProgress: (step) => steps.push(step) })
    const done = steps.map((step) => step.done)
    expect(done[0]).toBe(0)
    expect(done).toEqual([...done].sort((x, y) => x - y))
    expect(done.at(-1)).toBeGreaterThan(0.9)
    expect(done.at(-1)).toBeLessThan(1)
  })

  it('gives what there is when it is interrupted, and starts no further case', async () => {
    const interrupt = new AbortController()
    const clock = fakeClock()
    const contender = fakeContender({ evaluate: () => (clock.now() > 1004 && interrupt.abort(), clock.advance(1), 2) })
    const reports = await measure([], {
      cases: [plan(fakeCase(), [contender]), plan({ ...fakeCase(), name: 'next' }, [contender])],
      start: async (each, of) => ({ name: each.name, ...(await openArm(each, of, { now: clock.now, host: fakeHost })) }),
      signal: interrupt.signal,
    })
    expect(reports.map(({ name }) => name)).toEqual(['fake'])
    expect(samplesOf(reports[0], 0).length).toBeGreaterThan(0)
    expect(samplesOf(reports[0], 0).length).toBeLessThan(10)
    expect(reports[0]!.missing).toEqual([])
  })
})

describe('runSuite() of outcomes', () => {
  const trial = (program: string): Trial => ({ program, outcome: 'survived', by: 'fuel', elapsedMs: 1 })
  const planned = (names: readonly string[], trials = 2): Planned => ({
    of: fakeOutcomes(['loop', 'grow']), contenders: names.map((name) => fakeContender({ name, evaluate: () => 2 })), programs: ['loop', 'grow'], trials,
  })

  it('tries every program in every contender as often as it should', async () => {
    const tried: string[] = []
    const [report] = await measure([], {
      cases: [planned(['a', 'b'])],
      tryOut: async ({ name }, _, program) => (tried.push(`${name} ${program}`), trial(program)),
    }) as readonly unknown[] as OutcomeReport[]
    expect(tried).toEqual(['a loop', 'b loop', 'a grow', 'b grow', 'a loop', 'b loop', 'a grow', 'b grow'])
    expect(report!.measured.map(({ contender, trials }) => [contender, trials.length])).toEqual([['a', 4], ['b', 4]])
  })

  it('names a contender that cannot be opened, and asks it no more', async () => {
    let asked = 0
    const [report] = await measure([], {
      cases: [planned(['a', 'gone'])],
      tryOut: async ({ name }, _, program) => {
        if (name === 'gone') throw (asked++, new NotInstalled('did not build'))
        return trial(program)
      },
    })
    expect(asked).toBe(1)
    expect(report!.missing).toEqual([{ contender: 'gone', cause: 'not installed', reason: 'did not build' }])
    expect(report!.measured.map(({ contender }) => contender)).toEqual(['a'])
  })

  it('calls no program the end of its host that the interrupt ended', async () => {
    const interrupt = new AbortController()
    const [report] = await measure([], {
      cases: [planned(['a'])],
      signal: interrupt.signal,
      tryOut: async (_, __, program) => {
        if (program !== 'grow') return trial(program)
        interrupt.abort()
        return { ...trial(program), outcome: 'ended' }
      },
    }) as readonly unknown[] as OutcomeReport[]
    expect(report!.measured[0]!.trials.map(({ program }) => program)).toEqual(['loop'])
  })
})
