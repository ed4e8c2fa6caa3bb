import { Denied, GuestVisibleError, type HostCall, type Handlers } from '../capabilities/capability.js'
import { DecodeError, EncodeError, type WireMessage, decode, encode } from './codec.js'
import type { Arguments, HostAnswer } from './engine.js'
import type { Ledger } from './ledger.js'
import type { Limits } from './limits.js'
import type { CapabilityKind } from './result.js'
import { type Halt, Stop } from './stop.js'

export interface DoorOptions {
  /** Made when the first call comes: many programs make none. */
  readonly handlers: () => Handlers
  readonly ledger: Ledger
  readonly limits: Limits
  readonly halt: Halt
  /** Aborted when the call ends; made when it is first asked for. */
  readonly signal: () => AbortSignal
}

export interface DoorUsage {
  readonly hostCalls: number
  readonly hostBytesIn: number
  readonly hostBytesOut: number
}

const HOST_FAILURE: HostAnswer = { ok: false, error: { name: 'Error', code: 'host-failure', message: 'host failure' } }

/** Operations without authority or effect: they are answered, not recorded. */
const PURE = 'pure.'
/** More names than there are operations. */
const MAX_NAMED = 256

/** The one door between a guest and everything it was granted: budgets, decision, answer and record of every host call. */
export class Door {
  readonly #options: DoorOptions
  #calls = 0
  readonly #inFlight = new Set<Call>()
  #bytesIn = 0
  #bytesOut = 0
  #open = true
  readonly #spendBytes = (direction: 'in' | 'out', bytes: number): void => this.#spend(direction, bytes)
  /** What the record calls an operation; they are few. */
  readonly #named = new Map<string, Named>()
  #handlers: Handlers | undefined

  constructor(options: DoorOptions) {
    this.#options = options
  }

