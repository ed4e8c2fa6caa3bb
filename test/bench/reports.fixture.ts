import type { Missing, OutcomeReport, SampledReport } from '../../bench/run-suite.js'
import type { ArmKind, At, Quantity } from '../../bench/suite.js'
import type { Trial } from '../../bench/trial-process.js'
import { fakeCase, fakeOutcomes, fakeSeries } from './fakes.js'

const ROUNDS = 10
const IN_ROUND = 20

/** Rounds of samples around a value, each round at a level of its own, with a tail; always the same for the same seed. */
export function spread(value: number, seed = 1, rounds = ROUNDS): number[][] {
  let state = seed
  const noise = (): number => {
    state = (Math.imul(state ^ (state >>> 13), 0x5bd1e995) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 31 - 1
  }
  return Array.from({ length: rounds }, () => {
    const level = value * (1 + 0.08 * noise())
    return Array.from({ length: IN_ROUND }, (_, i) => level * (1 + 0.1 * noise() + (i === IN_ROUND - 1 ? 0.8 : 0)))
  })
}

export interface FakeMeasured {
  readonly contender: string
  readonly arm?: ArmKind
  readonly ms: number
  readonly seed?: number
}

export function latencyReport(measured: readonly FakeMeasured[], options: { readonly name?: string; readonly missing?: readonly Missing[] } = {}): SampledReport {
  const { name = 'fake', missing = [] } = options
  return {
    of: { ...fakeCase(), name }, name, quantity: 'time', tookMs: 1000, missing,
    measured: measured.map(({ contender, arm = 'contained', ms, seed = contender.length }) => ({ contender, arm, limits: 'time, memory', points: [{ rounds: spread(ms, seed) }] })),
  }
}

/** `values` are medians at each point. */
export function seriesReport(at: readonly number[], measured: readonly { readonly contender: string; readonly arm?: ArmKind; readonly values: readonly (number | undefined)[] }[], options: { readonly name?: string; readonly quantity?: Quantity } = {}): SampledReport {
  const { name = 'fake-series', quantity = 'time' } = options
  return {
    of: { ...fakeSeries(at), name, quantity }, name, quantity, tookMs: 2000, missing: [],
    measured: measured.map(({ contender, arm = 'contained', values }) => ({
      contender, arm, limits: 'time',
      points: values.flatMap((value, index) => (value === undefined ? [] : [{ at: at[index]!, rounds: spread(value, contender.length + index) }])),
    })),
  }
}

/** A series whose axis has names. */
export function namesReport(names: readonly At[], measured: readonly { readonly contender: string; readonly arm?: ArmKind; readonly values: readonly number[] }[]): SampledReport {
  const report = seriesReport(names.map((_, index) => index), measured, { name: 'fake-names' })
  return {
    ...report,
    of: { ...fakeSeries([]), name: 'fake-names', axis: { kind: 'names', title: 'kernel' } },
    measured: report.measured.map((each) => ({ ...each, points: each.points.map((point) => ({ ...point, at: names[Number(point.at)]! })) })),
  }
}

export function outcomeReport(measured: readonly { readonly contender: string; readonly arm?: ArmKind; readonly trials: readonly (Partial<Trial> & { readonly program: string })[] }[]): OutcomeReport {
  const programs = [...new Set(measured.flatMap(({ trials }) => trials.map(({ program }) => program)))]
  return {
    of: fakeOutcomes(programs), name: 'fake-outcomes', programs, tookMs: 3000, missing: [],
    measured: measured.map(({ contender, arm = 'contained', trials }) => ({
      contender, arm, limits: 'time',
      trials: trials.map((trial) => ({ outcome: 'survived', by: 'deadline', elapsedMs: 104, heldMs: 3, startBytes: 50 << 20, peakBytes: 60 << 20, ...trial })),
    })),
  }
}
