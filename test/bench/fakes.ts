import type { ArmKind, Case, Clock, Contender, Evaluate, Proof } from '../../bench/suite.js'

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

export interface FakeCaseOptions {
  readonly warmUp?: number
  readonly burst?: number
  readonly operations?: number
  readonly twin?: string
  readonly proofs?: readonly Proof[]
}

/** A case whose every program must answer 2. */
export function fakeCase({ warmUp = 0, burst = 1, operations = 1, twin, proofs = [{ program: 'proof', expected: 2 }] }: FakeCaseOptions = {}): Case {
  const counts = { warmUp, burst }
  return {
    name: 'fresh-isolate', title: 'Fake', about: 'answer 2', proofs, program: 'run', expected: 2, operations,
    pace: { fast: counts, slow: counts }, ...(twin === undefined ? {} : { twin }),
  }
}

export function fakeContender(options: { readonly name?: string; readonly arm?: ArmKind; readonly evaluate: Evaluate }): Contender {
  const { name = 'fake', arm = 'contained', evaluate } = options
  return { name, arm, limits: 'none', pace: 'fast', open: { 'fresh-isolate': async () => evaluate } }
}
