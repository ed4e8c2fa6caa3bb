import { load, readPackageFile } from '../packages.js'
import type { Contender, HostFunctions } from '../suite.js'
import { toError } from './quickjs-emscripten.js'
import { type MakeRoom, type Part, type Room, type RoomHost, type Technique, waysOf } from './room.js'
import { toTextFunctions } from './text-functions.js'

interface Handle extends Disposable {
  readonly isPromise: boolean
  getProp(name: string): Handle
  toString(): string
  toUint8Array(): Uint8Array
}
interface Machine extends Disposable {
  readonly true: Handle
  readonly false: Handle
  readonly global: Handle
  evalCode(code: string, filename?: string, flags?: number): Handle
  executePendingJobs(): number
  dump(handle: Handle): unknown
  newString(text: string): Handle
  newUint8Array(bytes: Uint8Array): Handle
  newFunction(name: string, fn: (...args: Handle[]) => Handle): Handle
  newPromise(): { readonly handle: Handle; resolve(value: Handle): void }
  resolvePromise(promise: Handle): Promise<{ readonly value: Handle } | { readonly error: Handle }>
  setProp(object: Handle, key: string, value: Handle): void
  snapshot(): object
}
interface Library {
  readonly QuickJS: { create(options: object): Promise<Machine>; restore(snapshot: object, options: object): Promise<Machine> }
  readonly EvalFlags: { readonly TYPE_MODULE: number }
}

/** When the guest's time is up, and what it may import: set for each evaluation. */
interface Watch {
  deadline: number
  modules: Readonly<Record<string, string>>
}

const common = { arm: 'contained', limits: 'time, memory', pace: 'fast', package: 'quickjs-wasi' } as const
const technique = {
  room: 'isolate',
  parts: ['exists', 'lookup', 'console', 'files', 'http'],
  call: true,
  bytes: true,
  load: true,
  import: () => load('quickjs-wasi'),
} as const satisfies Partial<Technique>

export const quickjsWasi: Contender = {
  ...common,
  name: 'quickjs-wasi, create',
  ...waysOf({
    ...technique,
    async prepare({ limits }): Promise<MakeRoom> {
      const { QuickJS, wasm, EvalFlags } = await prepareLibrary()
      return async (host, parts) => {
        const watch: Watch = { deadline: performance.now() + limits.deadlineMs, modules: {} }
        const machine = await QuickJS.create(toOptions(wasm, limits, watch))
        bind(machine, host, parts)
        return toRoom(machine, watch, limits, EvalFlags.TYPE_MODULE)
      }
    },
  }),
}

export const quickjsWasiRestore: Contender = {
  ...common,
  name: 'quickjs-wasi, restore',
  open: onlyFresh(waysOf({
    ...technique,
    async prepare({ limits }): Promise<MakeRoom> {
      const { QuickJS, wasm, EvalFlags } = await prepareLibrary()
      const pristine = await QuickJS.create(toOptions(wasm, limits, { deadline: Infinity, modules: {} }))
      const snapshot = pristine.snapshot()
      pristine[Symbol.dispose]()
      return async (host, parts) => {
        const watch: Watch = { deadline: performance.now() + limits.deadlineMs, modules: {} }
        const machine = await QuickJS.restore(snapshot, toOptions(wasm, limits, watch))
        bind(machine, host, parts)
        return toRoom(machine, watch, limits, EvalFlags.TYPE_MODULE)
      }
    },
  }).open),
}

/** A restored machine differs from a created one only in how it came to be. */
function onlyFresh({ 'fresh-isolate': fresh, 'kept-isolate': kept }: Contender['open']): Contender['open'] {
  return { 'fresh-isolate': fresh!, 'kept-isolate': kept! }
}

async function prepareLibrary() {
  const { QuickJS, EvalFlags } = await load<Library>('quickjs-wasi')
  const wasm = await WebAssembly.compile(readPackageFile('quickjs-wasi', 'quickjs.wasm'))
  return { QuickJS, EvalFlags, wasm }
}

function toOptions(wasm: WebAssembly.Module, { memoryBytes }: HostFunctions['limits'], watch: Watch): object {
  return {
    wasm,
    memoryLimit: memoryBytes,
    interruptHandler: () => performance.now() > watch.deadline,
    moduleLoader: { load: (name: string) => watch.modules[name] ?? '' },
  }
}

function bind(machine: Machine, host: RoomHost, parts: readonly Part[]): void {
  if (parts.length === 0) return
  const { now, later, prelude } = toTextFunctions(host, parts)
  for (const [name, fn] of Object.entries(now)) {
    machine.setProp(machine.global, name, machine.newFunction(name, (...args) => {
      const answer = fn(...args.map((arg) => arg.toString()))
      return typeof answer === 'string' ? machine.newString(answer) : answer ? machine.true : machine.false
    }))
  }
  for (const [name, fn] of Object.entries(later)) {
    machine.setProp(machine.global, name, machine.newFunction(name, (text) => {
      const promise = machine.newPromise()
      void fn(text!.toString()).then((answer) => {
        const handle = machine.newString(answer)
        promise.resolve(handle)
        handle[Symbol.dispose]()
        machine.executePendingJobs()
      })
      return promise.handle
    }))
  }
  machine.evalCode(prelude)[Symbol.dispose]()
}

function toRoom(machine: Machine, watch: Watch, { deadlineMs }: HostFunctions['limits'], moduleFlag: number): Room {
  const evaluate = (program: string): unknown => {
    watch.deadline = performance.now() + deadlineMs
    return guarded(() => {
      const handle = machine.evalCode(program)
      return handle.isPromise ? settle(machine, handle) : take(machine, handle)
    })
  }
  return {
    evaluate,
    call(program, input) {
      const text = machine.newString(JSON.stringify(input))
      machine.setProp(machine.global, 'inputText', text)
      text[Symbol.dispose]()
      return JSON.parse(evaluate(`JSON.stringify((${program})(JSON.parse(inputText)))`) as string) as unknown
    },
    callBytes(program, input) {
      if (input instanceof Uint8Array) {
        const bytes = machine.newUint8Array(input)
        machine.setProp(machine.global, 'input', bytes)
        bytes[Symbol.dispose]()
        return evaluate(`(${program})(input)`)
      }
      const handle = machine.evalCode(`(${program})(${JSON.stringify(input)})`)
      const bytes = handle.toUint8Array()
      handle[Symbol.dispose]()
      return bytes
    },
    async load(program, modules) {
      watch.deadline = performance.now() + deadlineMs
      watch.modules = modules
      const namespace = await settleHandle(machine, machine.evalCode(program, 'main.js', moduleFlag))
      const value = take(machine, namespace.getProp('default'))
      namespace[Symbol.dispose]()
      return value
    },
    close: () => machine[Symbol.dispose](),
  }
}

/** Errors of the guest reach the host as errors with the guest's name and message. */
function guarded(evaluate: () => unknown): unknown {
  try {
    return evaluate()
  } catch (error) {
    throw toError(error as Error)
  }
}

function take(machine: Machine, handle: Handle): unknown {
  const value = machine.dump(handle)
  handle[Symbol.dispose]()
  return value
}

async function settle(machine: Machine, promise: Handle): Promise<unknown> {
  return take(machine, await settleHandle(machine, promise))
}

async function settleHandle(machine: Machine, promise: Handle): Promise<Handle> {
  const settling = machine.resolvePromise(promise)
  promise[Symbol.dispose]()
  guarded(() => machine.executePendingJobs())
  const settled = await settling
  if ('error' in settled) throw toError(machine.dump(settled.error) as Error)
  return settled.value
}
