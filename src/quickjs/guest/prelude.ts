import { type WireMessage, decode, encode, watchProxies } from '../../codec.js'
import { CROSSINGS } from '../crossing-names.js'
import { describeError } from './describe-error.js'
import { exportNames } from './export-names.js'
import { PermissionDenied, toError } from './fault.js'
import { createRandom } from './random.js'
import { createTimers } from './timers.js'
import type { GuestCore } from './core.js'

/**
 * The only ways out of the isolate, served by `src/quickjs/crossings.ts`.
 * Arguments and answers are strings, numbers and buffers.
 */
export interface Cross {
  /** Encoded arguments in, encoded answer or `!` and a fault out. */
  call(operation: string, text: string, blobs?: readonly ArrayBufferLike[]): unknown
  callAsync(operation: string, text: string, blobs: readonly ArrayBufferLike[] | undefined, id: number): void
  log(level: string, text: string): void
  library(name: string): (core: GuestCore) => Record<string, any>
  settle(outcome: 'nothing' | 'value' | 'error', text: string, blobs?: readonly ArrayBufferLike[]): void
  stop(what: 'timers' | 'exit', code?: number): never
  seed(): readonly number[]
  /** JSON text of {@link Settings}. */
  settings(): string
  /** `=` and the text of a module, or `!` and a fault. */
  source(name: string): string
  script(name: string, source: string): ReturnType<GuestCore['script']>
}

/** What the host sends needs no scan for depth: it comes from our own encoder. */
const FROM_HOST = { maxDepth: Infinity }
const NO_BLOBS: readonly Uint8Array[] = []

const toCross = (functions: readonly unknown[]): Cross => {
  const cross: Record<string, unknown> = {}
  for (let i = 0; i < CROSSINGS.length; i++) cross[CROSSINGS[i]![0]] = functions[i]
  return cross as unknown as Cross
}

const toBlobs = (buffers: readonly ArrayBuffer[]): Uint8Array[] => {
  const blobs: Uint8Array[] = []
  for (let i = 0; i < buffers.length; i++) blobs[i] = new Uint8Array(buffers[i]!)
  return blobs
}

/** Buffers cross whole: a view of a part is copied first. */
const toBuffers = (blobs: readonly Uint8Array[]): ArrayBufferLike[] | undefined => {
  if (blobs.length === 0) return undefined
  const buffers: ArrayBufferLike[] = []
  for (let i = 0; i < blobs.length; i++) {
    const blob = blobs[i]!
    buffers[i] = blob.byteLength === blob.buffer.byteLength ? blob.buffer : blob.slice().buffer
  }
  return buffers
}

interface Settings {
  readonly args: readonly string[]
  readonly env: Record<string, string>
  readonly stdin: string
  readonly tools: readonly string[]
  readonly timers: number
  readonly mounts: readonly string[]
  readonly given: readonly string[]
  readonly filename: string
  /** Time of the call's start on the granted clock, in milliseconds since the epoch. */
  readonly startMs: number
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Library that holds each lazy global. */
const LAZY_GLOBALS: Readonly<Record<string, readonly string[]>> = {
  console: ['console'],
  encoding: ['TextEncoder', 'TextDecoder'],
  url: ['URL', 'URLSearchParams'],
  clone: ['structuredClone'],
  fetch: ['fetch', 'Headers', 'Request', 'Response', 'AbortController', 'AbortSignal', 'ReadableStream', 'Event', 'EventTarget'],
  process: ['process'],
}

/** Evaluated once, into the pristine image; returns the functions that the host drives the isolate with. */
export default (...crossings: unknown[]) => {
  const cross = toCross(crossings)
  // Taken before any guest code runs: a guest that replaces a built-in changes its own view, not this one.
  const { defineProperty, freeze, create } = Object
  const { parse, stringify } = JSON
  const { now } = Date
  const global = globalThis as Record<string, unknown>
  const waiting = new Map<number, Waiting>()
  const libraries = new Map<string, Record<string, any>>()
  let lastCall = 0
  let known: Settings | undefined

  // Asked for when first needed: most programs never are.
  const settings = (): Settings => (known ??= parse(cross.settings()) as Settings)
  const isProxy = watchProxies(globalThis)

  const toAnswer = (answer: unknown): unknown => {
    if (typeof answer === 'string') {
      if (answer[0] === '!') throw toError(answer.slice(1))
      return decode({ text: answer, blobs: [] }, FROM_HOST)
    }
    const [text, ...buffers] = answer as [string, ...ArrayBuffer[]]
    return decode({ text, blobs: toBlobs(buffers) }, FROM_HOST)
  }

  // Most host calls pass texts and flags, which JSON carries as they are; walking them would cost more than the call.
  const encodeArguments = (args: unknown[]): WireMessage => {
    for (let i = 0; i < args.length; i++) {
      const type = typeof args[i]
      if (type !== 'string' && type !== 'boolean') return encode(args, { from: 'guest', isProxy })
    }
    return { text: stringify(args), blobs: NO_BLOBS }
  }

  const call = (operation: string, ...args: unknown[]): unknown => {
    const { text, blobs } = encodeArguments(args)
    return toAnswer(blobs.length === 0 ? cross.call(operation, text) : cross.call(operation, text, toBuffers(blobs)))
  }

  const callAsync = (operation: string, ...args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const { text, blobs } = encodeArguments(args)
      const id = ++lastCall
      waiting.set(id, { resolve, reject })
      cross.callAsync(operation, text, toBuffers(blobs), id)
    })

