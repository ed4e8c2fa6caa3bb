import { setTimeout as rest } from 'node:timers/promises'
import { isPromise } from 'node:util/types'
import { expectValue } from './answers.js'
import { residentBytes } from './process-memory.js'
import type { Clock, Evaluate, SampledCase, Task } from './suite.js'

/** One sample: milliseconds per operation, or operations a second where the case counts those. */
export async function sampleTime(evaluate: Evaluate, task: Task, { quantity, restMs = 0 }: SampledCase, now: Clock): Promise<number> {
  if (restMs > 0) await rest(restMs)
  const whole = await time(evaluate, task, task.program, now)
  if (restMs > 0 && task.twin !== undefined) await rest(restMs)
  const taken = task.twin === undefined ? 0 : await time(evaluate, task, task.twin, now)
  const operations = task.operations * (task.evaluations ?? 1)
  if (quantity !== 'rate') return (whole - taken) / operations
  if (whole <= taken) throw new Error('too fast for the clock: more operations are needed in one sample')
  return (operations * 1000) / (whole - taken)
}

/** Bytes the process and its children grew by, for each evaluation; the contender keeps what they made. */
export async function sampleMemory(evaluate: Evaluate, task: Task, warmUp: number): Promise<number> {
  const { evaluations = 1, atOnce = 1 } = task
  for (let i = 0; i < warmUp; i++) await once(evaluate, task, task.program)
  const before = readMemory()
  if (atOnce > 1) await Promise.all(Array.from({ length: evaluations }, () => once(evaluate, task, task.program)))
  else for (let i = 0; i < evaluations; i++) await once(evaluate, task, task.program)
  return (readMemory() - before) / evaluations
}

function readMemory(): number {
  const { gc } = globalThis as { gc?: () => void }
  gc?.()
  return residentBytes(process.pid, 'proportional') ?? process.memoryUsage.rss()
}

async function once(evaluate: Evaluate, { given = {}, expected }: Task, program: string): Promise<void> {
  expectValue(await evaluate(program, given), expected, program)
}

async function time(evaluate: Evaluate, task: Task, program: string, now: Clock): Promise<number> {
  const { expected, evaluations = 1, atOnce = 1, given = {} } = task
  if (evaluations > 1) return timeMany(evaluate, task, program, now)
  if (atOnce > 1) throw new Error('one evaluation cannot be several at once')
  const began = now()
  let value = evaluate(program, given)
  // A synchronous contender does not pay for a turn of the event loop.
  if (isPromise(value)) value = await value
  const ended = now()
  expectValue(value, expected, program)
  return ended - began
}

/** Lanes that each evaluate one after the other, all at once. */
async function timeMany(evaluate: Evaluate, { expected, evaluations = 1, atOnce = 1, given = {} }: Task, program: string, now: Clock): Promise<number> {
  const values: unknown[] = []
  let left = evaluations
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const value = evaluate(program, given)
      values.push(isPromise(value) ? await value : value)
    }
  }
  const began = now()
  await Promise.all(Array.from({ length: Math.min(atOnce, evaluations) }, lane))
  const ended = now()
  for (const value of values) expectValue(value, expected, program)
  return ended - began
}
