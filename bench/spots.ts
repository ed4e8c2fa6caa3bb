import type { At, Counts, Pace, SampledCase, Task } from './suite.js'

/** One place of a case that is sampled: each point of a series, or the only one there is. */
export interface Spot extends Task {
  readonly at?: At
  readonly pace: { readonly [K in Pace]: Counts }
}

export function spotsOf(of: SampledCase): readonly Spot[] {
  if (of.kind === 'latency') return [of]
  return of.points.map((point) => ({ pace: of.pace, ...point }))
}

/** Whether each sample needs a process of its own: what happens once in a process cannot be repeated in it. */
export function isCold(of: SampledCase): boolean {
  return of.quantity === 'memory' || (of.span ?? 'evaluation') !== 'evaluation'
}
