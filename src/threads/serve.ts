import type { ProgramEngine } from '../engine.js'
import { createQuickjs } from '../quickjs/create.js'
import { AnswerSlot } from './box.js'
import { Outbox } from './outbox.js'
import { type ThreadPorts, createThreadPorts } from './ports.js'
import type { End, FromThread, RunMessage, ToThread } from './protocol.js'
import { ReportingFuel, SharedHalt } from './signs.js'

/** What the thread's own platform gives it. */
export interface Surroundings {
  readonly post: (message: FromThread) => void
  readonly now: () => number
  readonly defer: (callback: () => void) => void
  readonly startTimer: (callback: () => void, ms: number) => () => void
}

interface Current {
  readonly ports: ThreadPorts
  readonly halt: SharedHalt
}

/** The inside of a thread: takes what the host tells it and runs one guest at a time. */
export function createServer(surroundings: Surroundings): (message: ToThread) => void {
  const { post, defer, startTimer } = surroundings
  let engine: ProgramEngine | undefined
  let slot: AnswerSlot | undefined
  let current: Current | undefined

  const start = (message: Extract<ToThread, { type: 'start' }>): void => {
    slot = new AnswerSlot(message.box)
    engine = createQuickjs({ compile: async () => message.module, defer, startIdleTimer: startTimer })
    post({ type: 'ready' })
  }
  const run = async (message: RunMessage): Promise<void> => {
    const fuelLeft = { read: () => 0 }
    const outbox = new Outbox({ post, defer, fuel: () => fuel.used(fuelLeft.read()) })
    const halt = new SharedHalt(slot!)
    const ended = new AbortController()
    const { now } = surroundings
    const { program, limits, leftMs } = message
    const fuel = new ReportingFuel(halt, outbox, {
      limit: limits.fuel, deadlineMs: limits.deadlineMs, deadline: now() + leftMs, signal: ended.signal, now, defer, startTimer,
    })
    const watchFuel = (read: () => number): void => {
      fuelLeft.read = read
    }
    const ports = createThreadPorts({ limits, clock: message.clock, halt, fuel, slot: slot!, outbox, signal: ended.signal, watchFuel })
    current = { ports, halt }
    let end: End
    try {
      const { ending, usage } = await engine!.run(program, ports)
      const { stop } = halt
      end = { kind: 'ended', ending, usage, stop: stop && { reason: stop.reason, message: stop.message }, exitCode: ports.exitCode }
    } catch (error) {
      end = { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
    }
    current = undefined
    outbox.end(end)
  }

  return (message) => {
    switch (message.type) {
      case 'start': return start(message)
      case 'run': return void run(message)
      case 'answers': return message.answers.forEach((answered) => current?.ports.answered(answered))
      case 'waited': return current?.ports.waited(message.id)
      // A guest that waits hears only this.
      case 'stop': return void current?.halt.stopByHost()
    }
  }
}
