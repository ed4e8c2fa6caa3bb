import { heldOf, isLost, OUTCOMES } from './report/rows.js'
import type { CaseResults, OutcomeResults, Results, SampledResults } from './results.js'
import { type Interval, type Rounds, geometricMean, median, ratioInterval } from './statistics.js'
import type { At, Quantity } from './suite.js'

/** Differences below this are within what one machine does from one run to the next, whatever the samples of a run say. */
export const LEAST_CHANGE = 0.05
/** With fewer rounds, two runs of the same thing are apart more often than once in a hundred: 2 of the 70 orders of 4 and 4. */
const LEAST_ROUNDS = 5
/** Others that must be there for their common drift to be told from a change of one. */
const LEAST_OTHERS = 3

/** `unclear`: too few samples, or lost in noise. */
export type Verdict = 'better' | 'worse' | 'same' | 'unclear'

export interface Change {
  readonly case: string
  readonly contender: string
  readonly at?: At
  readonly quantity: Quantity
  readonly before: number
  readonly after: number
  /** Medians, after over before. */
  readonly ratio: number
  /** 99 % interval of the ratio; absent when it is unclear. */
  readonly interval?: Interval
  /** How the other contenders changed at the same place, by geometric mean: the machine, its load, or Node. 1 when there are too few. */
  readonly drift: number
  readonly verdict: Verdict
}

export interface OutcomeChange {
  readonly case: string
  readonly contender: string
  readonly program: string
  readonly before: string
  readonly after: string
  readonly verdict: 'better' | 'worse'
}

export interface Comparison {
  readonly changes: readonly Change[]
  readonly outcomes: readonly OutcomeChange[]
  /** Whole names of what only one of the runs has. */
  readonly onlyBefore: readonly string[]
  readonly onlyAfter: readonly string[]
}

/**
 * What changed from one run to another.
 * A median is better or worse when the 99 % bootstrap interval of its ratio leaves out everything from 5 % less to 5 % more,
 * as it is and also after the common drift of the other contenders in that place is taken off; otherwise it is the same within noise.
 */
export function compareRuns(before: Results, after: Results): Comparison {
  const changes: Change[] = []
  const outcomes: OutcomeChange[] = []
  for (const of of after.cases) {
    const was = before.cases.find(({ name }) => name === of.name)
    if (was === undefined) continue
    if (of.kind === 'outcome' && was.kind === 'outcome') outcomes.push(...compareOutcomes(was, of))
    else if (of.kind !== 'outcome' && was.kind !== 'outcome' && of.quantity === was.quantity) changes.push(...compareCase(was, of))
  }
  const [names, later] = [new Set(before.cases.flatMap(namesOf)), new Set(after.cases.flatMap(namesOf))]
  return { changes, outcomes, onlyBefore: [...names].filter((name) => !later.has(name)), onlyAfter: [...later].filter((name) => !names.has(name)) }
}

function namesOf(of: CaseResults): string[] {
  return of.measured.map(({ contender }) => `${of.name}/${contender}`)
}

type Pair = { readonly contender: string; readonly at: At | undefined; readonly before: Rounds; readonly after: Rounds }

function compareCase(before: SampledResults, after: SampledResults): Change[] {
  const pairs: Pair[] = after.measured.flatMap(({ contender, points }) => {
    const was = before.measured.find((each) => each.contender === contender)
    return points.flatMap(({ at, rounds }) => {
      const old = was?.points.find((point) => point.at === at)
      return old === undefined || rounds.flat().length === 0 || old.rounds.flat().length === 0 ? [] : [{ contender, at, before: old.rounds, after: rounds }]
    })
  })
  return pairs.map((pair) => toChange(pair, pairs, after))
}

function toChange(pair: Pair, all: readonly Pair[], { name, quantity }: SampledResults): Change {
  const [before, after] = [median(pair.before.flat()), median(pair.after.flat())]
  const others = all.filter((each) => each !== pair && each.at === pair.at).map(ratioOf).filter((ratio) => ratio > 0 && Number.isFinite(ratio))
  const drift = others.length < LEAST_OTHERS ? 1 : geometricMean(middle(others))
  const change = { case: name, contender: pair.contender, ...(pair.at === undefined ? {} : { at: pair.at }), quantity, before, after, ratio: after / before, drift }
  const few = Math.min(pair.before.length, pair.after.length) < LEAST_ROUNDS
  if (few || isLost(before, quantity) || isLost(after, quantity) || before <= 0 || after <= 0) return { ...change, verdict: 'unclear' }
  const interval = ratioInterval(pair.before, pair.after)
  const [plain, drifted] = [judge(interval, quantity), judge({ low: interval.low / drift, high: interval.high / drift }, quantity)]
  return { ...change, interval, verdict: plain === drifted ? plain : 'same' }
}

function ratioOf({ before, after }: Pair): number {
  return median(after.flat()) / median(before.flat())
}

/** Without the extremes, which may have changed themselves. */
function middle(values: readonly number[]): readonly number[] {
  const sorted = [...values].sort((a, b) => a - b)
  const cut = Math.floor(sorted.length / 4)
  return sorted.slice(cut, sorted.length - cut)
}

function judge({ low, high }: Interval, quantity: Quantity): Verdict {
  const [more, less] = quantity === 'rate' ? (['better', 'worse'] as const) : (['worse', 'better'] as const)
  if (low > 1 + LEAST_CHANGE) return more
  return high < 1 / (1 + LEAST_CHANGE) ? less : 'same'
}

function compareOutcomes(before: OutcomeResults, after: OutcomeResults): OutcomeChange[] {
  const were = heldOf(before)
  return heldOf(after).flatMap(({ contender, programs }) => {
    const was = were.find((each) => each.contender === contender)
    return [...programs].flatMap(([program, { outcome }]) => {
      const old = was?.programs.get(program)?.outcome
      if (old === undefined || old === outcome) return []
      return [{ case: after.name, contender, program, before: old, after: outcome, verdict: OUTCOMES.indexOf(outcome) < OUTCOMES.indexOf(old) ? ('better' as const) : ('worse' as const) }]
    })
  })
}
