import type { ArmKind, Clock, Contender, Evaluate, HostFunctions, LatencyCase, OutcomeCase, Proof, SeriesCase } from '../../bench/suite.js'

/** Time that passes only when told. */
export function fakeClock(): { readonly now: Clock; advance(ms: number): void } {
  let time = 1000
  return {
    now: () => time,
    advance: (ms) => {
      time += ms
    },
  }
}

const PROOFS: readonly Proof[] = [{ program: 'proof', expected: 2 }]

export interface FakeCaseOptions {
  readonly warmUp?: number
  readonly burst?: number
  readonly operations?: number
  readonly twin?: string
  readonly proofs?: readonly Proof[]
}

/** A case whose every program must answer 2. */
export function fakeCase({ warmUp = 0, burst = 1, operations = 1, twin, proofs = PROOFS }: FakeCaseOptions = {}): LatencyCase {
  const counts = { warmUp, burst }
  return {
    kind: 'latency', name: 'fake', opens: 'fresh-isolate', title: 'Fake', about: 'answer 2', proofs, program: 'run', expected: 2, operations,
    pace: { fast: counts, slow: counts }, ...(twin === undefined ? {} : { twin }),
  }
}

/** A series over counts; each point's program is its count. */
export function fakeSeries(at: readonly number[]): SeriesCase {
  const counts = { warmUp: 0, burst: 2 }
  return {
    kind: 'series', name: 'fake-series', opens: 'fresh-isolate', title: 'Fake series', about: 'answer 2', proofs: PROOFS,
    axis: { kind: 'number', title: 'size', unit: 'bytes', scale: 'log' }, pace: { fast: counts, slow: counts },
    points: at.map((each) => ({ at: each, program: String(each), expected: 2, operations: 1 })),
  }
}

export function fakeOutcomes(programs: readonly string[]): OutcomeCase {
  return {
    kind: 'outcome', name: 'fake-outcomes', opens: 'hostile', title: 'Fake outcomes', about: 'survive', proofs: PROOFS,
    limits: { deadlineMs: 100, memoryBytes: 1 << 20 }, killAfterMs: 400, trials: { full: 2, quick: 1 },
    programs: programs.map((name) => ({ name, threat: `tries ${name}`, program: name })),
  }
}

export function fakeContender(options: { readonly name?: string; readonly arm?: ArmKind; readonly evaluate: Evaluate }): Contender {
  const { name = 'fake', arm = 'contained', evaluate } = options
  return { name, arm, limits: 'none', pace: 'fast', open: { 'fresh-isolate': async () => evaluate, hostile: async () => evaluate } }
}

export const fakeHost: HostFunctions = {
  exists: () => true,
  lookup: async (item) => ({ ...item, found: true }),
  folder: '',
  origin: 'http://127.0.0.1:1',
  limits: { deadlineMs: 1000, memoryBytes: 1 << 20 },
}