  get usage(): DoorUsage {
    return { hostCalls: this.#calls, hostBytesIn: this.#bytesIn, hostBytesOut: this.#bytesOut }
  }

  /**
   * Records what has not been answered, for it may have had its effect, and shuts: from here on nothing that a late
   * continuation does has one.
   */
  close(): void {
    for (const call of this.#inFlight) this.#record(call, 'allowed', 'unfinished')
    this.#open = false
  }

  call(operation: string, args: Arguments): HostAnswer {
    const call = this.#admit(operation)
    try {
      const answer = this.#serve(operation, args, call)
      if (!isPromise(answer)) return this.#allow(call, answer)
      // Whatever the promise brings is dropped: only the refusal counts.
      answer.catch(() => {})
      throw new GuestVisibleError('Error', 'asynchronous', `${operation} takes time; use its promise form`)
    } catch (error) {
      return this.#fail(call, error)
    }
  }

  /** As `call`, for operations that may need to wait; those that did not are answered at once. */
  callAsync(operation: string, args: Arguments): HostAnswer | Promise<HostAnswer> {
    const call = this.#admit(operation)
    this.#fly(call)
    try {
      const answer = this.#serve(operation, args, call)
      if (!isPromise(answer)) return this.#finish(call, answer)
      return Promise.resolve(answer).then((value) => this.#finish(call, value), (error: unknown) => this.#abandon(call, error))
    } catch (error) {
      return this.#abandon(call, error)
    }
  }

  #finish(call: Call, value: unknown): HostAnswer {
    this.#inFlight.delete(call)
    try {
      return this.#allow(call, value)
    } catch (error) {
      return this.#fail(call, error)
    }
  }

  #abandon(call: Call, error: unknown): HostAnswer {
    this.#inFlight.delete(call)
    return this.#fail(call, error)
  }

  /**
   * Serves an act of the host's own code for a guest: typed, without encoding, else as any host call.
   * `Denied` and `GuestVisibleError` are thrown on after they were recorded; other failures become a host failure.
   */
  perform<T>(operation: string, act: (call: HostCall) => T): T {
    const call = this.#admit(operation)
    let value: T
    try {
      this.#checkOpen(operation)
      value = act(call)
    } catch (error) {
      throw this.#failed(call, error)
    }
    if (!this.#record(call, 'allowed', undefined)) throw unrecorded(operation)
    return value
  }

  /** As `perform`, for an act that takes time. */
  async performAsync<T>(operation: string, act: (call: HostCall) => Promise<T>): Promise<T> {
    const call = this.#admit(operation)
    this.#fly(call)
    let value: T
    try {
      this.#checkOpen(operation)
      value = await act(call)
    } catch (error) {
      throw this.#failed(call, error)
    } finally {
      this.#inFlight.delete(call)
    }
    if (!this.#record(call, 'allowed', undefined)) throw unrecorded(operation)
    return value
  }

  #admit(operation: string): Call {
    const { halt, limits } = this.#options
    halt.check()
    if (!operation.startsWith(PURE)) {
      this.#calls++
      if (this.#calls > limits.hostCalls) halt.raise('host-calls', `The call made more than ${limits.hostCalls} host calls; raise limits.hostCalls`)
    }
    return new Call(operation, this.#options, this.#spendBytes)
  }

  /** Counts a call among those that wait for their answer. */
  #fly(call: Call): void {
    const { halt, limits } = this.#options
    if (this.#inFlight.size >= limits.hostCallsInFlight) {
      halt.raise('host-calls', `More than ${limits.hostCallsInFlight} host calls wait at once; raise limits.hostCallsInFlight`)
    }
    this.#inFlight.add(call)
  }

  #checkOpen(operation: string): void {
    if (!this.#open) throw new Denied(operation, 'the call has ended', 'nothing: a new call is needed')
    if (this.#options.ledger.closed !== undefined) throw unrecorded(operation)
  }

  #serve(operation: string, sent: Arguments, call: Call): unknown {
    this.#checkOpen(operation)
    const handlers = (this.#handlers ??= this.#options.handlers())
    const handler = Object.hasOwn(handlers, operation) ? handlers[operation] : undefined
    if (handler === undefined) throw new Denied(operation, 'no such operation', 'nothing: it does not exist')
    const args = sent.message === undefined ? sent.values : decode(sent.message)
    if (!Array.isArray(args)) throw new DecodeError('expected a list of arguments')
    return handler(args, call)
  }

  #spend(direction: 'in' | 'out', bytes: number): void {
    const { halt, limits } = this.#options
    if (direction === 'in') this.#bytesIn += bytes
    else this.#bytesOut += bytes
    if (this.#bytesIn > limits.hostBytesIn) {
      halt.raise('host-calls', `More than ${limits.hostBytesIn} bytes entered through host calls; raise limits.hostBytesIn`)
    }
    if (this.#bytesOut > limits.hostBytesOut) {
      halt.raise('host-calls', `More than ${limits.hostBytesOut} bytes left through host calls; raise limits.hostBytesOut`)
    }
  }

  #allow(call: Call, value: unknown): HostAnswer {
    const answer = toAnswer(value, call.measured)
    return this.#record(call, 'allowed', undefined) ? answer : refusal(unrecorded(call.operation))
  }

  /** Records how an act failed and returns what its caller is to see. */
  #failed(call: Call, error: unknown): Error {
    if (error instanceof Denied) {
      this.#record(call, 'denied', error.reason)
      return error
    }
    if (error instanceof GuestVisibleError) return this.#record(call, 'allowed', error.code) ? error : unrecorded(call.operation)
    const answer = this.#fail(call, error)
    return new GuestVisibleError('Error', 'host-failure', answer.ok ? '' : answer.error.message)
  }

  #fail(call: Call, error: unknown): HostAnswer {
    if (error instanceof Stop) {
      this.#record(call, 'denied', error.reason)
      throw error
    }
    if (error instanceof Denied) {
      this.#record(call, 'denied', error.reason)
      return refusal(error)
    }
    if (error instanceof GuestVisibleError) {
      if (!this.#record(call, 'allowed', error.code)) return refusal(unrecorded(call.operation))
      return { ok: false, error: { name: error.name, code: error.code, message: error.message, fields: error.fields } }
    }
    if (error instanceof RangeError) {
      // A guest that recursed deeply can make host code run out of stack anywhere: such an isolate is not to be trusted.
      this.#record(call, 'denied', 'stack')
      return this.#options.halt.raise('stack', 'The host ran out of stack while it served the guest; recurse less deeply')
    }
    if (error instanceof EncodeError || error instanceof DecodeError) {
      this.#record(call, 'allowed', 'malformed value')
      return { ok: false, error: { name: 'TypeError', code: 'malformed', message: error.message } }
    }
    this.#record(call, 'allowed', 'host failure')
    return HOST_FAILURE
  }

  #record(call: Call, decision: 'allowed' | 'denied', reason: string | undefined): boolean {
    if (!this.#open) return false
    if (call.operation.startsWith(PURE)) return true
    const { capability, operation } = this.#name(call.operation)
    return this.#options.ledger.record({
      capability,
      operation,
      target: call.target,
      decision,
      reason,
      bytesIn: call.bytesIn,
      bytesOut: call.bytesOut,
      fuel: call.fuel,
    })
  }

  /** How the record names an operation; few are kept, however many a guest makes up. */
  #name(operation: string): Named {
    const known = this.#named.get(operation)
    if (known !== undefined) return known
    const dot = operation.indexOf('.')
    const named = { capability: toKind(operation.slice(0, Math.max(dot, 0))), operation: operation.slice(dot + 1) }
    if (this.#named.size < MAX_NAMED) this.#named.set(operation, named)
    return named
  }
}

