import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Budget, budgetsSchema, checkBudgets, readBudgets } from '../../bench/budgets.js'
import { CASES } from '../../bench/cases/index.js'
import { CONTENDERS } from '../../bench/contenders/index.js'
import { renderChecks } from '../../bench/report/checks.js'
import type { Results } from '../../bench/results.js'
import { spotsOf } from '../../bench/spots.js'
import { type FakeMeasured, latencyReport, outcomeReport, seriesReport, spread } from './reports.fixture.js'
import { fakeResults } from './results.fixture.js'

type Change = Omit<Partial<Extract<Budget, { kind: 'ratio' }>>, 'kind'>

function ratio(change: Change): Budget {
  const sides = { of: { contender: 'other', statistic: 'p50' as const }, to: { contender: 'glovebox', statistic: 'p50' as const } }
  return { kind: 'ratio', name: 'faster than other', why: 'it was so', case: 'fake', ...sides, ...change }
}

const measured = (contenders: readonly FakeMeasured[], changes: Partial<Results> = {}): Results => fakeResults([latencyReport(contenders)], changes)
const check = (budget: Budget, results: Results) => checkBudgets([budget], results)[0]!
const both = measured([{ contender: 'glovebox', ms: 1, seed: 1 }, { contender: 'other', ms: 6, seed: 1 }])

