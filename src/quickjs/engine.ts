import { platform } from '#platform'
import type { Ending, Engine, EngineUsage, Ports, Program } from '../engine.js'
import { GloveboxError } from '../errors.js'
import { Stop } from '../stop.js'
import { STRIP_SOURCE } from './abi.js'
import { drive } from './drive.js'
import { LIBRARIES, PRELUDE } from './guest/bundle/libraries.js'
import { type Image, createImage, instantiateImage } from './image.js'
import { type Instance, type Link, PAGE_BYTES } from './instance.js'
import { Isolate } from './isolate.js'
import { createCompiler } from './compiler.js'

export interface QuickjsOptions {
  /** The metered engine module. @default the one shipped, found through the package's own conditional import */
  readonly module?: WebAssembly.Module
}

/** A link of no call: whatever reaches it is refused. */
const deadLink: Link = Object.freeze({
  hostCall: () => refuse(),
  promiseRejection: () => {},
  resolveModule: () => 0,
  loadModule: () => 0,
  now: () => 0,
  utcOffsetSeconds: () => 0,
  random: (length: number) => new Uint8Array(length),
  write: () => {},
  refill: () => -1,
})

/**
 * The QuickJS engine: JavaScript and TypeScript, one instance and one memory for each call.
 * @throws GloveboxError `invalid-option`
 */
export function quickjs(options: QuickjsOptions = {}): Engine {
  for (const key of Object.keys(options)) {
    if (key !== 'module') throw new GloveboxError('invalid-option', `quickjs: unknown option "${key}"; use "module"`)
  }
  if (options.module !== undefined && !(options.module instanceof WebAssembly.Module)) {
    throw new GloveboxError('invalid-option', 'quickjs: "module" is no WebAssembly.Module; compile glovebox/quickjs.wasm')
  }
  let booted: Promise<Booted> | undefined
  let live = 0
  return {
    name: 'quickjs',
    get live() {
      return live
    },
    async run(program, ports) {
      const { module, image, initialPages, library } = await (booted ??= boot(options.module))
      live++
      try {
        const maxPages = Math.max(Math.floor(ports.limits.memoryBytes / PAGE_BYTES), image.pages)
        const instance = instantiateImage(module, image, { initialPages, maxPages, link: deadLink })
        return await runIn(instance, image, library, program, ports)
      } finally {
        live--
      }
    },
    async [Symbol.asyncDispose]() {
      booted = undefined
    },
  }
}

interface Booted {
  readonly module: WebAssembly.Module
  readonly image: Image
  readonly initialPages: number
  readonly library: (name: string) => Uint8Array | undefined
}

async function boot(given: WebAssembly.Module | undefined): Promise<Booted> {
  const module = given ?? (await platform.compileEngine())
  const initialPages = INITIAL_PAGES
  const image = createImage(module, PRELUDE, initialPages)
  const compile = createCompiler(module, image, initialPages)
  const compiled = new Map<string, Uint8Array>()
  const library = (name: string): Uint8Array | undefined => {
    if (!Object.hasOwn(LIBRARIES, name)) return undefined
    let bytecode = compiled.get(name)
    if (bytecode === undefined) {
      bytecode = compile(LIBRARIES[name]!, `glovebox:${name}`, STRIP_SOURCE)
      compiled.set(name, bytecode)
    }
    return bytecode
  }
  return { module, image, initialPages, library }
}

async function runIn(instance: Instance, image: Image, library: Booted['library'], program: Program, ports: Ports): Promise<{ readonly ending: Ending; readonly usage: EngineUsage }> {
  const { halt } = ports
  let isolate: Isolate | undefined
  let ending: Ending
  try {
    isolate = new Isolate({ instance, image, ports, library })
    ending = await drive(isolate, program, ports)
  } catch (error) {
    ending = { outcome: 'stopped' }
    if (error instanceof Stop) halt.set(error.reason, error.message)
    else if (error instanceof WebAssembly.RuntimeError) halt.set('trap', 'The isolate trapped and was dropped')
    else if (error instanceof RangeError) halt.set('stack', 'The guest used up the stack of the host and was dropped; recurse less deeply')
    else halt.set('poisoned', 'The isolate failed in a way no guest should be able to cause and was dropped')
  }
  // A late continuation finds an instance that can neither run nor call.
  instance.link = deadLink
  const usage = { fuel: ports.fuel.used(isolate?.fuelLeft() ?? 0), memoryPeakBytes: instance.memory.buffer.byteLength }
  return { ending: classify(ending, halt), usage }
}

/** An uncaught out-of-memory error is the ceiling's doing, not the program's. */
function classify(ending: Ending, halt: Ports['halt']): Ending {
  if (ending.outcome !== 'threw') return ending
  const { name, message } = ending.error
  if (name === 'InternalError' && message === 'out of memory') {
    halt.set('memory', 'The guest used up its memory; raise limits.memoryBytes')
    return { outcome: 'stopped' }
  }
  return ending
}

function refuse(): never {
  throw new Stop('poisoned', 'An isolate was used after its call')
}
