import { Denied, GuestVisibleError } from '../../../capabilities/capability.js'
import type { HostCall } from '../../../capabilities/capability.js'
import { FROZEN_MS, fixedClock } from '../../../capabilities/clock/clock.js'
import type { Clock } from '../../../capabilities/clock/clock.js'
import type { Dir } from '../../../capabilities/fs/dir.js'
import { seededRandom } from '../../../capabilities/random/random.js'
import type { ComponentGrants, ComponentPort } from '../../../src/component/port.js'
import { DEFAULT_LIMITS } from '../../../src/limits.js'
import type { Limits } from '../../../src/limits.js'
import { Halt } from '../../../src/stop.js'

export interface Recorded {
  readonly operation: string
  readonly target: string
  readonly decision: 'allowed' | 'denied'
  readonly reason: string | undefined
  readonly sources: readonly string[]
  readonly in: number
  readonly out: number
}

export interface FakeOptions extends Partial<Omit<ComponentGrants, 'fs'>> {
  readonly fs?: Readonly<Record<string, Dir>>
  readonly limits?: Partial<Limits>
  readonly canSuspend?: boolean
}

/** The runtime as a component's host sees it: a door that records, budgets that stop, nothing granted by default. */
export class FakePort implements ComponentPort, Disposable {
  readonly grants: ComponentGrants
  readonly limits: Limits
  readonly halt = new Halt()
  readonly canSuspend: boolean
  readonly calls: Recorded[] = []
  readonly seen: string[] = []
  readonly written = { stdout: '', stderr: '' }
  exitCode: number | undefined
  resources = 0
  readonly #ended = new AbortController()
  readonly #settle: (() => void)[] = []
  readonly #spent = { in: 0, out: 0 }

  constructor({ fs = {}, limits = {}, canSuspend = false, ...grants }: FakeOptions = {}) {
    this.grants = {
      net: undefined, tcp: undefined, clock: fixedClock(FROZEN_MS), random: seededRandom(1), env: {}, args: [], stdin: new Uint8Array(0),
      ...grants, fs: new Map(Object.entries(fs)),
    }
    this.limits = { ...DEFAULT_LIMITS, hostCalls: 1_000_000, ...limits }
    this.canSuspend = canSuspend
  }

  get signal(): AbortSignal {
    return this.#ended.signal
  }

  perform<T>(operation: string, act: (call: HostCall) => T): T {
    const call = this.#begin(operation)
    try {
      const value = act(call)
      this.#record(operation, call, undefined)
      return value
    } catch (error) {
      this.#record(operation, call, error)
      throw error
    }
  }

  async performAsync<T>(operation: string, act: (call: HostCall) => Promise<T>): Promise<T> {
    const call = this.#begin(operation)
    try {
      const value = await act(call)
      this.#record(operation, call, undefined)
      return value
    } catch (error) {
      this.#record(operation, call, error)
      throw error
    }
  }

  once(capability: 'clock' | 'random', operation: string, target: string): void {
    const row = `${capability}.${operation} ${target}`
    if (!this.seen.includes(row)) this.seen.push(row)
  }

  resource(): () => void {
    if (this.resources >= this.limits.resources) this.halt.raise('resources', `More than ${this.limits.resources} resources`)
    this.resources++
    let held = true
    return () => {
      if (held) this.resources--
      held = false
    }
  }

  onSettle(dispose: () => void): void {
    this.#settle.push(dispose)
  }

  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    this.written[stream] += new TextDecoder().decode(bytes)
    const { stdout, stderr } = this.written
    if (stdout.length + stderr.length > this.limits.outputBytes) this.halt.raise('output', 'too much output')
  }

  exit(code: number): never {
    this.exitCode = code
    return this.halt.raise('exit', `exited with ${code}`)
  }

  /** Ends the call, as the runtime does. */
  settle(): void {
    this.#ended.abort()
    for (const dispose of this.#settle.splice(0).reverse()) dispose()
  }

  [Symbol.dispose](): void {
    this.settle()
  }

  #begin(operation: string): HostCall & { readonly sources: string[] } {
    this.halt.check()
    if (this.calls.length >= this.limits.hostCalls) this.halt.raise('host-calls', `More than ${this.limits.hostCalls} host calls at ${operation}`)
    const sources: string[] = []
    const call = {
      target: '', bytesIn: 0, bytesOut: 0, signal: this.signal, limits: this.limits, sources,
      source: (label: string) => void (sources.includes(label) || sources.push(label)),
      spend: (direction: 'in' | 'out', bytes: number) => {
        if (direction === 'in') call.bytesIn += bytes
        else call.bytesOut += bytes
        this.#spent[direction] += bytes
        const most = direction === 'in' ? this.limits.hostBytesIn : this.limits.hostBytesOut
        if (this.#spent[direction] > most) this.halt.raise('host-calls', `More than ${most} bytes ${direction}`)
      },
    }
    return call
  }

  #record(operation: string, call: HostCall & { readonly sources: readonly string[] }, error: unknown): void {
    const denied = error instanceof Denied
    const reason = denied ? error.reason : error instanceof GuestVisibleError ? error.code : error === undefined ? undefined : String(error)
    this.calls.push({
      operation, target: call.target, decision: denied ? 'denied' : 'allowed', reason, sources: call.sources, in: call.bytesIn, out: call.bytesOut,
    })
  }
}

/** A clock a test turns by hand; whoever waits on it is woken when their time has come. */
export class FakeClock implements Clock {
  readonly kind = 'clock'
  #now: number
  readonly #waiting = new Set<{ readonly due: number; readonly wake: () => void }>()

  constructor(start = FROZEN_MS) {
    this.#now = start
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size
  }

  now(): number {
    return this.#now
  }

  advance(ms: number): void {
    this.#now += ms
    for (const each of this.#waiting) if (each.due <= this.#now) each.wake()
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const each = {
        due: this.#now + ms,
        wake: () => {
          this.#waiting.delete(each)
          resolve()
        },
      }
      this.#waiting.add(each)
      signal.addEventListener('abort', each.wake, { once: true })
    })
  }

  reach(): readonly [] {
    return []
  }
}

/** What a function of the host threw, as the guest gets it; what is no typed error is thrown on. */
export function payloadOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    if (error !== null && typeof error === 'object' && Object.hasOwn(error, 'payload')) return (error as { readonly payload: unknown }).payload
    throw error
  }
  return 'nothing thrown'
}

export async function payloadOfAsync(act: () => unknown): Promise<unknown> {
  try {
    await act()
  } catch (error) {
    return payloadOf(() => {
      throw error
    })
  }
  return 'nothing thrown'
}
