import type { Arguments, ClockPort, GuestFault, HostAnswer, Ports } from '../engine.js'
import type { Fuel } from '../fuel.js'
import type { Limits } from '../limits.js'
import type { AnswerSlot } from './box.js'
import type { Outbox } from './outbox.js'
import { type Bare, fromBare } from './bare.js'
import { type Packet, unpack } from './packet.js'
import type { Answered, Question, RunMessage } from './protocol.js'
import type { SharedHalt } from './signs.js'

export interface ThreadPortsOptions {
  readonly limits: Limits
  readonly clock: RunMessage['clock']
  readonly halt: SharedHalt
  readonly fuel: Fuel
  readonly slot: AnswerSlot
  readonly outbox: Outbox
  readonly signal: AbortSignal
  readonly watchFuel: Ports['watchFuel']
}

/** What the host sends on a call's behalf between its questions. */
export interface ThreadPorts extends Ports {
  readonly exitCode: number | undefined
  answered(answered: Answered): void
  waited(id: number): void
}

/**
 * Ports of a guest whose host is another thread. What a guest does not wait for is sent behind its back; beyond what
 * the limits let pass for certain, each act is one the guest waits for, so that the host's own limits decide and
 * nothing piles up on the way.
 */
export function createThreadPorts({ limits, clock, halt, fuel, slot, outbox, signal, watchFuel }: ThreadPortsOptions): ThreadPorts {
  const calls = new Map<number, { readonly resolve: (answer: HostAnswer) => void; readonly reject: (error: unknown) => void }>()
  const waits = new Map<number, () => void>()
  const count = { ids: 0, calls: 0, bytesOut: 0, output: 0 }
  const exit: { code: number | undefined } = { code: undefined }

  /** The answer, or `undefined` when the host stopped the call over it. */
  const tryAsk = (question: Question): Packet | undefined => {
    const bytes = slot.take(() => outbox.ask(question), (into) => outbox.ask({ ask: 'again', into }))
    return bytes === undefined ? undefined : unpack(bytes)
  }
  const ask = (question: Question): Packet => tryAsk(question) ?? fail(halt.stopByHost())

  return {
    limits,
    halt,
    fuel,
    signal,
    watchFuel,
    clock: createClock(clock, {
      ask: (question) => Number(ask(question).data),
      wait: (ms, waking) => new Promise((resolve) => {
        const id = ++count.ids
        const wake = (): void => {
          if (waits.delete(id)) outbox.add({ act: 'unwait', id })
          resolve()
        }
        waits.set(id, resolve)
        outbox.add({ act: 'wait', id, ms })
        waking.addEventListener('abort', wake, { once: true })
      }),
    }),
    call(operation, args) {
      count.calls++
      return toAnswer(ask({ ask: 'call', operation, args }))
    },
    callAsync(operation, args) {
      const id = ++count.ids
      const isCertain = ++count.calls <= limits.hostCalls && calls.size < limits.hostCallsInFlight && (count.bytesOut += sizeOf(args)) <= limits.hostBytesOut / 2
      const answer = new Promise<HostAnswer>((resolve, reject) => {
        calls.set(id, { resolve, reject })
      })
      outbox.add({ act: 'call', id, operation, args, fuel: outbox.fuel })
      // A host that stops the call over it stops the guest at once, as where both are on one thread.
      if (!isCertain) ask({ ask: 'heard' })
      return answer
    },
    loadModule(name) {
      count.calls++
      const { data, text } = ask({ ask: 'load', name })
      const loaded = data as { readonly language: 'js' | 'ts' } | { readonly error: GuestFault }
      return 'error' in loaded ? { ok: false, error: loaded.error } : { ok: true, source: text, language: loaded.language }
    },
    resolveModule: (importer, specifier) => ask({ ask: 'resolve', importer, specifier }).data as ReturnType<Ports['resolveModule']>,
    write(level, text) {
      outbox.add({ act: 'write', level, text })
      count.output += text.length + 1
      if (count.output > limits.outputBytes) ask({ ask: 'heard' })
    },
    seed: () => ask({ ask: 'seed' }).data as ReturnType<Ports['seed']>,
    exit: (code) => {
      exit.code = code
    },
    get exitCode() {
      return exit.code
    },
    answered({ id, answer }) {
      const call = calls.get(id)
      calls.delete(id)
      if (answer === undefined) call?.reject(new Error('The host failed'))
      else call?.resolve(answer)
    },
    waited(id) {
      const wake = waits.get(id)
      waits.delete(id)
      wake?.()
    },
  }
}

interface Crossing {
  readonly ask: (question: Question) => number
  readonly wait: NonNullable<ClockPort['wait']>
}

function createClock({ startMs, timeZone, frozenMs, waits }: RunMessage['clock'], { ask, wait }: Crossing): ClockPort {
  if (frozenMs !== undefined) return { startMs, timeZone, frozenMs, now: () => frozenMs, utcOffsetSeconds: () => 0 }
  return {
    startMs,
    timeZone,
    now: () => ask({ ask: 'now' }),
    utcOffsetSeconds: (epochSeconds) => ask({ ask: 'offset', epochSeconds }),
    ...(waits ? { wait } : {}),
  }
}

function toAnswer({ data, text, blobs }: Packet): HostAnswer {
  const told = data as Bare | GuestFault | null
  if (told === null) return { ok: true, message: { text, blobs } }
  if ('bare' in told) return { ok: true, value: fromBare(told, text) }
  return { ok: false, error: told }
}

function sizeOf(args: Arguments): number {
  return args.message === undefined ? args.bytes : args.message.blobs.reduce((sum, blob) => sum + blob.byteLength, args.message!.text.length)
}

function fail(error: Error): never {
  throw error
}
