import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { MissingResults, OutcomeResults, Results, SampledResults } from './results.js'
import { heldOf, isLost } from './report/rows.js'
import { type Rounds, geometricMean, median, percentile } from './statistics.js'
import type { At } from './suite.js'

const at = z.union([z.number(), z.string()])
const base = {
  name: z.string().min(1).describe('What it says, in a few words'),
  why: z.string().min(1).describe('Why it matters, and how the number came about'),
  aim: z.string().optional().describe('What is wanted in the end, where that is more'),
  case: z.string(),
}
const bound = { atLeast: z.number().positive().optional(), atMost: z.number().positive().optional() }
const side = z.strictObject({
  contender: z.string(),
  statistic: z.enum(['p50', 'p95', 'p99', 'typical p95']).default('p50')
    .describe('Over all samples, or the median over the rounds of the p95 of each, which a machine that stalls now and then does not move'),
  at: at.optional().describe('Point of a series; the geometric mean over the points both have, when absent'),
})

const ratio = z.strictObject({ ...base, ...bound, kind: z.literal('ratio'), of: side, to: side })
  .describe('One contender over another, or over itself, in one case of the same run')
const survival = z.strictObject({ ...base, kind: z.literal('survival'), contender: z.string(), atLeast: z.number().min(0).max(1) })
  .describe('Share of the hostile programs a contender survives')
const overrun = z.strictObject({ ...base, kind: z.literal('overrun'), contender: z.string(), atMost: z.number().positive() })
  .describe('The latest end of a hostile program, as so many times the deadline')

export const budgetsSchema = z.strictObject({
  $schema: z.string(),
  about: z.string(),
  budgets: z.array(z.discriminatedUnion('kind', [ratio, survival, overrun])),
}).refine(({ budgets }) => new Set(budgets.map(({ name }) => name)).size === budgets.length, 'Two budgets have one name')
  .refine(({ budgets }) => budgets.every((each) => each.kind !== 'ratio' || (each.atLeast === undefined) !== (each.atMost === undefined)), 'A ratio needs either atLeast or atMost')
  .refine(({ budgets }) => budgets.every((each) => each.kind !== 'ratio' || (each.of.at === undefined) === (each.to.at === undefined)), 'Either both sides of a ratio name a point, or none does')

export type Budget = z.infer<typeof budgetsSchema>['budgets'][number]
type Ratio = Extract<Budget, { kind: 'ratio' }>

/** `unmeasured` is no failure: what was left out on purpose, or cannot be installed here. */
export interface Checked {
  readonly budget: Budget
  readonly status: 'holds' | 'broken' | 'unmeasured'
  readonly value?: number
  /** Why there is no value. */
  readonly reason?: string
}

/** Throws when the file is not what its schema describes. */
export function readBudgets(file: string): readonly Budget[] {
  return budgetsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).budgets
}

export function checkBudgets(budgets: readonly Budget[], results: Results): readonly Checked[] {
  return budgets.map((budget) => {
    const found = valueOf(budget, results)
    if (typeof found !== 'number') return { budget, ...found }
    const { atLeast, atMost }: { readonly atLeast?: number | undefined; readonly atMost?: number | undefined } = { ...budget }
    return { budget, status: found >= (atLeast ?? -Infinity) && found <= (atMost ?? Infinity) ? 'holds' : 'broken', value: found }
  })
}

type NoValue = Pick<Checked, 'status'> & { readonly reason: string }

function valueOf(budget: Budget, results: Results): number | NoValue {
  const of = results.cases.find(({ name }) => name === budget.case)
  if (of === undefined) return { status: isLeftOut(budget.case, results) ? 'unmeasured' : 'broken', reason: `${budget.case} was not measured` }
  const contenders = budget.kind === 'ratio' ? [budget.of.contender, budget.to.contender] : [budget.contender]
  for (const contender of contenders) {
    if (of.measured.some((each) => each.contender === contender)) continue
    return whyMissing(contender, budget.case, of.missing, results)
  }
  if (budget.kind === 'ratio') return of.kind === 'outcome' ? wrongKind(budget) : ratioOf(budget, of, results)
  return of.kind === 'outcome' ? outcomeOf(budget, of) : wrongKind(budget)
}

function whyMissing(contender: string, name: string, missing: readonly MissingResults[], results: Results): NoValue {
  const told = missing.find((each) => each.contender === contender)
  if (told !== undefined) return { status: told.cause === 'not installed' ? 'unmeasured' : 'broken', reason: `${contender}: ${told.reason}` }
  return { status: isLeftOut(`${name}/${contender}`, results) ? 'unmeasured' : 'broken', reason: `${contender} was not measured` }
}

/** Whether somebody chose not to measure it, by an option. An interrupted run measured less than it was asked for. */
function isLeftOut(name: string, { filter, leftOut, interrupted }: Results): boolean {
  return (filter !== undefined && !interrupted) || leftOut.includes(name)
}

function wrongKind({ kind, case: name }: Budget): NoValue {
  return { status: 'broken', reason: `a budget of ${kind} does not fit ${name}` }
}

function ratioOf({ of, to, case: name }: Ratio, results: SampledResults, run: Results): number | NoValue {
  const [over, under] = [valuesOf(of, results), valuesOf(to, results)]
  const pairs = of.at === undefined
    ? [...over].flatMap(([place, value]) => (under.has(place) ? [[value, under.get(place)!] as const] : []))
    : [...over.values()].flatMap((value) => [...under.values()].map((other) => [value, other] as const))
  if (pairs.length === 0) {
    const place = [of.at, to.at].find((each) => each !== undefined && isLeftOut(`${name} at ${each}`, run))
    return place === undefined ? { status: 'broken', reason: 'too few samples, or no such point' } : { status: 'unmeasured', reason: `the point at ${place} was not measured` }
  }
  if (pairs.flat().some((value) => isLost(value, results.quantity))) return { status: 'broken', reason: 'lost in the noise of what was taken off' }
  return geometricMean(pairs.map(([a, b]) => a / b))
}

function valuesOf({ contender, statistic, at: wanted }: Ratio['of'], { measured }: SampledResults): ReadonlyMap<At | undefined, number> {
  const { points } = measured.find((each) => each.contender === contender)!
  return new Map(points.filter((point) => wanted === undefined || point.at === wanted).flatMap(({ at: place, rounds }) => {
    const value = statistic === 'typical p95' ? typicalTail(rounds) : percentile(rounds.flat(), Number(statistic.slice(1)))
    return value === undefined ? [] : [[place, value] as const]
  }))
}

function typicalTail(rounds: Rounds): number | undefined {
  const tails = rounds.flatMap((round) => percentile(round, 95) ?? [])
  return tails.length === 0 ? undefined : median(tails)
}

function outcomeOf({ kind, contender }: Exclude<Budget, Ratio>, of: OutcomeResults): number | NoValue {
  const held = heldOf(of).find((each) => each.contender === contender)!
  if (held.programs.size < of.programs.length) return { status: 'broken', reason: 'not every program was tried' }
  return kind === 'survival' ? held.survived / held.programs.size : ((held.worstPastMs ?? 0) + of.limits.deadlineMs) / of.limits.deadlineMs
}
