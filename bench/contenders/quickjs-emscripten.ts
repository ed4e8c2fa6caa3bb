import { load, readPackageFile } from '../packages.js'
import type { Contender, Evaluate, HostFunctions, Item } from '../suite.js'
import { MEMORY_BYTES, TIMEOUT_MS } from './limits.js'

interface Handle {
  dispose(): void
}
interface Context {
  readonly true: Handle
  readonly false: Handle
  readonly global: Handle
  readonly runtime: { setMemoryLimit(bytes: number): void; setInterruptHandler(handler: () => boolean): void; executePendingJobs(): unknown }
  evalCode(code: string): Result
  unwrapResult(result: Result): Handle
  dump(handle: Handle): unknown
  typeof(handle: Handle): string
  getString(handle: Handle): string
  newString(text: string): Handle
  newFunction(name: string, fn: (...args: Handle[]) => Handle): Handle
  newPromise(): { readonly handle: Handle; readonly settled: Promise<void>; resolve(value: Handle): void }
  resolvePromise(promise: Handle): Promise<Result>
  setProp(object: Handle, key: string, value: Handle): void
  dispose(): void
}
type Result = { readonly value: Handle } | { readonly error: Handle }
interface Library {
  readonly RELEASE_SYNC: object
  newVariant(base: object, options: { readonly wasmModule: WebAssembly.Module }): object
  newQuickJSWASMModule(variant: object): Promise<{ newContext(): Context }>
}

const common = { arm: 'contained', limits: 'time, memory', pace: 'fast', package: 'quickjs-emscripten' } as const

export const quickjsEmscriptenModule: Contender = {
  ...common,
  name: 'quickjs-emscripten, fresh module',
  open: {
    async 'fresh-isolate'() {
      const makeModule = await prepare()
      return async (program) => evaluateIn((await makeModule()).newContext(), program)
    },
  },
}

/** Contexts in one module share its memory: a guest that breaks it breaks all later ones. */
export const quickjsEmscriptenContext: Contender = {
  ...common,
  name: 'quickjs-emscripten, shared module',
  open: {
    async 'fresh-isolate'() {
      const module = await (await prepare())()
      return (program) => evaluateIn(module.newContext(), program)
    },
  },
}

/** Host calls, in one context that stays. */
export const quickjsEmscripten: Contender = { ...common, name: 'quickjs-emscripten', open: { 'host-call': openSession, 'tool-call': openSession } }

/** Every module is made of the same compiled wasm, which is the fastest way there is. */
async function prepare(): Promise<() => Promise<{ newContext(): Context }>> {
  const { RELEASE_SYNC, newVariant, newQuickJSWASMModule } = await load<Library>('quickjs-emscripten')
  const wasmModule = await WebAssembly.compile(readPackageFile('@jitl/quickjs-wasmfile-release-sync', 'dist/emscripten-module.wasm'))
  const variant = newVariant(RELEASE_SYNC, { wasmModule })
  return () => newQuickJSWASMModule(variant)
}

function evaluateIn(context: Context, program: string): unknown {
  const deadline = performance.now() + TIMEOUT_MS
  context.runtime.setMemoryLimit(MEMORY_BYTES)
  context.runtime.setInterruptHandler(() => performance.now() > deadline)
  const handle = context.unwrapResult(context.evalCode(program))
  const value = context.dump(handle)
  handle.dispose()
  context.dispose()
  return value
}

async function openSession(host: HostFunctions): Promise<Evaluate> {
  const context = (await (await prepare())()).newContext()
  let deadline = performance.now() + TIMEOUT_MS
  context.runtime.setMemoryLimit(MEMORY_BYTES)
  context.runtime.setInterruptHandler(() => performance.now() > deadline)
  context.setProp(context.global, 'exists', context.newFunction('exists', (path) => (host.exists(context.getString(path)) ? context.true : context.false)))
  context.setProp(context.global, 'lookupText', context.newFunction('lookupText', (text) => {
    const promise = context.newPromise()
    void host.lookup(JSON.parse(context.getString(text)) as Item).then((item) => {
      const answer = context.newString(JSON.stringify(item))
      promise.resolve(answer)
      answer.dispose()
      context.runtime.executePendingJobs()
    })
    return promise.handle
  }))
  context.unwrapResult(context.evalCode('globalThis.lookup = async (item) => JSON.parse(await lookupText(JSON.stringify(item)))')).dispose()
  return (program) => {
    deadline = performance.now() + TIMEOUT_MS
    const handle = context.unwrapResult(context.evalCode(program))
    if (context.typeof(handle) === 'object') return settle(context, handle)
    const value = context.dump(handle)
    handle.dispose()
    return value
  }
}

async function settle(context: Context, promise: Handle): Promise<unknown> {
  const settling = context.resolvePromise(promise)
  promise.dispose()
  context.runtime.executePendingJobs()
  const handle = context.unwrapResult(await settling)
  const value = context.dump(handle)
  handle.dispose()
  return value
}
