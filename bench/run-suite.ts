import type { SpotFailure } from './arm.js'
import { type Entrant, type Samples, firstLine, interleave, isAborted } from './measure.js'
import type { Planned } from './plan.js'
import type { ArmKind, At, Contender, OutcomeCase, Quantity, SampledCase } from './suite.js'
import type { Trial } from './trial-process.js'

export type CaseReport = SampledReport | OutcomeReport

interface ReportBase {
  readonly name: string
  /** Contenders that should have been measured and were not, wholly or at one point or program, each with the reason. */
  readonly missing: readonly Missing[]
  readonly tookMs: number
}

export interface SampledReport extends ReportBase {
  readonly of: SampledCase
  readonly quantity: Quantity
  readonly measured: readonly Measured[]
}

export interface OutcomeReport extends ReportBase {
  readonly of: OutcomeCase
  readonly programs: readonly string[]
  readonly measured: readonly Tried[]
}

interface Who {
  readonly contender: string
  readonly arm: ArmKind
  readonly limits: string
}

export interface Measured extends Who {
  readonly points: readonly MeasuredPoint[]
}

export interface MeasuredPoint {
  readonly at?: At
  /** Samples in the unit of the case, those of a round together, in the order they were taken. */
  readonly rounds: readonly (readonly number[])[]
}

export interface Tried extends Who {
  readonly trials: readonly Trial[]
}

export interface Missing {
  readonly contender: string
  readonly at?: At
  readonly cause: 'not installed' | 'failed'
  readonly reason: string
}

/** Why a contender is not there. */
export class NotInstalled extends Error {
  override readonly name = 'NotInstalled'
}

export type StartedArm = Entrant & Partial<Disposable> & { readonly failures?: readonly SpotFailure[] }

export interface SuiteOptions {
  readonly cases: readonly Planned[]
  /** Gets a contender proven and warm; rejects with the reason why it cannot be measured. */
  readonly start: (contender: Contender, of: SampledCase, at: readonly At[] | undefined) => Promise<StartedArm>
  readonly tryOut: (contender: Contender, of: OutcomeCase, program: string) => Promise<Trial>
  /** Told what is being done, and which part of its case is done. */
  readonly onProgress?: (step: Step) => void
  /** When it is aborted the cases that are done are given, and of the one under way what has been taken. */
  readonly signal?: AbortSignal
  readonly now: () => number
  /** Contenders that get ready at once; nothing is timed meanwhile. @default 1 */
  readonly preparing?: number
}

export interface Step {
  readonly case: string
  readonly what: string
  /** Of the case, from 0 to 1. */
  readonly done: number
}

/** Share of a case that getting ready counts for. */
const READY = 0.2

/** Measures every case, one after the other, its contenders in interleaved rounds. */
export async function runSuite(options: SuiteOptions): Promise<CaseReport[]> {
  const reports: CaseReport[] = []
  for (const planned of options.cases) {
    if (isAborted(options.signal)) break
    reports.push('spots' in planned ? await runSampled(planned, options) : await runOutcomes(planned, options))
  }
  return reports
}

async function runSampled(planned: Extract<Planned, { of: SampledCase }>, options: SuiteOptions): Promise<SampledReport> {
  const { of, contenders, spots, rounds } = planned
  const { start, onProgress, signal, now, preparing = 1 } = options
  const began = now()
  const at = of.kind === 'latency' ? undefined : spots.map((spot) => spot.at!)
  const entrants: StartedArm[] = []
  const missing: Missing[] = []
  try {
    const waiting = [...contenders.entries()]
    const prepare = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && !isAborted(signal); next = waiting.shift()) {
        const [index, contender] = next
        onProgress?.({ case: of.name, what: `proving and warming up ${contender.name}`, done: (READY * index) / contenders.length })
        try {
          entrants.push(await start(contender, of, at))
        } catch (error) {
          if (!isAborted(signal)) missing.push(toMissing(contender.name, error))
        }
      }
    }
    await Promise.all(Array.from({ length: preparing }, prepare))
    // In the order of the contenders, whoever was ready first.
    const rank = ({ name }: { readonly name: string }): number => contenders.findIndex((contender) => contender.name === name)
    entrants.sort((a, b) => rank(a) - rank(b))
    const results = await interleave(entrants.map((entrant) => without(entrant)), {
      rounds,
      spots: spots.map((spot) => spot.at),
      onRound: (round) => onProgress?.({ case: of.name, what: `round ${round + 1} of ${rounds}`, done: READY + ((1 - READY) * round) / rounds }),
      ...(signal === undefined ? {} : { signal }),
    })
    missing.push(...results.flatMap(failuresOf))
    const measured = results.map((result) => ({ ...whoIs(contenders, result.name), points: pointsOf(result) })).filter(({ points }) => points.length > 0)
    return { of, name: of.name, quantity: of.quantity ?? 'time', measured, missing, tookMs: now() - began }
  } finally {
    for (const entrant of entrants) entrant[Symbol.dispose]?.()
  }
}

/** An entrant that fails at once where it could not get ready, with the reason it had then. */
function without(entrant: StartedArm): Entrant {
  return {
    name: entrant.name,
    burst: async (at) => {
      const failure = entrant.failures?.find((each) => each.at === at)
      if (failure !== undefined) throw new Error(failure.reason)
      return entrant.burst(at)
    },
  }
}

async function runOutcomes({ of, contenders, programs, trials }: Extract<Planned, { of: OutcomeCase }>, options: SuiteOptions): Promise<OutcomeReport> {
  const { tryOut, onProgress, signal, now } = options
  const began = now()
  const missing = new Map<string, Missing>()
  const taken = new Map<string, Trial[]>(contenders.map(({ name }) => [name, []]))
  const total = contenders.length * programs.length * trials
  let done = 0
  for (let trial = 0; trial < trials; trial++) {
    for (const program of programs) {
      for (const contender of contenders) {
        if (isAborted(signal)) break
        onProgress?.({ case: of.name, what: `${program} in ${contender.name}`, done: done++ / total })
        if (missing.has(contender.name)) continue
        try {
          const result = await tryOut(contender, of, program)
          // What the end of the bench did to it is no outcome.
          if (!isAborted(signal)) taken.get(contender.name)!.push(result)
        } catch (error) {
          if (!isAborted(signal)) missing.set(contender.name, toMissing(contender.name, error))
        }
      }
    }
  }
  const measured = contenders.filter(({ name }) => !missing.has(name) && taken.get(name)!.length > 0).map(({ name }) => ({ ...whoIs(contenders, name), trials: taken.get(name)! }))
  return { of, name: of.name, programs, measured, missing: [...missing.values()], tookMs: now() - began }
}

function toMissing(contender: string, error: unknown): Missing {
  return { contender, cause: error instanceof NotInstalled ? 'not installed' : 'failed', reason: firstLine(error) }
}

function whoIs(contenders: readonly Contender[], wanted: string): Who {
  const { name, arm, limits } = contenders.find((contender) => contender.name === wanted)!
  return { contender: name, arm, limits }
}

function failuresOf({ name, spots }: Samples): Missing[] {
  return spots.flatMap(({ at, failure }) => (failure === undefined ? [] : [{ contender: name, ...(at === undefined ? {} : { at }), cause: 'failed' as const, reason: failure }]))
}

function pointsOf({ spots }: Samples): MeasuredPoint[] {
  return spots.filter(({ rounds }) => rounds.length > 0).map(({ at, rounds }) => ({ ...(at === undefined ? {} : { at }), rounds }))
}
