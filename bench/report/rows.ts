import type { OutcomeResults, SampledResults, TrialResults } from '../results.js'
import { type Summary, median, summarise } from '../statistics.js'
import type { At } from '../suite.js'
import { FINEST_MS } from './units.js'

/** The contender the others are compared with. */
export const REFERENCE = 'glovebox'

/** One contender at one point, summed up. */
export interface Row {
  readonly contender: string
  readonly arm: 'contained' | 'baseline'
  readonly limits: string
  readonly at?: At
  readonly summary: Summary
  /** The median as so many times that of glovebox; absent when there is none or it is lost in noise. */
  readonly ratio?: number
}

/** Every contender at every point, the best median first. */
export function rowsOf({ measured, quantity }: SampledResults): readonly Row[] {
  const rows = measured.flatMap(({ contender, arm, limits, points }) =>
    points.map(({ at, rounds }) => ({ contender, arm, limits, ...(at === undefined ? {} : { at }), summary: summarise(rounds.flat()) })))
  return rows.map((row) => {
    const reference = rows.find(({ contender, at }) => contender === REFERENCE && at === row.at)?.summary.p50
    const ratio = row.summary.p50 === undefined || reference === undefined || isLost(reference, quantity) ? undefined : row.summary.p50 / reference
    return { ...row, ...(ratio === undefined ? {} : { ratio }) }
  }).sort((a, b) => cost(a) - cost(b))
  function cost({ summary: { p50 } }: Row): number {
    return p50 === undefined ? Number.MAX_VALUE : quantity === 'rate' ? -p50 : p50
  }
}

/** Whether a value is lost in the noise of what was taken off, or compiled away. */
export function isLost(value: number | undefined, quantity: SampledResults['quantity']): boolean {
  return value !== undefined && quantity === 'time' && value < FINEST_MS
}

/** The points of a series in the order of its axis. */
export function pointsOf({ measured, axis }: SampledResults): readonly At[] {
  const all = [...new Set(measured.flatMap(({ points }) => points.flatMap(({ at }) => at ?? [])))]
  return axis?.kind === 'number' ? all.sort((a, b) => Number(a) - Number(b)) : all
}

/** What became of one contender's trials of all programs. */
export interface Held {
  readonly contender: string
  readonly arm: 'contained' | 'baseline'
  readonly limits: string
  readonly programs: ReadonlyMap<string, ProgramOutcome>
  /** Programs whose every trial the host survived. */
  readonly survived: number
  /** Longest time a program ran past the deadline, survived or not; of those that ran past it. */
  readonly worstPastMs: number | undefined
  readonly worstHeldMs: number | undefined
  readonly worstGrowthBytes: number | undefined
}

/** The worst of the trials of one program. */
export interface ProgramOutcome {
  readonly outcome: TrialResults['outcome']
  readonly by: string
  readonly detail?: string
  readonly pastMs: number
  readonly heldMs: number | undefined
  readonly growthBytes: number | undefined
}

/** From the best to the worst. */
export const OUTCOMES = ['survived', 'wrong', 'ended', 'killed', 'escaped'] as const satisfies readonly TrialResults['outcome'][]

/** Contenders, those that survived most first. */
export function heldOf({ measured, limits: { deadlineMs } }: OutcomeResults): readonly Held[] {
  return measured.map(({ contender, arm, limits, trials }) => {
    const programs = new Map([...new Set(trials.map(({ program }) => program))].map((program) => [program, worst(trials.filter((trial) => trial.program === program), deadlineMs)]))
    const all = [...programs.values()]
    return {
      contender, arm, limits, programs,
      survived: all.filter(({ outcome }) => outcome === 'survived').length,
      worstPastMs: most(all.map(({ pastMs }) => pastMs)),
      worstHeldMs: most(all.flatMap(({ heldMs }) => heldMs ?? [])),
      worstGrowthBytes: most(all.flatMap(({ growthBytes }) => growthBytes ?? [])),
    }
  }).sort((a, b) => b.survived - a.survived || (a.worstPastMs ?? 0) - (b.worstPastMs ?? 0))
}

function worst(trials: readonly TrialResults[], deadlineMs: number): ProgramOutcome {
  const outcomes = trials.map(({ outcome }) => OUTCOMES.indexOf(outcome))
  const { outcome, by, detail } = trials[outcomes.indexOf(Math.max(...outcomes))]!
  return {
    outcome, by, ...(detail === undefined ? {} : { detail }),
    pastMs: Math.max(0, median(trials.map(({ elapsedMs }) => elapsedMs)) - deadlineMs),
    heldMs: most(trials.flatMap(({ heldMs }) => heldMs ?? [])),
    growthBytes: most(trials.flatMap(({ startBytes, peakBytes }) => (startBytes === undefined || peakBytes === undefined ? [] : peakBytes - startBytes))),
  }
}

function most(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values)
}
