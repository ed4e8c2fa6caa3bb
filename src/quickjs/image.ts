import { type EngineExports, type Ptr, EVAL_GLOBAL } from './abi.js'
import { type Instance, type Link, PAGE_BYTES, instantiate } from './instance.js'
import { IsolateMemory } from './memory.js'
import { CROSSINGS } from './crossing-names.js'
import { GloveboxError } from '../errors.js'

/** Functions of the prelude by their place in the image's memory. */
const PRELUDE_FUNCTIONS = ['configure', 'main', 'deliver', 'nextTimer', 'fireTimer', 'toError', 'describeError', 'lib'] as const
export type PreludeFunction = (typeof PRELUDE_FUNCTIONS)[number]

/** Grain of the scan for non-zero memory; finer finds more zeros, coarser copies in fewer calls. */
const BLOCK_BYTES = 4096

/** The state of a booted isolate that has run no guest code, ready to be laid into fresh instances. */
export interface Image {
  readonly pages: number
  /** Non-zero stretches of memory. */
  readonly runs: readonly { readonly offset: number; readonly bytes: Uint8Array }[]
  /** Exported mutable globals but the fuel, by name. */
  readonly globals: readonly (readonly [name: string, value: number | bigint])[]
  readonly prelude: { readonly [K in PreludeFunction]: Ptr }
}

/** Before any grant is known: time stands still, nothing can be called, fuel is the host's own. */
export const bootLink: Link = {
  hostCall: () => 0,
  promiseRejection: () => {},
  resolveModule: () => 0,
  loadModule: () => 0,
  now: () => 0,
  utcOffsetSeconds: () => 0,
  random: (length) => new Uint8Array(length),
  write: () => {},
  refill: () => 1_000_000_000,
}

/** Boots the engine once, evaluates the prelude and takes the image of it. */
export function createImage(module: WebAssembly.Module, prelude: string, initialPages: number): Image {
  const instance = instantiate(module, { initialPages, maxPages: initialPages + 256, link: bootLink })
  const { exports } = instance
  exports._initialize()
  if (exports.qjs_init() !== 0) throw new GloveboxError('internal', 'The engine module did not initialise; is it the one shipped with this version?')
  exports.qjs_set_promise_rejection_handler(1)
  exports.qjs_set_module_loader(1)
  const memory = new IsolateMemory(exports)
  return capture(module, instance, evalPrelude(exports, memory, prelude), initialPages)
}

/** The image after a guest library was evaluated in it, so that isolates made of it have it at no cost. */
export function extendImage(module: WebAssembly.Module, image: Image, options: { readonly library: string; readonly bytecode: (name: string) => Uint8Array | undefined; readonly initialPages: number }): Image {
  const { library, bytecode, initialPages } = options
  const instance = instantiateImage(module, image, { initialPages, maxPages: image.pages + 1024, link: bootLink })
  const { exports } = instance
  const memory = new IsolateMemory(exports)
  instance.link = {
    ...bootLink,
    // A library crosses for nothing but the libraries it uses itself.
    hostCall: (_name, _argc, argv) => {
      const code = bytecode(memory.readString(memory.view().getUint32(argv, true), 64) ?? '')
      if (code === undefined) return 0
      return exports.qjs_eval_bytecode(memory.writeBytes(code), code.length)
    },
  }
  const argv = memory.alloc(4)
  memory.view().setUint32(argv, memory.newString(library), true)
  expectValue(exports, memory, exports.qjs_call(image.prelude.lib, exports.qjs_get_undefined(), 1, argv))
  return capture(module, instance, image.prelude, initialPages)
}

function capture(module: WebAssembly.Module, { exports, memory }: Instance, prelude: Image['prelude'], initialPages: number): Image {
  const untouched = instantiate(module, { initialPages, maxPages: initialPages, link: bootLink })
  return {
    pages: memory.buffer.byteLength / PAGE_BYTES,
    runs: findRuns(new Uint8Array(memory.buffer), new Uint8Array(untouched.memory.buffer)),
    globals: readGlobals(exports),
    prelude,
  }
}

/** Makes an instance that is in the image's state. */
export function instantiateImage(module: WebAssembly.Module, image: Image, options: { readonly initialPages: number; readonly maxPages: number; readonly link: Link }): Instance {
  const instance = instantiate(module, options)
  const missing = image.pages - instance.memory.buffer.byteLength / PAGE_BYTES
  if (missing > 0) instance.memory.grow(missing)
  const bytes = new Uint8Array(instance.memory.buffer)
  for (const run of image.runs) bytes.set(run.bytes, run.offset)
  const globals = instance.exports as unknown as Record<string, WebAssembly.Global>
  for (const [name, value] of image.globals) globals[name]!.value = value
  return instance
}

function evalPrelude(exports: EngineExports, memory: IsolateMemory, prelude: string): { readonly [K in PreludeFunction]: Ptr } {
  const code = memory.writeText(prelude)
  const filename = memory.writeText('glovebox:prelude')
  const make = exports.qjs_eval(code.pointer, code.length, filename.pointer, EVAL_GLOBAL)
  memory.free(code.pointer)
  memory.free(filename.pointer)
  expectValue(exports, memory, make)
  const cross = exports.qjs_get_undefined()
  const argv = memory.alloc(4 * CROSSINGS.length)
  CROSSINGS.forEach(([, byte], index) => {
    const name = memory.writeText(byte)
    const fn = exports.qjs_new_host_function(name.pointer, 1, 0)
    memory.view().setUint32(argv + 4 * index, fn, true)
    memory.free(name.pointer)
  })
  const api = exports.qjs_call(make, cross, CROSSINGS.length, argv)
  expectValue(exports, memory, api)
  memory.free(argv)
  const functions: Record<string, Ptr> = {}
  for (const name of PRELUDE_FUNCTIONS) {
    const text = memory.writeText(name)
    functions[name] = exports.qjs_get_prop_string(api, text.pointer)
    memory.free(text.pointer)
  }
  return functions as { readonly [K in PreludeFunction]: Ptr }
}

function expectValue(exports: EngineExports, memory: IsolateMemory, value: Ptr): void {
  if (exports.qjs_is_exception(value) === 0) return
  const text = memory.readString(exports.qjs_get_exception(), 1000)
  throw new GloveboxError('internal', `The prelude failed to evaluate: ${text}`)
}

function readGlobals(exports: EngineExports): (readonly [string, number | bigint])[] {
  const globals: (readonly [string, number | bigint])[] = []
  for (const [name, value] of Object.entries(exports)) {
    if (value instanceof WebAssembly.Global && name.startsWith('glovebox:global')) globals.push([name, value.value as number | bigint])
  }
  return globals
}

/** Stretches that differ from what instantiation alone leaves: non-zero now, or written by the module's data segments. */
function findRuns(memory: Uint8Array, untouched: Uint8Array): { offset: number; bytes: Uint8Array }[] {
  const runs: { offset: number; bytes: Uint8Array }[] = []
  let start = -1
  const close = (end: number): void => {
    if (start >= 0) runs.push({ offset: start, bytes: memory.slice(start, end) })
    start = -1
  }
  for (let offset = 0; offset < memory.length; offset += BLOCK_BYTES) {
    if (isZero(memory, offset) && isZero(untouched, offset)) close(offset)
    else if (start < 0) start = offset
  }
  close(memory.length)
  return runs
}

function isZero(memory: Uint8Array, offset: number): boolean {
  if (offset >= memory.length) return true
  return new BigUint64Array(memory.buffer, offset, BLOCK_BYTES / 8).every((word) => word === 0n)
}
