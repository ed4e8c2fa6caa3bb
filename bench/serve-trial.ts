import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { isSame } from './answers.js'
import { openWay, prove } from './arm.js'
import { createHost } from './host.js'
import { firstLine } from './measure.js'
import type { FromTrial, TrialRequest } from './messages.js'
import { endWithBench, find } from './serve-arm.js'
import { type Contender, type Evaluate, type Hostile, type HostFunctions, type OutcomeCase, Stopped } from './suite.js'

/** Argument by which the bench starts itself as the process of one trial. */
export const SERVE_TRIAL = 'serve-trial'

/** Name of the variable and of the file that a guest should not be able to read. */
export const CANARY = 'BENCH_CANARY'
const CANARY_FILE = 'canary.txt'

/** What a program may have started that ends the host a little later. */
const AFTERMATH_MS = 50

/** Runs one hostile program in the process of a trial. */
export async function serveTrial(request: TrialRequest): Promise<void> {
  const say = (message: FromTrial): Promise<void> => new Promise((resolve) => process.send!(message, () => resolve()))
  endWithBench()
  try {
    const { of, contender } = find(request)
    if (of.kind !== 'outcome') throw new Error(`${of.name} has no hostile programs`)
    await tryProgram(contender, of, { ...request, host: await createHost(of, request.folder), say })
  } catch (error) {
    await say({ type: 'failed', reason: firstLine(error) })
  }
}

export interface TryOptions {
  readonly program: string
  /** Text that the guest should not come by; it stands in a file of the folder and in the environment. */
  readonly canary: string
  readonly host: HostFunctions
  readonly say: (message: FromTrial) => Promise<void>
}

/** Opens and proves a contender, hands it a hostile program, and looks what that left of the host. Rejects when it cannot be opened. */
export async function tryProgram(contender: Contender, of: OutcomeCase, { program, canary, host, say }: TryOptions): Promise<void> {
  const hostile = of.programs.find(({ name }) => name === program)
  if (hostile === undefined) throw new Error(`There is no ${program} in ${of.name}`)
  const canaryFile = join(host.folder, CANARY_FILE)
  writeFileSync(canaryFile, canary)
  const evaluate = await openWay(contender, of, host)
  await proveInTime(evaluate, contender, of)
  const before = fingerprint()
  await say({ type: 'began' })
  const { answer, ...told } = await attempt(evaluate, hostile)
  await say({ type: 'answered', ...told })
  await rest(AFTERMATH_MS)
  const escape = findEscape(answer, hostile, canary)
    ?? (fingerprint() === before ? undefined : 'changed what the host has')
    ?? (readFileSync(canaryFile, 'utf8') === canary ? undefined : 'changed a file')
  if (escape !== undefined) return say({ type: 'checked', outcome: 'escaped', detail: escape })
  const wrong = await proveInTime(evaluate, contender, of).then(() => undefined, (error: unknown) => firstLine(error))
  await say({ type: 'checked', outcome: wrong === undefined ? 'survived' : 'wrong', detail: wrong ?? '' })
}

/** Proofs are under the deadline of the hostile programs, too: a busy machine may need more than one go. */
async function proveInTime(evaluate: Evaluate, contender: Contender, of: OutcomeCase): Promise<void> {
  for (let left = 2; ; left--) {
    try {
      return await prove(evaluate, contender, of)
    } catch (error) {
      if (left === 0 || !(error instanceof Stopped)) throw error
    }
  }
}

interface Attempt {
  readonly answer: { readonly value?: unknown; readonly error?: unknown }
  readonly by: string
  readonly elapsedMs: number
  /** Longest time the host's event loop stood still. */
  readonly heldMs: number
  readonly peakBytes?: number
}

async function attempt(evaluate: Evaluate, { program }: Hostile): Promise<Attempt> {
  const mostBefore = process.resourceUsage().maxRSS
  let heldMs = 0
  let turned = performance.now()
  const turn = (): void => {
    const now = performance.now()
    heldMs = Math.max(heldMs, now - turned)
    turned = now
  }
  const turns = setInterval(turn, 1)
  const began = performance.now()
  let answer: Attempt['answer']
  let by = 'itself'
  try {
    answer = { value: await evaluate(program, {}) }
  } catch (error) {
    answer = { error }
    by = error instanceof Stopped ? error.by : `its own error: ${firstLine(error).slice(0, 120)}`
  }
  const elapsedMs = performance.now() - began
  turn()
  clearInterval(turns)
  const most = process.resourceUsage().maxRSS
  return { answer, by, elapsedMs, heldMs, ...(most > mostBefore ? { peakBytes: most * 1024 } : {}) }
}

function findEscape({ value, error }: Attempt['answer'], { escaped }: Hostile, canary: string): string | undefined {
  if (escaped !== undefined && isSame(value, escaped)) return 'got where it should not'
  return [value, error].some((each) => toText(each).includes(canary)) ? 'read what it was not given' : undefined
}

function toText(value: unknown): string {
  try {
    return value instanceof Error ? `${value.message} ${value.stack}` : (JSON.stringify(value) ?? String(value))
  } catch {
    return ''
  }
}

/** What a guest that got out would leave behind. */
function fingerprint(): string {
  const objects = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Promise.prototype, Error.prototype, globalThis, Math, JSON]
  return objects.map((object) => Reflect.ownKeys(object).map(String).sort().join()).join('\n')
}
