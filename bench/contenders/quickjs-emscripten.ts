import { load, readPackageFile } from '../packages.js'
import { type Contender, type HostFunctions, Stopped } from '../suite.js'
import { type MakeRoom, type Part, type Room, type RoomHost, type Technique, waysOf } from './room.js'
import { toTextFunctions } from './text-functions.js'

interface Handle {
  dispose(): void
}
interface Runtime {
  setMemoryLimit(bytes: number): void
  setInterruptHandler(handler: () => boolean): void
  setModuleLoader(load: (name: string) => string): void
  executePendingJobs(): unknown
}
interface Context {
  readonly true: Handle
  readonly false: Handle
  readonly global: Handle
  readonly runtime: Runtime
  evalCode(code: string, filename?: string, options?: { readonly type: 'module' }): Result
  unwrapResult(result: Result): Handle
  dump(handle: Handle): unknown
  typeof(handle: Handle): string
  getString(handle: Handle): string
  getProp(handle: Handle, name: string): Handle
  getPromiseState(handle: Handle): { readonly type: string; readonly notAPromise?: boolean }
  newString(text: string): Handle
  newArrayBuffer(buffer: ArrayBufferLike): Handle
  getArrayBuffer(handle: Handle): Handle & { readonly value: Uint8Array }
  newFunction(name: string, fn: (...args: Handle[]) => Handle): Handle
  newPromise(): { readonly handle: Handle; resolve(value: Handle): void }
  resolvePromise(promise: Handle): Promise<Result>
  setProp(object: Handle, key: string, value: Handle): void
  dispose(): void
}
type Result = { readonly value: Handle } | { readonly error: Handle }
type MakeModule = () => Promise<{ newContext(): Context }>
interface Library {
  readonly RELEASE_SYNC: object
  newVariant(base: object, options: { readonly wasmModule: WebAssembly.Module }): object
  newQuickJSWASMModule(variant: object): Promise<{ newContext(): Context }>
}

const common = { arm: 'contained', limits: 'time, memory', pace: 'fast', package: 'quickjs-emscripten' } as const
const technique = {
  room: 'isolate',
  parts: ['exists', 'lookup', 'console', 'files', 'http'],
  call: true,
  bytes: true,
  load: true,
  import: () => load('quickjs-emscripten'),
} as const satisfies Partial<Technique>

/** Contexts in one module share its memory: a guest that breaks it breaks all later ones. */
export const quickjsEmscripten: Contender = {
  ...common,
  name: 'quickjs-emscripten, shared module',
  ...waysOf({
    ...technique,
    async prepare({ limits }): Promise<MakeRoom> {
      const module = await (await prepareModules())()
      return (host, parts) => openRoom(module.newContext(), host, parts, limits)
    },
  }),
}

export const quickjsEmscriptenModule: Contender = {
  ...common,
  name: 'quickjs-emscripten, fresh module',
  open: {
    ...pick(waysOf({
      ...technique,
      async prepare({ limits }): Promise<MakeRoom> {
        const makeModule = await prepareModules()
        return async (host, parts) => openRoom((await makeModule()).newContext(), host, parts, limits)
      },
    }).open),
  },
}

/** Once a context is there, it does not matter whether its module is its own. */
function pick({ 'fresh-isolate': fresh, hostile, modules, ...ways }: Contender['open']): Contender['open'] {
  const { 'kept-isolate': kept, 'waiting-isolate': waiting, 'waiting-call': calls } = ways
  return Object.fromEntries(Object.entries({ 'fresh-isolate': fresh, hostile, modules, 'kept-isolate': kept, 'waiting-isolate': waiting, 'waiting-call': calls }).filter(([, open]) => open !== undefined))
}

/** Every module is made of the same compiled wasm, which is the fastest way there is. */
async function prepareModules(): Promise<MakeModule> {
  const { RELEASE_SYNC, newVariant, newQuickJSWASMModule } = await load<Library>('quickjs-emscripten')
  const wasmModule = await WebAssembly.compile(readPackageFile('@jitl/quickjs-wasmfile-release-sync', 'dist/emscripten-module.wasm'))
  const variant = newVariant(RELEASE_SYNC, { wasmModule })
  return () => newQuickJSWASMModule(variant)
}

