import type { Case } from './cases.ts'

/** What a program came to. */
export interface Outcome {
  /** `undefined` when it did not end by itself. */
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** Why it did not end by itself, or could not be loaded. */
  readonly failure: string | undefined
}

/** One way to run programs. */
export interface Arm {
  readonly name: string
  run(program: Case): Promise<Outcome>
}

/** Milliseconds a program has. */
export const DEADLINE_MS = 20_000

/** Why the outcome is not the one that was asked for; `undefined` when it is. */
export function toComplaint(program: Case, outcome: Outcome): string | undefined {
  const last = outcome.stderr.trim().split('\n').filter((line) => !line.startsWith('note:')).slice(-2).join(' ')
  if (outcome.failure !== undefined) return `${outcome.failure}${last === '' ? '' : `; ${last}`}`
  if (outcome.exitCode !== program.exitCode) return `exit code ${outcome.exitCode}, expected ${program.exitCode}${last === '' ? '' : `; ${last}`}`
  for (const stream of ['stdout', 'stderr'] as const) {
    const expected = program[stream]
    if (expected !== undefined && outcome[stream] !== expected) return `${stream} is ${JSON.stringify(outcome[stream].slice(0, 200))}, expected ${JSON.stringify(expected.slice(0, 200))}`
  }
  return undefined
}
