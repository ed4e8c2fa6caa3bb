import type { Ending, Ports, Program } from '../engine.js'
import type { GuestError } from '../result.js'
import { GuestThrow } from './guest-throw.js'
import type { Isolate } from './isolate.js'
import type { Lodging } from './lodging.js'
import { evalProgram } from './program.js'
import type { TypeStripper } from './typescript.js'

export interface DriveOptions {
  readonly ports: Ports
  readonly typescript: TypeStripper
  /** Where the isolate's instance is while the guest waits. */
  readonly lodging: Pick<Lodging, 'rest' | 'goOn'>
}

/**
 * Runs a program in a linked isolate until its value is settled and returns how it ended.
 * A program whose value is `undefined` ends when nothing is left to do; any other value ends it at once.
 * Throws what no guest can throw: `Stop`, a trap, a host stack overflow.
 */
export async function drive(isolate: Isolate, program: Program, { ports, typescript, lodging }: DriveOptions): Promise<Ending> {
  const describe = async (error: GuestThrow): Promise<GuestError> => isolate.toGuestError(await isolate.describe(error.value))
  try {
    ports.halt.onStop(() => isolate.inbox.wake())
    isolate.addSource(program.filename, program.source)
    let { source } = program
    if (program.language === 'ts') {
      const stripped = typescript.strip(source, program.filename)
      if (!stripped.ok) return { outcome: 'threw', error: isolate.toGuestError(stripped.described) }
      source = stripped.code
    }
    const main = await evalProgram(isolate, source, program.filename)
    await isolate.main(main, program.input)
    for (;;) {
      if (isolate.hasJobs) await isolate.drainJobs()
      const rejection = isolate.unhandledRejection()
      if (rejection !== undefined) return { outcome: 'threw', error: isolate.toGuestError(await isolate.describe(rejection)) }
      const { settlement } = isolate
      if (settlement?.outcome === 'error') return { outcome: 'threw', error: isolate.toGuestError(settlement.text) }
      if (settlement?.outcome === 'value') return { ...settlement, outcome: 'returned' }
      if (!(await goOn(isolate, ports, lodging))) {
        if (settlement?.outcome === 'nothing') return { outcome: 'returned', value: undefined }
        return ports.halt.raise('deadlock', 'The guest waits for a promise that nothing can settle: no host call, timer or job is left')
      }
    }
  } catch (error) {
    if (error instanceof GuestThrow) return { outcome: 'threw', error: await describe(error) }
    throw error
  }
}

/** Lets the next thing happen that can: an answer or a timer. False when nothing is left. */
async function goOn(isolate: Isolate, ports: Ports, lodging: DriveOptions['lodging']): Promise<boolean> {
  // Asked once for each thing that happens, and answers are handed over one by one: what a guest pays for must not
  // depend on how soon, or how close together, its answers come.
  const due = isolate.nextTimer()
  if (!isolate.inbox.hasAnswers) {
    if (due < 0 && isolate.inbox.inFlight === 0) return false
    const { wait } = ports.clock
    if (due === 0) {
      await isolate.fireTimer({ force: false })
      return true
    }
    if (due > 0 && wait === undefined && isolate.inbox.inFlight === 0) {
      await isolate.fireTimer({ force: true })
      return true
    }
    const sleep = due > 0 && wait !== undefined ? (signal: AbortSignal) => wait(due, signal) : undefined
    await untilSomethingHappens(isolate, ports, { sleep, lodging })
    ports.fuel.checkTime()
    ports.halt.check()
  }
  await isolate.deliverAnswer()
  return true
}

/** Turns of the microtask queue in which a host function that waits for nothing real has answered. */
const QUICK_TURNS = 12

interface Waits {
  /** Waits for the next timer. */
  readonly sleep: ((signal: AbortSignal) => Promise<void>) | undefined
  readonly lodging: DriveOptions['lodging']
}

/** Waits for an answer, the next timer or the end of the call, whichever is first. */
async function untilSomethingHappens(isolate: Isolate, ports: Ports, { sleep, lodging }: Waits): Promise<void> {
  for (let turn = 0; !isolate.inbox.hasAnswers && turn < QUICK_TURNS; turn++) await undefined
  // Also after the last turn: from here on only what comes later wakes.
  if (isolate.inbox.hasAnswers) return
  ports.fuel.pause()
  const woken = isolate.inbox.whenWoken()
  const unwatch = ports.fuel.watch()
  const sleeping = sleep === undefined ? undefined : new AbortController()
  if (sleep !== undefined && sleeping !== undefined) sleep(sleeping.signal).then(() => isolate.inbox.wake(), () => isolate.inbox.wake())
  try {
    lodging.rest()
    if (ports.halt.stop === undefined) await woken
  } finally {
    sleeping?.abort(WOKEN)
    unwatch()
  }
  await lodging.goOn()
}

/** A reason made once: an error with its stack costs more than waking. */
const WOKEN = Object.freeze(new Error('woken'))