function openRoom(context: Context, host: RoomHost, parts: readonly Part[], { deadlineMs, memoryBytes }: HostFunctions['limits']): Room {
  const { runtime } = context
  let deadline = performance.now() + deadlineMs
  runtime.setMemoryLimit(memoryBytes)
  runtime.setInterruptHandler(() => performance.now() > deadline)
  if (parts.length > 0) bind(context, host, parts)
  const evaluate = (program: string): unknown => {
    deadline = performance.now() + deadlineMs
    return take(context, unwrap(context, context.evalCode(program)))
  }
  return {
    evaluate,
    call(program, input) {
      const text = context.newString(JSON.stringify(input))
      context.setProp(context.global, 'inputText', text)
      text.dispose()
      return JSON.parse(evaluate(`JSON.stringify((${program})(JSON.parse(inputText)))`) as string) as unknown
    },
    callBytes(program, input) {
      if (input instanceof Uint8Array) {
        const buffer = context.newArrayBuffer(input.buffer)
        context.setProp(context.global, 'input', buffer)
        buffer.dispose()
        return evaluate(`(${program})(new Uint8Array(input))`)
      }
      const handle = unwrap(context, context.evalCode(`(${program})(${JSON.stringify(input)}).buffer`))
      const view = context.getArrayBuffer(handle)
      const bytes = view.value.slice()
      view.dispose()
      handle.dispose()
      return bytes
    },
    load(program, modules) {
      runtime.setModuleLoader((name) => modules[`./${name.replace('./', '')}`] ?? '')
      const namespace = unwrap(context, context.evalCode(program, 'main.js', { type: 'module' }))
      const value = context.getProp(namespace, 'default')
      namespace.dispose()
      return take(context, value)
    },
    close: () => context.dispose(),
  }
}

function bind(context: Context, host: RoomHost, parts: readonly Part[]): void {
  const { now, later, prelude } = toTextFunctions(host, parts)
  for (const [name, fn] of Object.entries(now)) {
    setFunction(context, name, (...args) => {
      const answer = fn(...args.map((arg) => context.getString(arg)))
      return typeof answer === 'string' ? context.newString(answer) : answer ? context.true : context.false
    })
  }
  for (const [name, fn] of Object.entries(later)) {
    setFunction(context, name, (text) => {
      const promise = context.newPromise()
      void fn(context.getString(text!)).then((answer) => {
        const handle = context.newString(answer)
        promise.resolve(handle)
        handle.dispose()
        context.runtime.executePendingJobs()
      })
      return promise.handle
    })
  }
  context.unwrapResult(context.evalCode(prelude)).dispose()
}

/** A handle that is left over takes the process down when its context is disposed. */
function setFunction(context: Context, name: string, fn: (...args: Handle[]) => Handle): void {
  const handle = context.newFunction(name, fn)
  context.setProp(context.global, name, handle)
  handle.dispose()
}

function take(context: Context, handle: Handle): unknown {
  if (context.typeof(handle) === 'object') {
    const state = context.getPromiseState(handle)
    if (state.type !== 'fulfilled' || state.notAPromise !== true) return settle(context, handle)
  }
  const value = context.dump(handle)
  handle.dispose()
  return value
}

async function settle(context: Context, promise: Handle): Promise<unknown> {
  const settling = context.resolvePromise(promise)
  promise.dispose()
  const done = context.runtime.executePendingJobs() as { readonly error?: Handle }
  if (done.error !== undefined) unwrap(context, done as Result)
  const handle = unwrap(context, await settling)
  const value = context.dump(handle)
  handle.dispose()
  return value
}

function unwrap(context: Context, result: Result): Handle {
  if (!('error' in result) || result.error === undefined) return (result as { readonly value: Handle }).value
  const error = context.dump(result.error) as { readonly name?: string; readonly message?: string } | null
  result.error.dispose()
  throw toError(error)
}

/** A guest can throw these itself; that is as much as the engine tells. */
export function toError(error: { readonly name?: string; readonly message?: string } | null | undefined): Error {
  if (error?.name === 'InternalError' && error.message === 'interrupted') return new Stopped('deadline')
  if (error?.message === 'out of memory') return new Stopped('memory')
  return new Error(`${error?.name ?? 'thrown'}: ${error?.message ?? String(error)}`)
}
