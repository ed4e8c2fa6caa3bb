import { type WireMessage, decode, encode, watchProxies } from '../../codec.js'
import { CROSSINGS } from '../crossing-names.js'
import { describeError } from './describe-error.js'
import { exportNames } from './export-names.js'
import { PermissionDenied, toError } from './fault.js'
import { createRandom } from './random.js'
import { SAMPLE } from './sample.js'
import { createTimers } from './timers.js'
import type { GuestCore } from './core.js'

/**
 * The only ways out of the isolate, served by `src/quickjs/crossings.ts`.
 * The host copies plain values itself, and asks the codec here for messages of the others.
 */
export interface Cross {
  call(operation: string, ...args: unknown[]): unknown
  callAsync(operation: string, ...args: unknown[]): Promise<unknown>
  log(level: string, text: string): void
  library(name: string): (core: GuestCore) => Record<string, any>
  settle(outcome: 'nothing'): void
  settle(outcome: 'value', value: unknown): void
  settle(outcome: 'error', text: string): void
  stop(what: 'timers' | 'exit', code?: number): never
  seed(): readonly number[]
  /** JSON text of {@link Settings}. */
  settings(): string
  /** `=` and the text of a module, or `!` and a fault. */
  source(name: string): string
  script(name: string, source: string): ReturnType<GuestCore['script']>
  /** Says that there are timers from now on. */
  timed(): void
}

/** What the host sends needs no scan for depth: it comes from our own encoder. */
const FROM_HOST = { maxDepth: Infinity }

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

/** The text of a message, in a list with its buffers if it has any. These cross whole: a view of a part is copied. */
const toMessage = ({ text, blobs }: WireMessage): string | unknown[] => {
  if (blobs.length === 0) return text
  const parts: unknown[] = [text]
  for (let i = 0; i < blobs.length; i++) {
    const blob = blobs[i]!
    parts[i + 1] = blob.byteLength === blob.buffer.byteLength ? blob.buffer : blob.slice().buffer
  }
  return parts
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
  /** Name of the granted clock's zone; absent where it has none. */
  readonly timeZone?: string | undefined
  /** Time of the call's start on the granted clock, in milliseconds since the epoch. */
  readonly startMs: number
}

/** Library that holds each lazy global. */
const LAZY_GLOBALS: Readonly<Record<string, readonly string[]>> = {
  console: ['console'],
  encoding: ['TextEncoder', 'TextDecoder'],
  url: ['URL', 'URLSearchParams'],
  clone: ['structuredClone'],
  'node-buffer': ['Buffer'],
  intl: ['Intl'],
  temporal: ['Temporal'],
  urlpattern: ['URLPattern'],
  compression: ['CompressionStream', 'DecompressionStream'],
  performance: [
    'performance', 'Performance', 'PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure', 'PerformanceObserver', 'PerformanceObserverEntryList',
  ],
  crypto: ['crypto', 'Crypto', 'SubtleCrypto', 'CryptoKey'],
  fetch: ['fetch', 'Headers', 'Request', 'Response'],
  events: [
    'Event', 'EventTarget', 'CustomEvent', 'ErrorEvent', 'MessageEvent', 'ProgressEvent', 'PromiseRejectionEvent', 'AbortController', 'AbortSignal',
    'addEventListener', 'removeEventListener', 'dispatchEvent', 'reportError',
  ],
  messages: ['MessageChannel', 'MessagePort'],
  navigator: ['navigator', 'Navigator'],
  blob: ['Blob', 'File', 'FormData'],
  streams: [
    'ReadableStream', 'ReadableStreamDefaultReader', 'ReadableStreamBYOBReader', 'ReadableStreamDefaultController',
    'ReadableByteStreamController', 'ReadableStreamBYOBRequest', 'WritableStream', 'WritableStreamDefaultWriter',
    'WritableStreamDefaultController', 'TransformStream', 'TransformStreamDefaultController', 'ByteLengthQueuingStrategy',
    'CountQueuingStrategy', 'TextEncoderStream', 'TextDecoderStream',
  ],
}

