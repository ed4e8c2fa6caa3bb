import { type Entrant, firstLine, interleave } from './measure.js'
import type { ArmKind, Case, CaseName, Contender } from './suite.js'

export interface CaseReport {
  readonly name: CaseName
  readonly measured: readonly Measured[]
  /** Contenders that should have been measured and were not, each with the reason. */
  readonly missing: readonly Missing[]
}

export interface Measured {
  readonly contender: string
  readonly arm: ArmKind
  readonly limits: string
  /** Milliseconds per operation, in the order they were taken. */
  readonly samples: readonly number[]
}

export interface Missing {
  readonly contender: string
  readonly reason: string
}

export interface SuiteOptions {
  readonly cases: readonly Case[]
  readonly contenders: readonly Contender[]
  readonly rounds: number
  /** Which of the contenders in which case. @default all that take part */
  readonly wants?: (of: Case, contender: Contender) => boolean
  /** Gets a contender proven and warm; rejects with the reason why it cannot be measured. */
  readonly start: (contender: Contender, of: Case) => Promise<Entrant & Partial<Disposable>>
  readonly onProgress?: (what: string) => void
}

/** Measures every case, one after the other, its contenders in interleaved rounds. */
export async function runSuite(options: SuiteOptions): Promise<CaseReport[]> {
  const reports: CaseReport[] = []
  for (const of of options.cases) {
    const contenders = options.contenders.filter((contender) => contender.open[of.name] !== undefined && (options.wants?.(of, contender) ?? true))
    if (contenders.length > 0) reports.push(await runCase(of, contenders, options))
  }
  return reports
}

async function runCase(of: Case, contenders: readonly Contender[], { rounds, start, onProgress }: SuiteOptions): Promise<CaseReport> {
  const entrants: (Entrant & Partial<Disposable>)[] = []
  const missing: Missing[] = []
  try {
    for (const contender of contenders) {
      onProgress?.(`${of.name}: proving and warming up ${contender.name}`)
      try {
        entrants.push(await start(contender, of))
      } catch (error) {
        missing.push({ contender: contender.name, reason: firstLine(error) })
      }
    }
    const results = await interleave(entrants, { rounds, onRound: (round) => onProgress?.(`${of.name}: round ${round + 1} of ${rounds}`) })
    const measured: Measured[] = []
    for (const result of results) {
      const { arm, limits } = contenders.find(({ name }) => name === result.name)!
      if ('failure' in result) missing.push({ contender: result.name, reason: result.failure })
      else measured.push({ contender: result.name, arm, limits, samples: result.samples })
    }
    return { name: of.name, measured, missing }
  } finally {
    for (const entrant of entrants) entrant[Symbol.dispose]?.()
  }
}
