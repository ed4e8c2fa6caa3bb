import { randomBytes } from 'node:crypto'
import type { BenchChild, Children } from './children.js'
import { firstLine } from './measure.js'
import type { FromTrial, TrialRequest } from './messages.js'
import { residentBytes } from './process-memory.js'
import { CANARY, SERVE_TRIAL } from './serve-trial.js'
import type { Contender, OutcomeCase } from './suite.js'

/**
 * What became of the host: it `survived` and answers right; the program `escaped` into it; it answered `wrong` afterwards;
 * its process `ended`; or it hung or grew until it was `killed`.
 */
export type Outcome = 'survived' | 'escaped' | 'wrong' | 'ended' | 'killed'

export interface Trial {
  readonly program: string
  readonly outcome: Outcome
  /** Who ended the program: a limit of the contender, the program `itself` or its own error, or `the harness`. */
  readonly by: string
  readonly elapsedMs: number
  /** Longest time the host's event loop stood still meanwhile. */
  readonly heldMs?: number
  /** Resident memory of the host before the program, and at most while it ran; where `/proc` tells. */
  readonly startBytes?: number
  readonly peakBytes?: number
  readonly detail?: string
}

/** How long a contender may take to open, and to answer the proofs after the program. */
const PATIENCE_MS = 60_000
const POLL_MS = 5
/** Growth at which the harness ends a host, for the sake of the machine. */
const MOST_GROWTH_BYTES = 1.5 * 2 ** 30

/** Runs one hostile program in a process of its own. Rejects when the contender cannot be opened or is wrong before the program. */
export async function runTrial(contender: Contender, of: OutcomeCase, program: string, children: Children): Promise<Trial> {
  const canary = randomBytes(12).toString('hex')
  const boundMs = of.limits.deadlineMs + of.killAfterMs
  using child = children.start<FromTrial>({
    role: SERVE_TRIAL,
    request: (folder): TrialRequest => ({ case: of.name, contender: contender.name, program, folder, canary }),
    nodeFlags: contender.nodeFlags ?? [],
    env: { [CANARY]: canary },
    cpuSeconds: Math.ceil((4 * boundMs + PATIENCE_MS) / 1000),
  })
  const first = await child.next(PATIENCE_MS)
  if (first.type !== 'began') throw new Error(first.type === 'failed' ? first.reason : 'answered before the program')
  const began = performance.now()
  using memory = watchMemory(child)
  const soFar = (): Pick<Trial, 'program' | 'elapsedMs' | 'startBytes' | 'peakBytes'> => ({ program, elapsedMs: performance.now() - began, ...memory.read() })
  let answered: Extract<FromTrial, { type: 'answered' }>
  try {
    answered = await nextOf(child, 'answered', boundMs)
  } catch (error) {
    if (memory.exceeded()) return { ...soFar(), outcome: 'killed', by: 'the harness', detail: 'grew without end' }
    if (error instanceof NoAnswer) return { ...soFar(), outcome: 'killed', by: 'the harness', detail: 'hung' }
    return { ...soFar(), outcome: 'ended', by: 'the end of the host', detail: firstLine(error) }
  }
  const { by, elapsedMs, heldMs } = answered
  const peaks = [memory.read().peakBytes, answered.peakBytes].filter((each) => each !== undefined)
  const told = { program, by, elapsedMs, heldMs, ...memory.read(), ...(peaks.length === 0 ? {} : { peakBytes: Math.max(...peaks) }) }
  try {
    const { outcome, detail } = await nextOf(child, 'checked', PATIENCE_MS)
    return { ...told, outcome, ...(detail === '' ? {} : { detail }) }
  } catch (error) {
    if (error instanceof NoAnswer) return { ...told, outcome: 'wrong', detail: 'did not answer afterwards' }
    return { ...told, outcome: 'ended', detail: `afterwards: ${firstLine(error)}` }
  }
}

class NoAnswer extends Error {}

async function nextOf<Type extends FromTrial['type']>(child: BenchChild<FromTrial>, type: Type, patienceMs: number): Promise<Extract<FromTrial, { type: Type }>> {
  let message: FromTrial
  try {
    message = await child.next(patienceMs)
  } catch (error) {
    throw child.connected ? new NoAnswer(firstLine(error)) : error
  }
  if (message.type === 'failed') throw new Error(message.reason)
  return message as Extract<FromTrial, { type: Type }>
}

/** Reads the memory of a process every few milliseconds and ends it when it grows too much. */
function watchMemory(child: BenchChild<FromTrial>): Disposable & { read(): Pick<Trial, 'startBytes' | 'peakBytes'>; exceeded(): boolean } {
  const startBytes = residentBytes(child.pid)
  let peakBytes = startBytes ?? 0
  let exceeded = false
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(child.pid) ?? 0)
    if (startBytes === undefined || peakBytes - startBytes < MOST_GROWTH_BYTES) return
    exceeded = true
    child[Symbol.dispose]()
  }, POLL_MS)
  return {
    read: () => (startBytes === undefined ? {} : { startBytes, peakBytes }),
    exceeded: () => exceeded,
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
