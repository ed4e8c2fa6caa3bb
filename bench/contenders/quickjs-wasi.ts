import { load, readPackageFile } from '../packages.js'
import type { Contender, Evaluate, HostFunctions, Item } from '../suite.js'
import { MEMORY_BYTES, TIMEOUT_MS } from './limits.js'

interface Handle extends Disposable {
  readonly isPromise: boolean
  toString(): string
}
interface Machine extends Disposable {
  readonly true: Handle
  readonly false: Handle
  readonly global: Handle
  evalCode(code: string): Handle
  executePendingJobs(): number
  dump(handle: Handle): unknown
  newString(text: string): Handle
  newFunction(name: string, fn: (...args: Handle[]) => Handle): Handle
  newPromise(): { readonly handle: Handle; resolve(value: Handle): void }
  resolvePromise(promise: Handle): Promise<{ readonly value: Handle } | { readonly error: Handle }>
  setProp(object: Handle, key: string, value: Handle): void
  snapshot(): object
}
interface Library {
  readonly QuickJS: { create(options: object): Promise<Machine>; restore(snapshot: object, options: object): Promise<Machine> }
}

const common = { arm: 'contained', limits: 'time, memory', pace: 'fast', package: 'quickjs-wasi' } as const

export const quickjsWasiCreate: Contender = {
  ...common,
  name: 'quickjs-wasi, create',
  open: {
    async 'fresh-isolate'() {
      const { QuickJS, options } = await prepare()
      return async (program) => evaluateIn(await QuickJS.create(options()), program)
    },
  },
}

export const quickjsWasiRestore: Contender = {
  ...common,
  name: 'quickjs-wasi, restore',
  open: {
    async 'fresh-isolate'() {
      const { QuickJS, options } = await prepare()
      const machine = await QuickJS.create(options())
      const snapshot = machine.snapshot()
      machine[Symbol.dispose]()
      return async (program) => evaluateIn(await QuickJS.restore(snapshot, options()), program)
    },
  },
}

/** Host calls, in one isolate that stays. */
export const quickjsWasi: Contender = { ...common, name: 'quickjs-wasi', open: { 'host-call': openSession, 'tool-call': openSession } }

async function prepare() {
  const { QuickJS } = await load<Library>('quickjs-wasi')
  const wasm = await WebAssembly.compile(readPackageFile('quickjs-wasi', 'quickjs.wasm'))
  const options = () => {
    const deadline = performance.now() + TIMEOUT_MS
    return { wasm, memoryLimit: MEMORY_BYTES, interruptHandler: () => performance.now() > deadline }
  }
  return { QuickJS, options, wasm }
}

function evaluateIn(machine: Machine, program: string): unknown {
  const value = take(machine, machine.evalCode(program))
  machine[Symbol.dispose]()
  return value
}

function take(machine: Machine, handle: Handle): unknown {
  const value = machine.dump(handle)
  handle[Symbol.dispose]()
  return value
}

async function openSession(host: HostFunctions): Promise<Evaluate> {
  const { QuickJS, wasm } = await prepare()
  let deadline = performance.now() + TIMEOUT_MS
  const machine = await QuickJS.create({ wasm, memoryLimit: MEMORY_BYTES, interruptHandler: () => performance.now() > deadline })
  machine.setProp(machine.global, 'exists', machine.newFunction('exists', (path) => (host.exists(path.toString()) ? machine.true : machine.false)))
  machine.setProp(machine.global, 'lookupText', machine.newFunction('lookupText', (text) => {
    const promise = machine.newPromise()
    void host.lookup(JSON.parse(text.toString()) as Item).then((item) => {
      const answer = machine.newString(JSON.stringify(item))
      promise.resolve(answer)
      answer[Symbol.dispose]()
      machine.executePendingJobs()
    })
    return promise.handle
  }))
  take(machine, machine.evalCode('globalThis.lookup = async (item) => JSON.parse(await lookupText(JSON.stringify(item))); true'))
  return (program) => {
    deadline = performance.now() + TIMEOUT_MS
    const handle = machine.evalCode(program)
    return handle.isPromise ? settle(machine, handle) : take(machine, handle)
  }
}

async function settle(machine: Machine, promise: Handle): Promise<unknown> {
  const settling = machine.resolvePromise(promise)
  promise[Symbol.dispose]()
  machine.executePendingJobs()
  const settled = await settling
  if ('error' in settled) throw new Error(`quickjs-wasi: ${String(machine.dump(settled.error))}`)
  return take(machine, settled.value)
}
