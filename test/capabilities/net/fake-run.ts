import type { Handlers, HostCall, RunScope } from '../../../capabilities/capability.js'
import { type FetchAnswer, type Net, createNetHandlers } from '../../../capabilities/net/index.js'
import { DEFAULT_LIMITS } from '../../../src/limits.js'

/** One host call as a ledger would have seen it. */
export interface SeenCall {
  readonly operation: string
  target: string
  spentIn: number
  spentOut: number
  readonly sources: string[]
}

/** A run without an isolate: the handlers, what they were charged, and its end. */
export interface FakeRun {
  readonly handlers: Handlers
  readonly calls: readonly SeenCall[]
  /** Resources held at the moment. */
  readonly held: () => number
  call(operation: string, ...args: unknown[]): unknown
  fetch(url: string, init?: Readonly<Record<string, unknown>>): Promise<FetchAnswer>
  /** Fetches and reads the whole body as text. */
  text(url: string, init?: Readonly<Record<string, unknown>>): Promise<string>
  rest(answer: FetchAnswer): Promise<string>
  /** Ends the run as the real one does: aborts its signal, then disposes of what lived in it. */
  settle(): void
  abort(): void
  dispose(): void
}

/** Gives `net`'s handlers a run of their own; `spend` throws what a run out of budget would. */
export function createFakeRun(
  net: Net | undefined,
  options: { readonly hostBytesIn?: number; readonly hostBytesOut?: number } = {},
): FakeRun {
  const controller = new AbortController()
  const disposers: (() => void)[] = []
  const calls: SeenCall[] = []
  const left = { in: options.hostBytesIn ?? Infinity, out: options.hostBytesOut ?? Infinity }
  let held = 0
  const scope: RunScope = {
    limits: DEFAULT_LIMITS,
    onSettle: (dispose) => void disposers.push(dispose),
    resource: () => {
      held++
      let isHeld = true
      return () => {
        if (isHeld) held--
        isHeld = false
      }
    },
    now: () => 0,
  }
  const handlers = createNetHandlers(net, scope)
  const run: FakeRun = {
    handlers,
    calls,
    held: () => held,
    call(operation, ...args) {
      const seen: SeenCall = { operation, target: '', spentIn: 0, spentOut: 0, sources: [] }
      calls.push(seen)
      const call: HostCall = {
        get target() {
          return seen.target
        },
        set target(value) {
          seen.target = value
        },
        bytesIn: 0,
        bytesOut: 0,
        signal: controller.signal,
        limits: DEFAULT_LIMITS,
        source: (label) => void seen.sources.push(label),
        spend(direction, bytes) {
          left[direction] -= bytes
          if (left[direction] < 0) throw new Error(`run stopped: ${direction}`)
          seen[direction === 'in' ? 'spentIn' : 'spentOut'] += bytes
        },
      }
      return handlers[operation]!(args, call)
    },
    fetch: async (url, init = {}) => (await run.call('net.fetch', { url, method: 'GET', ...init })) as FetchAnswer,
    async text(url, init) {
      return run.rest(await run.fetch(url, init))
    },
    async rest(answer) {
      const first = answer.body ?? new Uint8Array(0)
      const rest =
        answer.bodyId === null ? new Uint8Array(0) : ((await run.call('net.bodyAll', answer.bodyId)) as Uint8Array)
      return Buffer.concat([first, rest]).toString()
    },
    settle() {
      run.abort()
      run.dispose()
    },
    abort: () => controller.abort(),
    dispose() {
      for (const dispose of disposers.splice(0).reverse()) dispose()
    },
  }
  return run
}
