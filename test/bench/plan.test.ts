import { describe, expect, it } from 'vitest'
import { type PlanOptions, matches, planSuite } from '../../bench/plan.js'
import { fakeCase, fakeContender, fakeOutcomes, fakeSeries } from './fakes.js'

const a = fakeContender({ name: 'a', evaluate: () => 2 })
const b = fakeContender({ name: 'b', evaluate: () => 2 })
const cases = [fakeCase(), fakeSeries([10, 20]), fakeOutcomes(['loop', 'grow'])]

function plan(options: Partial<PlanOptions> = {}) {
  const { cases: planned, leftOut } = planSuite({ cases, contenders: [a, b], quick: 'full', rounds: 60, ...options })
  return {
    leftOut,
    planned: planned.map((each) => [
      each.of.name, each.contenders.map(({ name }) => name).join(''),
      'spots' in each ? each.spots.map(({ at }) => at) : each.programs, 'spots' in each ? each.rounds : each.trials,
    ]),
  }
}

describe('planSuite()', () => {
  it('measures everything of every case in a full run', () => {
    expect(plan()).toEqual({ leftOut: [], planned: [['fake', 'ab', [undefined], 60], ['fake-series', 'ab', [10, 20], 60], ['fake-outcomes', 'ab', ['loop', 'grow'], 2]] })
  })

  it('leaves out of a quick run what cases say, and names it', () => {
    const less = [{ ...fakeCase(), quick: 'nothing' as const }, { ...fakeSeries([10, 20]), quick: { at: [20] } }, { ...fakeOutcomes(['loop', 'grow']), quick: { at: ['loop'], contenders: ['b'] } }]
    expect(plan({ cases: less, quick: 'quick', rounds: 10 })).toEqual({
      leftOut: ['fake', 'fake-series at 10', 'fake-outcomes/a', 'fake-outcomes at grow'],
      planned: [['fake-series', 'ab', [20], 10], ['fake-outcomes', 'b', ['loop'], 1]],
    })
    expect(plan({ cases: less }).leftOut).toEqual([])
  })

  it('takes the rounds of a case before those of the run', () => {
    const few = [{ ...fakeCase(), rounds: { full: 7, quick: 3 } }]
    expect(plan({ cases: few }).planned[0]![3]).toBe(7)
    expect(plan({ cases: few, quick: 'quick' }).planned[0]![3]).toBe(3)
  })

  it('plans only what the filter matches, and no case without a contender', () => {
    expect(plan({ filter: 'series/b' }).planned).toEqual([['fake-series', 'b', [10, 20], 60]])
    expect(plan({ filter: 'kind:outcome' }).planned.map(([name]) => name)).toEqual(['fake-outcomes'])
    expect(plan({ filter: 'nothing' }).planned).toEqual([])
    expect(plan({ contenders: [{ ...a, open: {} }] }).planned).toEqual([])
  })
})

describe('matches()', () => {
  it.each([
    ['fake-series/a', true], ['series', true], ['series/b', false], ['kind:series', true], ['kind:series/fake-series/a', true], ['kind:latency', false], ['latency', false],
  ])('of kind series fake-series/a and %s is %s', (filter, expected) => {
    expect(matches(fakeSeries([1]), a, filter)).toBe(expected)
  })
})