  const timers = createTimers(now, (count) => {
    if (count > settings().timers) cross.stop('timers')
  })

  const lib = (name: string): Record<string, any> => {
    let exports = libraries.get(name)
    if (exports === undefined) {
      exports = cross.library(name)(core)
      libraries.set(name, exports)
    }
    return exports
  }

  const log = (level: string, text: string): void => {
    cross.log(level, text)
  }

  const core: GuestCore = freeze({
    call,
    callAsync,
    lib,
    source(name: string): string {
      const answer = cross.source(name)
      if (answer[0] === '!') throw toError(answer.slice(1))
      return answer.slice(1)
    },
    script: (name: string, source: string) => cross.script(name, source),
    log,
    PermissionDenied,
    startTimer: timers.start,
    stopTimer: timers.stop,
    settings,
    exit: (code: number): never => cross.stop('exit', code),
  })

  const hidden = (name: string, value: unknown): void => {
    defineProperty(global, name, { value, writable: true, enumerable: false, configurable: true })
  }
  const lazy = (name: string, make: () => unknown): void => {
    defineProperty(global, name, {
      get: () => {
        const value = make()
        hidden(name, value)
        return value
      },
      set: (value: unknown) => hidden(name, value),
      enumerable: false,
      configurable: true,
    })
  }

  for (const library of Object.keys(LAZY_GLOBALS)) {
    for (const name of LAZY_GLOBALS[library]!) lazy(name, () => lib(library)[name])
  }
  lazy('tools', () => lib('tools').tools)
  lazy('require', () => lib('packages').require)
  lazy('module', () => lib('packages').main)
  lazy('exports', () => lib('packages').main.exports)
  hidden('PermissionDenied', PermissionDenied)
  hidden('global', global)
  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'] as const) {
    hidden(name, timers[name])
  }
  // How the source of a built-in module reaches its library; it opens nothing a guest does not have already.
  defineProperty(global, Symbol.for('glovebox.library'), { value: lib })

  Math.random = createRandom(() => cross.seed())
  const performance = create(Object.prototype, {
    now: { value: () => now() - settings().startMs, writable: true, configurable: true, enumerable: true },
    timeOrigin: { get: () => settings().startMs, configurable: true, enumerable: true },
    [Symbol.toStringTag]: { value: 'Performance', configurable: true },
  }) as Performance
  hidden('performance', performance)

  const settle = (value: unknown): void => {
    if (value === undefined) return cross.settle('nothing', '')
    const { text, blobs } = encode(value, { from: 'guest', isProxy })
    cross.settle('value', text, toBuffers(blobs))
  }
  const fail = (error: unknown): void => {
    cross.settle('error', describeError(error))
  }

  return {
    /**
     * Runs the compiled program: the function of a body or arrow, or the promise of a module's namespace. The encoded
     * input is absent where it is `undefined`.
     */
    async main(program: unknown, input?: string | [string, ...ArrayBuffer[]]): Promise<void> {
      try {
        let value = program
        if (typeof program === 'object' && program !== null) {
          const namespace = (await program) as Record<string, unknown>
          value = 'default' in namespace ? await namespace.default : undefined
        }
        const result: unknown = await (typeof value === 'function' ? value(input === undefined ? undefined : toAnswer(input)) : value)
        settle(result === undefined && libraries.has('packages') ? await lib('packages').result() : result)
      } catch (error) {
        fail(error)
      }
    },
    /** Answers an asynchronous host call. */
    deliver(id: number, answer: unknown): void {
      const call = waiting.get(id)
      if (call === undefined) return
      waiting.delete(id)
      try {
        call.resolve(toAnswer(answer))
      } catch (error) {
        call.reject(error)
      }
    },
    /** Milliseconds until the next timer is due, or -1 when there is none. */
    nextTimer: timers.due,
    /** Runs the next timer that is due, or the next at all when `force` is 1. */
    fireTimer: timers.fire,
    /** Makes the error object of a host fault. */
    toError,
    describeError,
    lib,
    /** Names that the module of a library, or of a part of one, exports. */
    exportNames: (library: string, member: string): string => exportNames(member === '' ? lib(library) : lib(library)[member]),
  }
}