describe('checkBudgets() of ratios', () => {
  it('holds when one contender is so many times the other', () => {
    expect(check(ratio({ atLeast: 5 }), both)).toMatchObject({ status: 'holds', value: expect.closeTo(6) as number })
    expect(check(ratio({ atMost: 7 }), both).status).toBe('holds')
  })

  it('is broken when it is not', () => {
    expect(check(ratio({ atLeast: 6.5 }), both)).toMatchObject({ status: 'broken', value: expect.closeTo(6) as number })
    expect(check(ratio({ atMost: 5 }), both).status).toBe('broken')
  })

  it('compares percentiles of one contender with each other', () => {
    const self = { of: { contender: 'glovebox', statistic: 'p99' as const }, to: { contender: 'glovebox', statistic: 'p50' as const } }
    const tail = check(ratio({ ...self, atMost: 5 }), both)
    expect(tail.status).toBe('holds')
    expect(tail.value).toBeGreaterThan(1.5)
    expect(check(ratio({ ...self, atMost: 1.1 }), both).status).toBe('broken')
  })

  it('takes the typical round for the tail where asked, which a stall of the machine does not move', () => {
    const tail = (rounds: readonly (readonly number[])[]) => check(
      ratio({ of: { contender: 'glovebox', statistic: 'typical p95' }, to: { contender: 'glovebox', statistic: 'p50' }, atMost: 4 }),
      fakeResults([{ ...latencyReport([]), measured: [{ contender: 'glovebox', arm: 'contained', limits: '', points: [{ rounds }] }] }]),
    )
    const even = Array.from({ length: 20 }, (_, i) => (i < 18 ? 1 : 2))
    const stalled = even.map((sample) => sample * 100)
    expect(tail([even, even, even, even, stalled]).value).toBeCloseTo(2)
    const always = Array.from({ length: 20 }, (_, i) => (i < 18 ? 1 : 9))
    expect(tail([always, always, always, always, even])).toMatchObject({ status: 'broken', value: expect.closeTo(9) as number })
    expect(tail([[1, 1], [1, 1]])).toMatchObject({ status: 'broken', reason: expect.stringContaining('too few') as string })
  })

  it('says nothing of a percentile that the samples do not bear, and is broken', () => {
    const few = fakeResults([{ ...latencyReport([]), measured: [{ contender: 'glovebox', arm: 'contained', limits: '', points: [{ rounds: spread(1, 1, 1) }] }] }])
    expect(check(ratio({ of: { contender: 'glovebox', statistic: 'p99' }, to: { contender: 'glovebox', statistic: 'p50' }, atMost: 5 }), few)).toMatchObject({ status: 'broken', reason: expect.stringContaining('too few samples') as string })
  })

  it('is broken when a contender failed, and named', () => {
    const failed = fakeResults([latencyReport([{ contender: 'glovebox', ms: 1 }], { missing: [{ contender: 'other', cause: 'failed', reason: 'wrong: 3 instead of 2' }] })])
    expect(check(ratio({ atLeast: 5 }), failed)).toMatchObject({ status: 'broken', reason: 'other: wrong: 3 instead of 2' })
  })

  it('is broken when a contender or a case is not there at all', () => {
    expect(check(ratio({ atLeast: 5 }), measured([{ contender: 'glovebox', ms: 1 }]))).toMatchObject({ status: 'broken', reason: 'other was not measured' })
    expect(check(ratio({ case: 'gone', atLeast: 5 }), both)).toMatchObject({ status: 'broken', reason: 'gone was not measured' })
  })

  it('is unmeasured when a contender could not be installed, and named', () => {
    const missing = fakeResults([latencyReport([{ contender: 'glovebox', ms: 1 }], { missing: [{ contender: 'other', cause: 'not installed', reason: 'did not build: no compiler' }] })])
    expect(check(ratio({ atLeast: 5 }), missing)).toMatchObject({ status: 'unmeasured', reason: 'other: did not build: no compiler' })
  })

  it('is unmeasured when --quick or --filter left it out, but not when the run was interrupted', () => {
    const alone = [{ contender: 'glovebox', ms: 1 }]
    expect(check(ratio({ atLeast: 5 }), measured(alone, { leftOut: ['fake/other'] })).status).toBe('unmeasured')
    expect(check(ratio({ case: 'gone', atLeast: 5 }), measured(alone, { leftOut: ['gone'] })).status).toBe('unmeasured')
    expect(check(ratio({ atLeast: 5 }), measured(alone, { filter: 'glovebox' })).status).toBe('unmeasured')
    expect(check(ratio({ atLeast: 5 }), measured(alone, { filter: 'glovebox', interrupted: true })).status).toBe('broken')
  })

  it('is broken by values lost in noise, which would make any ratio', () => {
    expect(check(ratio({ atLeast: 5 }), measured([{ contender: 'glovebox', ms: 1e-9 }, { contender: 'other', ms: 6 }]))).toMatchObject({ status: 'broken', reason: expect.stringContaining('noise') as string })
  })

  it('takes the geometric mean over a series, or one point of it', () => {
    const results = fakeResults([seriesReport([10, 20], [{ contender: 'glovebox', values: [1, 1] }, { contender: 'other', values: [2, 8] }])])
    expect(check(ratio({ case: 'fake-series', atLeast: 3 }), results).value).toBeCloseTo(4, 0)
    const place = (at: number) => ({ of: { contender: 'other', statistic: 'p50' as const, at }, to: { contender: 'glovebox', statistic: 'p50' as const, at } })
    expect(check(ratio({ case: 'fake-series', ...place(20), atLeast: 3 }), results).value).toBeCloseTo(8, 0)
    expect(check(ratio({ case: 'fake-series', ...place(30), atLeast: 3 }), results).status).toBe('broken')
    expect(check(ratio({ case: 'fake-series', ...place(30), atLeast: 3 }), { ...results, leftOut: ['fake-series at 30'] }).status).toBe('unmeasured')
  })
})

describe('checkBudgets() of outcomes', () => {
  const results = fakeResults([outcomeReport([
    { contender: 'glovebox', trials: [{ program: 'a', elapsedMs: 101 }, { program: 'b', elapsedMs: 125 }] },
    { contender: 'other', trials: [{ program: 'a' }, { program: 'b', outcome: 'killed', elapsedMs: 500 }] },
    { contender: 'half', trials: [{ program: 'a' }] },
  ])])
  const survival = (contender: string): Budget => ({ kind: 'survival', name: 's', why: 'w', case: 'fake-outcomes', contender, atLeast: 1 })
  const overrun = (contender: string): Budget => ({ kind: 'overrun', name: 'o', why: 'w', case: 'fake-outcomes', contender, atMost: 1.5 })

  it('counts the programs a contender survives', () => {
    expect(check(survival('glovebox'), results)).toMatchObject({ status: 'holds', value: 1 })
    expect(check(survival('other'), results)).toMatchObject({ status: 'broken', value: 0.5 })
    expect(check(survival('half'), results)).toMatchObject({ status: 'broken', reason: 'not every program was tried' })
  })

  it('takes the latest end of all programs', () => {
    expect(check(overrun('glovebox'), results)).toMatchObject({ status: 'holds', value: 1.25 })
    expect(check(overrun('other'), results)).toMatchObject({ status: 'broken', value: 5 })
  })

  it('is broken when it does not fit the case', () => {
    expect(check({ ...survival('glovebox'), case: 'fake' }, both)).toMatchObject({ status: 'broken', reason: 'a budget of survival does not fit fake' })
    expect(check(ratio({ case: 'fake-outcomes', atLeast: 2 }), results).status).toBe('broken')
  })
})

