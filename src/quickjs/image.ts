import { type EngineExports, type Ptr, EVAL_GLOBAL } from './abi.js'
import { compile } from './compile.js'
import { type Instance, type InstanceOptions, type Link, PAGE_BYTES, instantiate } from './instance.js'
import { IsolateMemory } from './memory.js'
import { CROSSINGS } from './crossing-names.js'
import { SAMPLE } from './guest/sample.js'
import { type Landmarks, UNREAD, ValueReader } from './read-values.js'
import { SCRATCH_BYTES } from './write-values.js'
import { encode } from '../codec.js'
import { GloveboxError } from '../errors.js'

/** Functions of the prelude by their place in the image's memory. */
const PRELUDE_FUNCTIONS = [
  'main', 'nextTimer', 'fireTimer', 'toError', 'describeError', 'lib', 'encodeList', 'encodeValue', 'revive', 'exportNames',
  'packageParts', 'forget',
] as const
export type PreludeFunction = (typeof PRELUDE_FUNCTIONS)[number]

/** What the engine module asks of its memory at the least. */
const LEAST_PAGES = 18

/** Grain of the scan for non-zero memory; finer finds more zeros, coarser copies in fewer calls. */
const BLOCK_BYTES = 4096

interface Stretch {
  readonly offset: number
  readonly end: number
  /** Absent where everything is zero. */
  readonly bytes?: Uint8Array
}

/** Free memory an image has beyond what booting took, so that most programs never grow theirs. */
const HEADROOM_BYTES = 512 << 10

/** The state of a booted isolate that has run no guest code, ready to be laid into fresh instances. */
export interface Image {
  readonly pages: number
  /** Memory in stretches that follow each other: bytes, or their number where all are zero. */
  readonly stretches: readonly Stretch[]
  readonly tableLength: number
  /** Exported mutable globals but the fuel, by name. */
  readonly globals: readonly (readonly [name: string, value: number | bigint])[]
  readonly prelude: { readonly [K in PreludeFunction]: Ptr }
  readonly landmarks: Landmarks
  /** Address of the room that `ValueWriter` writes through. */
  readonly scratch: number
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
  turn: () => 1_000_000_000,
}

/**
 * Boots the engine, evaluates the prelude and takes the image of it. The prelude is compiled in an instance that is
 * thrown away, so that what a compiler leaves behind is in no image and is never copied.
 */
export function createImage(module: WebAssembly.Module, prelude: string): Image {
  const bytecode = compileScript(bootEngine(module), prelude, 'glovebox:prelude')
  const instance = bootEngine(module)
  const { exports } = instance
  exports.qjs_set_promise_rejection_handler(1)
  exports.qjs_set_module_loader(1)
  const memory = new IsolateMemory(exports)
  const { functions, landmarks } = evalPrelude(exports, memory, bytecode)
  const scratch = memory.alloc(SCRATCH_BYTES)
  memory.bytes().fill(0, scratch, scratch + SCRATCH_BYTES)
  memory.free(memory.alloc(HEADROOM_BYTES))
  return capture(instance, { prelude: functions, landmarks, scratch })
}

/** Bytecode of one of our own scripts, made in an instance that is of no other use. */
export function compileScript({ exports }: Instance, source: string, filename: string): Uint8Array {
  const memory = new IsolateMemory(exports)
  const compiled = compile(exports, memory, { source, filename, flags: EVAL_GLOBAL })
  if (compiled === undefined) throw new GloveboxError('internal', `${filename} does not compile`)
  return memory.bytes().slice(compiled.pointer, compiled.pointer + compiled.length)
}

function bootEngine(module: WebAssembly.Module): Instance {
  const instance = instantiate(module, { initialPages: LEAST_PAGES, maxPages: LEAST_PAGES + 256, link: bootLink, turnModules: undefined })
  instance.exports._initialize()
  if (instance.exports.qjs_init() !== 0) throw new GloveboxError('internal', 'The engine module did not initialise; is it the one shipped with this version?')
  return instance
}

/**
 * Takes the image of an instance at the most pages it may have. Free memory is zeroed first: what was freed but is not
 * zero would be copied into every isolate.
 */
export function captureFull(instance: Instance, image: Pick<Image, 'prelude' | 'landmarks' | 'scratch'>): Image {
  const { exports } = instance
  exports.qjs_run_gc()
  const memory = new IsolateMemory(exports)
  const taken: number[] = []
  for (let size = 1 << 20; size >= 64; ) {
    const pointer = exports.wasm_malloc(size)
    if (pointer === 0) size >>= 1
    else {
      memory.bytes().fill(0, pointer, pointer + size)
      taken.push(pointer)
    }
  }
  for (const pointer of taken.reverse()) exports.wasm_free(pointer)
  return capture(instance, image)
}

/** The image after a guest library was evaluated in it, so that isolates made of it have it at no cost. */
export function extendImage(module: WebAssembly.Module, image: Image, options: { readonly library: string; readonly bytecode: (name: string) => Uint8Array | undefined }): Image {
  const { library, bytecode } = options
  const instance = instantiateImage(module, image, { maxPages: image.pages + 1024, link: bootLink, turnModules: undefined })
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
  memory.free(memory.alloc(HEADROOM_BYTES))
  return capture(instance, image)
}