interface Named {
  readonly capability: CapabilityKind
  readonly operation: string
}

function unrecorded(operation: string): Denied {
  return new Denied(operation, 'the record of host calls failed', 'an onEvent sink that does not throw')
}

function refusal({ name, code, message }: Denied): HostAnswer {
  return { ok: false, error: { name, code, message } }
}

function toAnswer(value: unknown, measured: Call['measured']): HostAnswer {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return { ok: true, value }
    default:
      if (value === null) return { ok: true, value }
      return { ok: true, message: measured !== undefined && measured.value === value ? measured.message : encode(value) }
  }
}

class Call implements HostCall {
  target = ''
  bytesIn = 0
  bytesOut = 0
  /** What was measured last, with the message it was measured by. */
  measured: { readonly value: unknown; readonly message: WireMessage } | undefined
  readonly limits: Limits
  readonly operation: string
  /** Used when the guest called: how far it runs before an answer comes is chance. */
  readonly fuel: number
  readonly #ledger: Ledger
  readonly #signal: () => AbortSignal
  readonly #spend: (direction: 'in' | 'out', bytes: number) => void

  constructor(operation: string, { ledger, limits, signal }: DoorOptions, spend: (direction: 'in' | 'out', bytes: number) => void) {
    this.operation = operation
    this.#signal = signal
    this.limits = limits
    this.fuel = ledger.fuel
    this.#ledger = ledger
    this.#spend = spend
  }

  get signal(): AbortSignal {
    return this.#signal()
  }

  source(label: string): void {
    this.#ledger.source(label)
  }

  measure(value: unknown): number {
    const message = encode(value)
    this.measured = { value, message }
    let bytes = message.text.length
    for (const blob of message.blobs) bytes += blob.byteLength
    return bytes
  }

  spend(direction: 'in' | 'out', bytes: number): void {
    if (direction === 'in') this.bytesIn += bytes
    else this.bytesOut += bytes
    this.#spend(direction, bytes)
  }
}

const KINDS: ReadonlySet<string> = new Set<CapabilityKind>(['fs', 'net', 'clock', 'random', 'env', 'tool', 'stdio', 'module'])

/** Operations are named after their capability; what is not belongs to none and is always refused. */
function toKind(prefix: string): CapabilityKind {
  return KINDS.has(prefix) ? (prefix as CapabilityKind) : 'module'
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