/** Evaluated once, into the pristine image; returns the functions that the host drives the isolate with. */
export default (...crossings: unknown[]) => {
  const cross = toCross(crossings)
  // Taken before any guest code runs: a guest that replaces a built-in changes its own view, not this one.
  const { defineProperty, freeze } = Object
  const { parse } = JSON
  const { now } = Date
  const global = globalThis as Record<string, unknown>
  const libraries = new Map<string, Record<string, any>>()
  const packages = new Map<string, Record<string, unknown>>()
  let known: Settings | undefined
  let atEnd: (() => void) | undefined

  // Asked for when first needed: most programs never are.
  const settings = (): Settings => (known ??= parse(cross.settings()) as Settings)
  const isProxy = watchProxies(globalThis)

  let timed = false
  const timers = createTimers(now, (count) => {
    if (count > settings().timers) cross.stop('timers')
    if (!timed) cross.timed()
    timed = true
  })

  const lib = (name: string): Record<string, any> => {
    let exports = libraries.get(name)
    if (exports === undefined) {
      exports = cross.library(name)(core)
      libraries.set(name, exports)
    }
    return exports
  }

  const core: GuestCore = freeze({
    call: cross.call,
    callAsync: cross.callAsync,
    lib,
    source(name: string): string {
      const answer = cross.source(name)
      if (answer[0] === '!') throw toError(answer.slice(1))
      return answer.slice(1)
    },
    packaged: (name: string) => packages.get(name),
    script: (name: string, source: string) => cross.script(name, source),
    log: cross.log,
    PermissionDenied,
    startTimer: timers.start,
    stopTimer: timers.stop,
    settings,
    isProxy,
    atEnd: (callback: () => void): void => {
      atEnd = callback
    },
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
  for (const name of ['onerror', 'onunhandledrejection', 'onrejectionhandled']) {
    const define = (): void => {
      defineProperty(global, name, lib('events').handlers[name] as PropertyDescriptor)
    }
    defineProperty(global, name, {
      get: () => (define(), global[name]),
      set: (value: unknown) => {
        define()
        global[name] = value
      },
      enumerable: false,
      configurable: true,
    })
  }
  // What these hold is particular to a call.
  const defineOwn = (): void => {
    for (const library of ['process', 'packages', 'tools']) libraries.delete(library)
    lazy('process', () => lib('process').process)
    lazy('tools', () => lib('tools').tools)
    lazy('require', () => lib('packages').require)
    lazy('module', () => lib('packages').main)
    lazy('exports', () => lib('packages').main.exports)
  }
  defineOwn()
  hidden('PermissionDenied', PermissionDenied)
  hidden('global', global)
  hidden('self', global)
  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'] as const) {
    hidden(name, timers[name])
  }
  // The engine's own ignore what locale they are given.
  const follow = (prototype: object, name: string, act: (self: unknown, args: unknown[]) => unknown): void => {
    const { length } = (prototype as Record<string, Function>)[name]!
    const method = { [name](this: unknown, ...args: unknown[]) {
      return act(this, args)
    } }[name]!
    defineProperty(method, 'length', { value: length, configurable: true })
    defineProperty(prototype, name, { value: method, writable: true, enumerable: false, configurable: true })
  }
  for (const { prototype } of [Number, BigInt]) follow(prototype, 'toLocaleString', (self, args) => lib('intl').number(self, args))
  for (const name of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']) follow(Date.prototype, name, (self, args) => lib('intl').date(self, name, args))
  for (const name of ['toLocaleUpperCase', 'toLocaleLowerCase']) follow(String.prototype, name, (self, args) => lib('intl').letters(self, name, args))
  follow(String.prototype, 'localeCompare', (self, args) => lib('intl').compare(self, args))

  // How the source of a built-in module reaches its library; it opens nothing a guest does not have already.
  defineProperty(global, Symbol.for('glovebox.library'), { value: lib })
  /** Keeps the namespaces of packages that are evaluated into an image. */
  defineProperty(lib, 'addPackages', {
    value: (names: readonly string[], namespaces: readonly Record<string, unknown>[]): void => {
      names.forEach((name, index) => packages.set(name, namespaces[index]!))
    },
  })

  const { random, forget } = createRandom(() => cross.seed())
  Math.random = random

  const settle = (value: unknown): void => {
    if (value === undefined) cross.settle('nothing')
    else cross.settle('value', value)
  }
  const fail = (error: unknown): void => {
    cross.settle('error', describeError(error))
  }

  return {
    /** Runs the compiled program with its input: the function of a body or arrow, or the promise of a module's namespace. */
    async main(program: unknown, input: unknown): Promise<void> {
      try {
        let value = program
        if (typeof program === 'object' && program !== null) {
          const namespace = (await program) as Record<string, unknown>
          value = 'default' in namespace ? await namespace.default : undefined
        }
        const result: unknown = await (typeof value === 'function' ? value(input) : value)
        if (atEnd !== undefined) atEnd()
        settle(result === undefined && libraries.has('packages') ? await lib('packages').result() : result)
      } catch (error) {
        fail(error)
      }
    },
    encodeList: (...values: unknown[]) => toMessage(encode(values, { from: 'guest', isProxy })),
    encodeValue: (value: unknown) => toMessage(encode(value, { from: 'guest', isProxy })),
    revive: (text: string, ...buffers: ArrayBuffer[]): unknown => decode({ text, blobs: toBlobs(buffers) }, FROM_HOST),
    /** Milliseconds until the next timer is due, or -1 when there is none. */
    nextTimer: timers.due,
    /** Runs the next timer that is due, or the next at all when `force` is 1. */
    fireTimer: timers.fire,
    /** Makes the error object of a host fault. */
    toError,
    describeError,
    lib,
    /** Names of the parts of a package that gives all it has as its default export, as CommonJS does. */
    packageParts(name: string): string {
      const namespace = packages.get(name)!
      const names = Object.keys(namespace)
      return names.length === 1 && names[0] === 'default' ? exportNames(namespace['default']) : ''
    },
    /** Forgets what a call's own settings and seed decide, so that an image holds nothing of them. */
    forget(): void {
      known = undefined
      atEnd = undefined
      timed = false
      defineOwn()
      forget()
    },
    /** Names that the module of a library, or of a part of one, exports. */
    exportNames: (library: string, member: string): string => exportNames(member === '' ? lib(library) : lib(library)[member]),
    // What the host knows values by.
    object: Object.prototype,
    array: Array.prototype,
    bytes: Uint8Array.prototype,
    buffer: ArrayBuffer.prototype,
    sample: SAMPLE,
  }
}
