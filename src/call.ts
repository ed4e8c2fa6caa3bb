import { platform } from '#platform'
import type { RunScope } from '../capabilities/capability.js'
import type { Random } from '../capabilities/random/random.js'
import { disposeAll } from './dispose.js'
import { Door } from './door.js'
import type { ClockPort, Ended } from './engine.js'
import { GloveboxError } from './errors.js'
import { Fuel } from './fuel.js'
import { type CheckedGrants, type Grants, toGrants } from './grants.js'
import { Ledger } from './ledger.js'
import { type Limits, toLimits } from './limits.js'
import type { GloveboxEvent } from './options.js'
import { Output } from './output.js'
import { createOnce, toClock, toHandlerTable, toRandom } from './powers.js'
import { admitTools } from './policy.js'
import type { RunResult } from './result.js'
import type { Place, Room } from './room.js'
import type { Slots } from './slots.js'
import type { Halt } from './stop.js'

/** What every kind of call takes. */
export interface CallOptions {
  readonly grants?: Grants
  readonly limits?: Partial<Limits>
  readonly signal?: AbortSignal
  readonly onEvent?: (event: GloveboxEvent) => void
}

export interface CallContext {
  readonly room: Room
  /** Of this call; the sandbox sets it when it is disposed. */
  readonly halt: Halt
  /** Bounds of the sandbox, over which a call sets its own. */
  readonly limits: Limits
  /** Refuses grants beyond the sandbox's ceiling. */
  readonly admit: (grants: CheckedGrants) => void
  readonly onEvent: ((event: GloveboxEvent) => void) | undefined
}

export interface LiveOptions {
  /** Bounds the calls in their first turn. @default no bound but the room's */
  readonly starting?: Slots | undefined
}

/** The end of a call that was stopped before anything of its guest ran. */
export const NOTHING_RAN: Ended<never> = Object.freeze({
  ending: Object.freeze({ outcome: 'stopped' }),
  usage: Object.freeze({ fuel: 0, memoryPeakBytes: 0 }),
})

/** Why the signals of a call's host functions are aborted; made once, for an error with its stack costs more than a call. */
const ENDED = Object.freeze(new GloveboxError('disposed', 'The call has ended'))

/**
 * One call, whatever its guest is: admitted when it is made, then lived once: its place in the room, the guest's run, settle, revoke.
 * Everything its guest may reach is here and dies with it.
 */
export class Call {
  readonly grants: CheckedGrants
  readonly limits: Limits
  readonly halt: Halt
  readonly fuel: Fuel
  readonly clock: ClockPort
  readonly random: Random
  readonly output: Output
  readonly door: Door
  readonly scope: RunScope
  /** Records a reading of a granted clock or random source once. */
  readonly once: (capability: 'clock' | 'random', operation: string, target: string) => void
  /** The exit code of a guest that ended itself. */
  exitCode: number | undefined
  /** What the call has of the sandbox's room while it lives. */
  place: Place | undefined
  readonly #options: CallOptions
  readonly #room: Room
  readonly #startedAt: number
  readonly #ledger: Ledger
  /** Made for whoever listens: nobody does to most calls. */
  #ended: AbortController | undefined
  readonly #disposals: (() => void)[] = []
  #resources = 0
  #fuelLeft = (): number => 0

  /** @throws GloveboxError for misuse, before anything of the guest is looked at */
  constructor(options: CallOptions, context: CallContext) {
    this.#startedAt = platform.now()
    this.#options = options
    this.#room = context.room
    const { halt } = context
    this.halt = halt
    const limits = toLimits(options.limits, context.limits)
    this.limits = limits
    const grants = toGrants(options.grants)
    this.grants = grants
    if (grants.tools.size > 0) admitTools(grants)
    context.admit(grants)
    const clock = toClock(grants)
    this.clock = clock
    this.fuel = new Fuel(halt, {
      limit: limits.fuel,
      now: platform.now,
      deadline: this.#startedAt + limits.deadlineMs,
      deadlineMs: limits.deadlineMs,
      signal: options.signal,
      defer: platform.defer,
      startTimer: platform.startTimer,
    })
    const emit = (event: GloveboxEvent): void => {
      context.onEvent?.(event)
      options.onEvent?.(event)
    }
    const ledger = new Ledger({ sink: (entry) => emit({ type: 'host-call', entry }), fuel: () => this.fuel.used(this.#fuelLeft()) })
    this.#ledger = ledger
    this.once = createOnce(ledger)
    this.output = new Output({ limits, halt, onLine: (line) => emitQuietly(emit, { type: 'console', line }) })
    const random = toRandom(grants)
    this.random = random
    const scope: RunScope = {
      limits,
      onSettle: (dispose) => void this.#disposals.push(dispose),
      resource: () => this.#openResource(),
      now: () => clock.now(),
    }
    this.scope = scope
    this.door = new Door({ handlers: () => toHandlerTable(grants, random, scope), ledger, limits, halt, signal: () => this.signal })
  }

  /** Aborted when the call ends, for whatever reason. */
  get signal(): AbortSignal {
    this.#ended ??= new AbortController()
    return this.#ended.signal
  }

  /** Lets the ledger read the fuel left of what was handed out. */
  watchFuel(left: () => number): void {
    this.#fuelLeft = left
  }

  /** Runs the guest when there is room for it, settles, and revokes everything the call was granted. */
  async live<T>(work: () => Promise<Ended<T>>, { starting }: LiveOptions = {}): Promise<RunResult<T>> {
    const { halt, fuel, output, door } = this
    const { signal } = this.#options
    const ledger = this.#ledger
    const onAbort = (): void => void halt.set('aborted', 'The call was aborted by its signal')
    if (signal?.aborted === true) onAbort()
    else signal?.addEventListener('abort', onAbort, { once: true })
    let started: (() => void) | undefined
    try {
      if (halt.stop === undefined && starting !== undefined) {
        started = await starting.take(halt, fuel)
        fuel.onPause(started)
      }
      if (halt.stop === undefined) this.place = await this.#room.enter(this.limits.memoryBytes, this)
      const { ending, usage } = halt.stop === undefined ? await work() : NOTHING_RAN
      door.close()
      output.end()
      const common = {
        stdout: output.stdout,
        stderr: output.stderr,
        console: output.lines,
        usage: { ...usage, wallMs: platform.now() - this.#startedAt, ...door.usage },
        ledger: ledger.entries,
        sources: ledger.sources,
        ...(this.exitCode === undefined ? {} : { exitCode: this.exitCode }),
      }
      return { ...common, ...toOutcome(ending, halt) }
    } finally {
      this.place?.leave()
      started?.()
      door.close()
      this.#ended?.abort(ENDED)
      signal?.removeEventListener('abort', onAbort)
      disposeAll(this.#disposals)
    }
  }

  #openResource(): () => void {
    const { halt, limits } = this
    this.#resources++
    if (this.#resources > limits.resources) halt.raise('resources', `The guest has more than ${limits.resources} host resources open; raise limits.resources`)
    let open = true
    return () => {
      if (open) this.#resources--
      open = false
    }
  }
}

function toOutcome<T>(ending: Ended<T>['ending'], { stop }: Halt) {
  if (stop !== undefined) return { outcome: 'stopped' as const, reason: stop.reason, message: stop.message }
  if (ending.outcome !== 'stopped') return ending
  return { outcome: 'stopped' as const, reason: 'trap' as const, message: 'The isolate trapped' }
}

function emitQuietly(emit: (event: GloveboxEvent) => void, event: GloveboxEvent): void {
  try {
    emit(event)
  } catch {
    // Output is kept in the result; only the record of host calls fails closed.
  }
}
