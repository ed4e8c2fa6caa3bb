import { isDeepStrictEqual } from 'node:util'
import type { Case, Clock, Contender, Evaluate, HostFunctions } from './suite.js'

/** One contender in one case, in the process that does the work. */
export interface Arm {
  /** Milliseconds per operation, one for each sample of the case's burst. */
  burst(): Promise<number[]>
}

const hostFunctions: HostFunctions = {
  exists: (path) => path === '/data/a.txt',
  lookup: async (item) => ({ ...item, found: true }),
}

/** Opens a contender, proves that it answers right, and warms it up. Rejects when it does not take part or is wrong. */
export async function openArm(contender: Contender, of: Case, now: Clock): Promise<Arm> {
  const open = contender.open[of.name]
  if (open === undefined) throw new Error(`${contender.name} does not take part in ${of.name}`)
  const evaluate = await open(hostFunctions)
  for (const { program, expected, of: asked } of of.proofs) {
    if (asked === undefined || asked === contender.arm) expectValue(await evaluate(program), expected, program)
  }
  const { warmUp, burst } = of.pace[contender.pace]
  for (let i = 0; i < warmUp; i++) await sample(evaluate, of, now)
  return {
    async burst() {
      await sample(evaluate, of, now)
      const samples: number[] = []
      for (let i = 0; i < burst; i++) samples.push(await sample(evaluate, of, now))
      return samples
    },
  }
}

/** One sample; a wrong answer is an error, never a fast one. */
async function sample(evaluate: Evaluate, { program, expected, operations, twin }: Case, now: Clock): Promise<number> {
  const whole = await time(evaluate, program, expected, now)
  const rest = twin === undefined ? 0 : await time(evaluate, twin, expected, now)
  return (whole - rest) / operations
}

async function time(evaluate: Evaluate, program: string, expected: unknown, now: Clock): Promise<number> {
  const began = now()
  let value = evaluate(program)
  // A synchronous contender does not pay for a turn of the event loop.
  if (value instanceof Promise) value = await value
  const ended = now()
  expectValue(value, expected, program)
  return ended - began
}

function expectValue(value: unknown, expected: unknown, program: string): void {
  if (!isDeepStrictEqual(value, expected)) throw new Error(`wrong: ${JSON.stringify(value)} instead of ${JSON.stringify(expected)} for ${program.split('\n')[0]}`)
}
