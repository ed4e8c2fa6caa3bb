import { type Spot, spotsOf } from './spots.js'
import type { At, Case, Contender, OutcomeCase, SampledCase } from './suite.js'

/** What of one case is measured. */
export type Planned =
  | { readonly of: SampledCase; readonly contenders: readonly Contender[]; readonly spots: readonly Spot[]; readonly rounds: number }
  | { readonly of: OutcomeCase; readonly contenders: readonly Contender[]; readonly programs: readonly string[]; readonly trials: number }

export interface Plan {
  readonly cases: readonly Planned[]
  /** What `--quick` leaves out of what was asked for: names of cases, `case/contender`, and `case at point`. */
  readonly leftOut: readonly string[]
}

export interface PlanOptions {
  readonly cases: readonly Case[]
  readonly contenders: readonly Contender[]
  readonly quick: 'quick' | 'full'
  readonly rounds: number
  /** Part of a `case/contender` name, or of `kind:KIND/case/contender`. @default all */
  readonly filter?: string
}

export function planSuite({ cases, contenders, quick, rounds, filter }: PlanOptions): Plan {
  const planned: Planned[] = []
  const leftOut: string[] = []
  for (const of of cases) {
    const asked = contenders.filter((contender) => concerns(of, contender) && (filter === undefined || matches(of, contender, filter)))
    const less = quick === 'quick' ? of.quick : undefined
    if (asked.length === 0) continue
    if (less === 'nothing') {
      leftOut.push(of.name)
      continue
    }
    const taking = asked.filter(({ name }) => less?.contenders?.includes(name) ?? true)
    leftOut.push(...asked.filter((each) => !taking.includes(each)).map(({ name }) => `${of.name}/${name}`))
    const wanted = (at: At | undefined): boolean => at === undefined || (less?.at?.includes(at) ?? true)
    if (of.kind === 'outcome') {
      const names = of.programs.map(({ name }) => name)
      leftOut.push(...names.filter((name) => !wanted(name)).map((name) => `${of.name} at ${name}`))
      planned.push({ of, contenders: taking, programs: names.filter(wanted), trials: of.trials[quick] })
    } else {
      const spots = spotsOf(of)
      leftOut.push(...spots.filter(({ at }) => !wanted(at)).map(({ at }) => `${of.name} at ${at}`))
      planned.push({ of, contenders: taking, spots: spots.filter(({ at }) => wanted(at)), rounds: of.rounds?.[quick] ?? rounds })
    }
  }
  return { cases: planned.filter((each) => each.contenders.length > 0), leftOut }
}

/** Whether a contender takes part in a case, or has a reason not to. */
function concerns({ opens }: Case, { open, lacks }: Contender): boolean {
  return open[opens] !== undefined || lacks?.[opens] !== undefined
}

/** Every name a filter can match. */
export function namesOf(cases: readonly Case[], contenders: readonly Contender[]): readonly { readonly of: Case; readonly contender: Contender }[] {
  return cases.flatMap((of) => contenders.filter((contender) => concerns(of, contender)).map((contender) => ({ of, contender })))
}

export function matches(of: Case, contender: Contender, filter: string): boolean {
  return `${filter.startsWith('kind:') ? `kind:${of.kind}/` : ''}${of.name}/${contender.name}`.includes(filter)
}
