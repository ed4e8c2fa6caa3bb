import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { isSame } from './answers.js'
import { openWay, prove } from './arm.js'
import { createHost } from './host.js'
import { firstLine } from './measure.js'
import type { FromTrial, TrialRequest } from './messages.js'
import { endWithBench, find } from './serve-arm.js'
import { type Evaluate, type Hostile, Stopped } from './suite.js'

/** Argument by which the bench starts itself as the process of one trial. */
export const SERVE_TRIAL = 'serve-trial'

/** Name of the variable and of the file that a guest should not be able to read. */
export const CANARY = 'BENCH_CANARY'
const CANARY_FILE = 'canary.txt'

/** What a program may have started that ends the host a little later. */
const AFTERMATH_MS = 50

/** Runs one hostile program in one contender and looks what it left of the host. */
export async function serveTrial(request: TrialRequest): Promise<void> {
  const say = (message: FromTrial): Promise<void> => new Promise((resolve) => process.send!(message, () => resolve()))
  endWithBench()
  try {
    const { of, contender } = find(request)
    const hostile = of.kind === 'outcome' ? of.programs.find(({ name }) => name === request.program) : undefined
    if (hostile === undefined) throw new Error(`There is no ${request.program} in ${request.case}`)
    const canaryFile = join(request.folder, CANARY_FILE)
    writeFileSync(canaryFile, request.canary)
    const evaluate = await openWay(contender, of, await createHost(of, request.folder))
    await prove(evaluate, contender, of)
    const before = fingerprint()
    await say({ type: 'began' })
    const { answer, ...told } = await attempt(evaluate, hostile)
    await say({ type: 'answered', ...told })
    await rest(AFTERMATH_MS)
    const escape = findEscape(answer, hostile, request.canary)
      ?? (fingerprint() === before ? undefined : 'changed what the host has')
      ?? (readFileSync(canaryFile, 'utf8') === request.canary ? undefined : 'changed a file')
    if (escape !== undefined) return await say({ type: 'checked', outcome: 'escaped', detail: escape })
    const wrong = await prove(evaluate, contender, of).then(() => undefined, (error: unknown) => firstLine(error))
    await say({ type: 'checked', outcome: wrong === undefined ? 'survived' : 'wrong', detail: wrong ?? '' })
  } catch (error) {
    await say({ type: 'failed', reason: firstLine(error) })
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
