import type { Ending, Engine, EngineUsage, Ports, Program } from '../engine.js'
import { GloveboxError } from '../errors.js'
import { Lazy } from '../lazy.js'
import { Slots } from '../slots.js'
import { Stop } from '../stop.js'
import { drive } from './drive.js'
import { LIBRARIES, PRELUDE } from './guest/bundle/libraries.js'
import { type Image, bootLink, compileScript, createImage, extendImage, instantiateImage } from './image.js'
import type { Link } from './instance.js'
import { Isolate, RESERVE_BYTES } from './isolate.js'
import { Pool, type PoolHost, type PoolOptions } from './pool.js'
import { createTurnModules } from './turns.js'
import { StripCache, createTypeStripper } from './typescript.js'

/** What an engine needs of the platform it runs on. */
export interface EngineHost {
  /** Compiles the metered engine module, or has it. */
  readonly compile: () => Promise<WebAssembly.Module>
  readonly defer: PoolHost['defer']
  readonly startIdleTimer: PoolHost['startIdleTimer']
}

/**
 * Calls in their first turn at once. More would only take instances from each other: short programs end in their first
 * turn and leave theirs to the next, long ones and those that wait make room after it.
 */
const MAX_STARTING = 8
const MAX_STRIPPED_CHARACTERS = 16 << 20
/** The most memory compiling one of our libraries takes, in pages of 64 KiB. */
const COMPILER_PAGES = 1024

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
  turn: () => -1,
})

/** The QuickJS engine on whichever platform; `quickjs()` is the one for embedders. */
export function createQuickjs(host: EngineHost, options: PoolOptions = {}): Engine {
  const booted = new Lazy(() => boot(host, options))
  let live = 0
  const starting = new Slots(MAX_STARTING)
  return {
    name: 'quickjs',
    get live() {
      return live
    },
    get idle() {
      return booted.value?.pool.idle ?? 0
    },
    async run(program, ports) {
      const engine = await booted.get()
      const { fuel, halt } = ports
      const started = await starting.take(halt, fuel)
      live++
      try {
        // Stopped while it waited for its start: nothing of it has run.
        if (halt.stop !== undefined) return { ending: { outcome: 'stopped' }, usage: { fuel: 0, memoryPeakBytes: 0 } }
        fuel.onPause(started)
        return await runIn(engine, program, ports)
      } finally {
        live--
        started()
      }
    },
    async [Symbol.asyncDispose]() {
      ;(await booted.settled())?.pool.clear()
    },
  }
}

/** The compiled engine with what is made of it once. */
interface Booted {
  readonly image: Image
  readonly library: (name: string) => Uint8Array | undefined
  readonly pool: Pool
  /** The image in which types are stripped; made when first needed. */
  readonly typescriptImage: () => Image
  readonly stripped: StripCache
}

async function boot(host: EngineHost, options: PoolOptions): Promise<Booted> {
  const module = await host.compile()
  const image = createImage(module, PRELUDE)
  const compiled = new Map<string, Uint8Array>()
  const library = (name: string): Uint8Array | undefined => {
    if (!Object.hasOwn(LIBRARIES, name)) return undefined
    let bytecode = compiled.get(name)
    if (bytecode === undefined) {
      // In an instance of its own, in which no guest ever runs.
      const compiler = instantiateImage(module, image, { maxPages: COMPILER_PAGES, link: bootLink, turnModules: undefined })
      bytecode = compileScript(compiler, LIBRARIES[name]!, `glovebox:${name}`)
      compiled.set(name, bytecode)
    }
    return bytecode
  }
  let typescriptImage: Image | undefined
  const { defer, startIdleTimer } = host
  return {
    image,
    library,
    pool: new Pool({ module, turnModules: createTurnModules(), deadLink, defer, startIdleTimer }, options),
    typescriptImage: () => (typescriptImage ??= extendImage(module, image, { library: 'typescript', bytecode: library })),
    stripped: new StripCache(MAX_STRIPPED_CHARACTERS),
  }
}

async function runIn(booted: Booted, program: Program, ports: Ports): Promise<{ readonly ending: Ending; readonly usage: EngineUsage }> {
  const { image, library, pool } = booted
  const { halt, limits } = ports
  const instance = pool.lease(image, limits.memoryBytes)
  const typescript = createTypeStripper({
    ports,
    cache: booted.stripped,
    image: () => booted.typescriptImage(),
    pool,
    library,
  })
  let isolate: Isolate | undefined
  let ending: Ending
  try {
    isolate = new Isolate({ instance, image, ports, library, typescript })
    ending = await drive(isolate, program, ports, typescript)
  } catch (error) {
    // Our own defect, not the guest's doing: it must be seen.
    if (error instanceof GloveboxError) throw error
    ending = { outcome: 'stopped' }
    if (error instanceof Stop) halt.set(error.reason, error.message)
    else if (error instanceof WebAssembly.RuntimeError) halt.set('trap', 'The isolate trapped and was dropped')
    else if (error instanceof RangeError) halt.set('stack', 'The guest used up the stack of the host and was dropped; recurse less deeply')
    else halt.set('poisoned', 'The isolate failed in a way no guest should be able to cause and was dropped')
  }
  const usage = { fuel: ports.fuel.used(isolate?.fuelLeft() ?? 0), memoryPeakBytes: instance.memory.buffer.byteLength }
  // A late continuation finds an instance that can neither run nor call.
  instance.link = deadLink
  if (halt.stop === undefined && ending.outcome !== 'stopped') pool.giveBack(instance, image, limits.memoryBytes)
  return { ending: classify(ending, ports, usage.memoryPeakBytes), usage }
}

/**
 * An uncaught out-of-memory error is the ceiling's doing, not the program's. When not even the error or its message
 * could be made, the engine throws `null` or says so.
 */
function classify(ending: Ending, { halt, limits }: Ports, memoryBytes: number): Ending {
  if (ending.outcome !== 'threw') return ending
  const { name, message } = ending.error
  const atCeiling = memoryBytes > limits.memoryBytes - 2 * RESERVE_BYTES
  const isOutOfMemory =
    (name === 'InternalError' && (message === 'out of memory' || (atCeiling && message === 'Invalid error message'))) ||
    (atCeiling && name === 'Thrown' && message === 'null')
  if (!isOutOfMemory) return ending
  halt.set('memory', `The guest used up its ${limits.memoryBytes} bytes of memory; raise limits.memoryBytes`)
  return { outcome: 'stopped' }
}

function refuse(): never {
  throw new Stop('poisoned', 'An isolate was used after its call')
}
