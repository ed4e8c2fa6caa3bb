import { runInNewContext } from 'node:vm'
import type { Sandbox } from '../sandbox.js'
import { type Arm, type Work, createWorks } from './bench-arms.js'

/** How often: enough for a first impression, in a few seconds. */
export interface BenchCounts {
  /** Evaluations before the first sample. @default 30 */
  readonly warmUp?: number
  /** Rounds, in each of which every arm takes its turn. @default 10 */
  readonly rounds?: number
  /** Samples of an arm in each round. @default 10 */
  readonly burst?: number
  /** Programs without end that are stopped. @default 5 */
  readonly kills?: number
}

export interface Measurement {
  readonly name: string
  readonly about: string
  readonly arms: readonly MeasuredArm[]
}

export interface MeasuredArm {
  readonly name: Arm['name']
  /** Milliseconds per operation; absent where there is no way to do it. */
  readonly p50?: number
  readonly p95?: number
  readonly samples: number
}

const DEADLINE_MS = 50
const ENDLESS = 'for (;;);'

/** Measures the main costs in this process. Every arm must answer right each time; a wrong answer is an error. */
export async function measureCosts(sandbox: Sandbox, now: () => number, { warmUp = 30, rounds = 10, burst = 10, kills = 5 }: BenchCounts = {}): Promise<readonly Measurement[]> {
  const measured: Measurement[] = []
  for (const work of createWorks(sandbox)) {
    const samples = new Map<Arm, number[]>(work.arms.map((arm) => [arm, []]))
    for (const arm of work.arms) for (let i = 0; i < warmUp; i++) await sample(arm, work, now)
    for (let round = 0; round < rounds; round++) {
      // Each round begins with another arm, so that whatever else the machine does meets all alike.
      for (let i = 0; i < work.arms.length; i++) {
        const arm = work.arms[(round + i) % work.arms.length]!
        for (let each = 0; each < burst; each++) samples.get(arm)!.push(await sample(arm, work, now))
      }
    }
    measured.push({ name: work.name, about: work.about, arms: [...samples].map(([arm, own]) => summarise(arm.name, own)) })
  }
  return [...measured, await measureKills(sandbox, now, kills)]
}

async function sample(arm: Arm, { program, expected, operations, twin }: Work, now: () => number): Promise<number> {
  const whole = await time(arm, program, expected, now)
  return (whole - (twin === undefined ? 0 : await time(arm, twin, expected, now))) / operations
}

async function time(arm: Arm, program: string, expected: unknown, now: () => number): Promise<number> {
  const began = now()
  const value = await arm.evaluate(program)
  const elapsed = now() - began
  if (value !== expected) throw new Error(`${arm.name} answered ${String(value)} instead of ${String(expected)}`)
  return elapsed
}

/** How long past its deadline a program without end runs. */
async function measureKills(sandbox: Sandbox, now: () => number, kills: number): Promise<Measurement> {
  const [ours, vm]: [number[], number[]] = [[], []]
  for (let i = 0; i < kills; i++) {
    const began = now()
    const result = await sandbox.run(ENDLESS, { limits: { deadlineMs: DEADLINE_MS } })
    ours.push(now() - began - DEADLINE_MS)
    if (result.outcome !== 'stopped' || result.reason !== 'deadline') throw new Error(`glovebox did not stop a program without end at its deadline: ${result.outcome}`)
    vm.push(timeOut(now) - DEADLINE_MS)
  }
  return {
    name: 'kill latency', about: `milliseconds a program without end runs past its deadline of ${DEADLINE_MS} ms, on the same thread`,
    arms: [summarise('glovebox', ours), summarise('node:vm', vm), { name: 'plain function', samples: 0 }],
  }
}

function timeOut(now: () => number): number {
  const began = now()
  try {
    runInNewContext(ENDLESS, {}, { timeout: DEADLINE_MS })
  } catch {
    return now() - began
  }
  throw new Error('node:vm did not stop a program without end')
}

/** Percentiles by nearest rank; the 95th needs 20 samples. */
function summarise(name: Arm['name'], samples: readonly number[]): MeasuredArm {
  const sorted = [...samples].sort((a, b) => a - b)
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!
  return { name, p50: rank(0.5), ...(sorted.length < 20 ? {} : { p95: rank(0.95) }), samples: sorted.length }
}
