import type { Results, TrialResults } from '../results.js'
import { renderTime } from './units.js'

/** What each outcome is called. */
export const OUTCOME_WORDS: Readonly<Record<TrialResults['outcome'], string>> = {
  survived: 'survived',
  wrong: 'answered wrong afterwards',
  ended: 'host ended',
  killed: 'hung or grew until killed',
  escaped: 'escaped',
}

/** What was measured on, in sentences. */
export function describeRun(results: Results): readonly string[] {
  const { machine, loadAfter, rounds, quick, interrupted, filter } = results
  return [
    `Node ${machine.node} (V8 ${machine.v8}), ${machine.platform}, ${machine.cores} × ${machine.cpu}, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GB`,
    `Load ${renderLoad(machine.load)} before, ${renderLoad(loadAfter)} after; clock steps ${renderTime(machine.clock.stepMs)}, a reading costs ${renderTime(machine.clock.readMs)}`,
    `${rounds} interleaved rounds unless a case says otherwise, a process for each contender${quick ? '; quick: few samples, so take the ratios as rough' : ''}`,
    ...(filter === undefined ? [] : [`Only what has "${filter}" in its name`]),
    ...(interrupted ? ['Interrupted: this is what there was by then'] : []),
    ...(isBusy(results) ? [`The machine was busy (load ${mostLoad(results).toFixed(2)} on ${machine.cores} cores): trust ratios more than times, and tails least`] : []),
  ]
}

export function isBusy(results: Pick<Results, 'machine' | 'loadAfter'>): boolean {
  return mostLoad(results) > results.machine.cores * 0.75
}

function mostLoad({ machine, loadAfter }: Pick<Results, 'machine' | 'loadAfter'>): number {
  return Math.max(machine.load[0], loadAfter[0])
}

function renderLoad(load: readonly number[]): string {
  return load.map((average) => average.toFixed(2)).join(' ')
}

/** What `--quick` left out, in one sentence: cases by name, the rest by count. */
export function describeLeftOut({ leftOut }: Results): string | undefined {
  if (leftOut.length === 0) return undefined
  const cases = leftOut.filter((name) => !/\/| at /.test(name))
  const rest = leftOut.length - cases.length
  const whole = cases.length === 0 ? [] : [`the cases ${cases.join(', ')}`]
  const parts = rest === 0 ? [] : [`${rest} contenders, points or programs of others`]
  return `--quick left out ${[...whole, ...parts].join(', and ')}; the results name them`
}

export function capitalise(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}
