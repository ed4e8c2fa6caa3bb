import { createFsHandlers } from '../../../capabilities/fs/handlers.js'
import type { Dir } from '../../../capabilities/fs/dir.js'
import type { HostCall, RunScope } from '../../../capabilities/capability.js'
import { DEFAULT_LIMITS } from '../../../src/limits.js'

/** Thrown by `spend` and `resource` when a budget is used up, as the real run does. */
export class Stopped extends Error {}

export interface Recorded {
  readonly operation: string
  readonly target: string
  readonly sources: readonly string[]
  readonly spent: { in: number; out: number }
}

/** A run over the real handlers, with a clock that stands still and budgets that stop. */
export class FakeRun implements Disposable {
  readonly calls: Recorded[] = []
  resources = 0
  time = 1_000_000
  readonly #settle: (() => void)[] = []
  readonly #handlers
  readonly #budget: { in: number; out: number }

  constructor(mounts: Readonly<Record<string, Dir>>, budget: { readonly in?: number; readonly out?: number } = {}) {
    this.#budget = { in: budget.in ?? 64 << 20, out: budget.out ?? 64 << 20 }
    const scope: RunScope = {
      limits: DEFAULT_LIMITS,
      onSettle: (dispose) => this.#settle.push(dispose),
      resource: () => {
        if (this.resources >= DEFAULT_LIMITS.resources) throw new Stopped('resources')
        this.resources++
        let held = true
        return () => {
          if (held) this.resources--
          held = false
        }
      },
      now: () => this.time,
    }
    this.#handlers = createFsHandlers(new Map(Object.entries(mounts)), scope)
  }

  get operations(): readonly string[] {
    return Object.keys(this.#handlers)
  }

  call(operation: string, ...args: readonly unknown[]): unknown {
    const sources: string[] = []
    const spent = { in: 0, out: 0 }
    const call: HostCall = {
      target: '',
      bytesIn: 0,
      bytesOut: 0,
      signal: new AbortController().signal,
      limits: DEFAULT_LIMITS,
      source: (label) => sources.push(label),
      spend: (direction, bytes) => {
        spent[direction] += bytes
        this.#budget[direction] -= bytes
        if (this.#budget[direction] < 0) throw new Stopped(direction)
      },
    }
    const handler = this.#handlers[operation]
    if (!handler) throw new Error(`no operation ${operation}`)
    try {
      return handler(args, call)
    } finally {
      this.calls.push({ operation, target: call.target, sources, spent })
    }
  }

  /** What a call fails with, as `code` or, when refused, `denied`; `undefined` when it succeeds. */
  fails(operation: string, ...args: readonly unknown[]): string | undefined {
    try {
      this.call(operation, ...args)
      return undefined
    } catch (error) {
      if (error instanceof Error && 'code' in error) return String(error.code)
      throw error
    }
  }

  message(operation: string, ...args: readonly unknown[]): string {
    try {
      this.call(operation, ...args)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    throw new Error(`${operation} succeeded`)
  }

  text(path: string): unknown {
    return this.call('fs.readFile', path, { encoding: 'utf8' })
  }

  settle(): void {
    for (const dispose of this.#settle.splice(0).reverse()) dispose()
  }

  [Symbol.dispose](): void {
    this.settle()
  }
}