describe('renderChecks()', () => {
  it('prints each ratio with its budget, and why a broken one matters', () => {
    const budgets = [ratio({ atLeast: 5, aim: '10×' }), ratio({ name: 'too much', why: 'because', atLeast: 9 }), ratio({ name: 'absent', to: { contender: 'gone', statistic: 'p50' }, atLeast: 9 })]
    const run = measured([{ contender: 'glovebox', ms: 1, seed: 1 }, { contender: 'other', ms: 6, seed: 1 }], { leftOut: ['fake/gone'], loadAfter: [0.1, 0.1, 0.1] })
    const text = renderChecks(checkBudgets(budgets, run), run)
    expect(text).toMatch(/^ok +6\.00× +≥ 5\.00× +10× +faster than other$/m)
    expect(text).toMatch(/^FAIL +6\.00× +≥ 9\.00× +too much$/m)
    expect(text).toMatch(/^-- +– +≥ 9\.00× +absent \(gone was not measured\)$/m)
    expect(text).toContain('broken: too much: because')
    expect(text).toContain('1 of 3 budgets hold, 1 could not be measured')
    expect(text).not.toContain('busy')
    const busy = { ...run, loadAfter: [1.9, 1, 1] as [number, number, number] }
    expect(renderChecks(checkBudgets(budgets, busy), busy)).toContain('The machine was busy')
    expect(renderChecks(checkBudgets(budgets.slice(0, 1), busy), busy)).not.toContain('busy')
  })
})

describe('bench/budgets.json', () => {
  const budgets = readBudgets('bench/budgets.json')

  it('names cases, contenders and points that there are', () => {
    for (const budget of budgets) {
      const of = CASES.find(({ name }) => name === budget.case)
      expect(of, budget.case).toBeDefined()
      const sides = budget.kind === 'ratio' ? [budget.of, budget.to] : [{ contender: budget.contender, at: undefined }]
      for (const { contender, at } of sides) {
        expect(CONTENDERS.find(({ name }) => name === contender)?.open[of!.opens], `${budget.name}: ${contender} in ${budget.case}`).toBeDefined()
        if (at !== undefined) expect(of!.kind === 'outcome' ? [] : spotsOf(of!).map((spot) => spot.at)).toContain(at)
      }
      expect(of!.kind === 'outcome').toBe(budget.kind !== 'ratio')
    }
  })

  it('is checked by a quick run', () => {
    expect(budgets.filter((budget) => CASES.find(({ name }) => name === budget.case)!.quick !== 'nothing').length).toBeGreaterThan(4)
  })

  it('refuses a ratio without a bound, with two, with one point, and two of one name', () => {
    const file = (...list: readonly object[]) => ({ $schema: '', about: '', budgets: list })
    expect(() => budgetsSchema.parse(file(ratio({})))).toThrow('either atLeast or atMost')
    expect(() => budgetsSchema.parse(file(ratio({ atLeast: 1, atMost: 2 })))).toThrow('either atLeast or atMost')
    expect(() => budgetsSchema.parse(file(ratio({ atLeast: 1 }), ratio({ atLeast: 1 })))).toThrow('one name')
    expect(() => budgetsSchema.parse(file(ratio({ atLeast: 1, of: { contender: 'a', statistic: 'p50', at: 3 } })))).toThrow('both sides')
    expect(() => budgetsSchema.parse(file({ ...ratio({ atLeast: 1 }), extra: 1 }))).toThrow('extra')
  })

  it('has the schema of the code', async () => {
    const text = `${JSON.stringify(z.toJSONSchema(budgetsSchema, { io: 'input' }), null, 2)}\n`
    await expect(text).toMatchFileSnapshot('../../bench/budgets.schema.json')
    expect((JSON.parse(readFileSync('bench/budgets.json', 'utf8')) as { $schema: string }).$schema).toBe('./budgets.schema.json')
  })
})