function capture({ exports, memory }: Instance, { prelude, landmarks, scratch }: Pick<Image, 'prelude' | 'landmarks' | 'scratch'>): Image {
  return {
    pages: memory.buffer.byteLength / PAGE_BYTES,
    stretches: toStretches(new Uint8Array(memory.buffer)),
    tableLength: exports.__indirect_function_table.length,
    globals: readGlobals(exports),
    prelude,
    landmarks,
    scratch,
  }
}

/** Makes an instance that is in the image's state. */
export function instantiateImage(module: WebAssembly.Module, image: Image, options: Omit<InstanceOptions, 'initialPages'>): Instance {
  const instance = instantiate(module, { initialPages: image.pages, ...options })
  restoreImage(instance, image)
  return instance
}

/** Puts memory, globals and fuel back; false when memory or a table has grown, which nothing can undo. */
export function restoreImage({ exports, memory }: Instance, image: Image): boolean {
  if (memory.buffer.byteLength !== image.pages * PAGE_BYTES) return false
  if (exports.__indirect_function_table.length !== image.tableLength) return false
  const target = new Uint8Array(memory.buffer)
  // What the next guest reads first is laid down last, to be near when it runs.
  for (const { offset, end, bytes } of image.stretches) if (bytes === undefined) target.fill(0, offset, end)
  for (const { offset, bytes } of image.stretches) if (bytes !== undefined) target.set(bytes, offset)
  const globals = exports as unknown as Record<string, WebAssembly.Global>
  for (const [name, value] of image.globals) globals[name]!.value = value
  exports['glovebox:fuel'].value = 0
  return true
}

/** Whether an instance is in the image's state, byte for byte. */
export function isPristine({ exports, memory }: Instance, image: Image): boolean {
  if (memory.buffer.byteLength !== image.pages * PAGE_BYTES) return false
  const words = new BigUint64Array(memory.buffer)
  for (const { offset, end, bytes } of image.stretches) {
    const actual = words.subarray(offset / 8, end / 8)
    const expected = bytes === undefined ? undefined : new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8)
    for (let i = 0; i < actual.length; i++) if (actual[i] !== (expected === undefined ? 0n : expected[i])) return false
  }
  const globals = exports as unknown as Record<string, WebAssembly.Global>
  return image.globals.every(([name, value]) => globals[name]!.value === value) && exports['glovebox:fuel'].value === 0
}

function evalPrelude(exports: EngineExports, memory: IsolateMemory, bytecode: Uint8Array): { readonly functions: Image['prelude']; readonly landmarks: Landmarks } {
  const pointer = memory.writeBytes(bytecode)
  const make = exports.qjs_eval_bytecode(pointer, bytecode.length)
  // What is freed but not zero would be copied into every isolate.
  memory.bytes().fill(0, pointer, pointer + bytecode.length)
  memory.free(pointer)
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
  const property = (name: string): Ptr => {
    const text = memory.writeText(name)
    const value = exports.qjs_get_prop_string(api, text.pointer)
    memory.free(text.pointer)
    return value
  }
  const functions: Record<string, Ptr> = {}
  for (const name of PRELUDE_FUNCTIONS) functions[name] = property(name)
  const [objectPrototype, arrayPrototype, bytesPrototype, bufferPrototype] = ['object', 'array', 'bytes', 'buffer'].map((name) => exports.qjs_get_value_ptr(property(name)))
  const landmarks = { runtime: exports.qjs_get_runtime_ptr(), objectPrototype: objectPrototype!, arrayPrototype: arrayPrototype!, bytesPrototype: bytesPrototype!, bufferPrototype: bufferPrototype! }
  checkLayout(exports, landmarks, property('sample'))
  return { functions: functions as Image['prelude'], landmarks }
}

/** Whether values can be read where we know them to be: an engine that keeps them elsewhere is another one. */
function checkLayout(exports: EngineExports, landmarks: Landmarks, sample: Ptr): void {
  const reader = new ValueReader(new IsolateMemory(exports), landmarks)
  let read: unknown
  try {
    reader.begin(10_000, () => new Error('a sample of another size'))
    read = reader.read(sample)
  } catch {
    read = UNREAD
  }
  if (read !== UNREAD && encode(read).text === encode(SAMPLE).text) return
  throw new GloveboxError('internal', 'The engine module keeps its values in another way; is it the one shipped with this version?')
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

function toStretches(memory: Uint8Array): Stretch[] {
  const stretches: Stretch[] = []
  for (let offset = 0; offset < memory.length; ) {
    const zero = isZero(memory, offset)
    let end = offset
    while (end < memory.length && isZero(memory, end) === zero) end += BLOCK_BYTES
    stretches.push(zero ? { offset, end } : { offset, end, bytes: memory.slice(offset, end) })
    offset = end
  }
  return stretches
}

function isZero(memory: Uint8Array, offset: number): boolean {
  const words = new Int32Array(memory.buffer, offset, BLOCK_BYTES / 4)
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false
  return true
}
