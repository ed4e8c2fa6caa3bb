import type { Ending, EngineUsage, Ports, Program, ProgramEngine } from '../engine.js'
import { GloveboxError } from '../errors.js'
import { Lazy } from '../lazy.js'
import { Slots } from '../slots.js'
import { Stop } from '../stop.js'
import { type CompareBytes, Shelf } from './aside.js'
import { GuestThrow } from './guest-throw.js'
import { drive } from './drive.js'
import { LIBRARIES, PRELUDE, PRINTS } from './guest/bundle/libraries.js'
import { type Image, bootLink, compileScript, createImage, extendImage, instantiateImage } from './image.js'
import type { Link } from './instance.js'
import { Isolate, RESERVE_BYTES } from './isolate.js'
import { keptImage, keptLibraries } from './kept-image.js'
import { Lodging } from './lodging.js'
import { type PackageSet, createPackageImage, packageNames } from './package-image.js'
import { Pool, type PoolHost, type PoolOptions } from './pool.js'
import { createTurnModules } from './turns.js'
import { StripCache, createTypeStripper } from './typescript.js'
import { Waiting } from './waiting.js'

/** What an engine needs of the platform it runs on. */
export interface EngineHost {
  /** Compiles the metered engine module, or has it. */
  readonly compile: () => Promise<WebAssembly.Module>
  readonly defer: PoolHost['defer']
  readonly startIdleTimer: PoolHost['startIdleTimer']
  /** @default one that is slower */
  readonly compareBytes?: CompareBytes
}

/**
 * Calls in their first turn at once, and in the first after they were brought back. More would only take instances from each other: short programs end in their first
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

/** What an engine may be made with. */
export interface QuickjsParts {
  /** What is kept for calls to come. */
  readonly pool?: PoolOptions | undefined
  /** Kept in the pristine image. */
  readonly packages?: PackageSet | undefined
}

/** The QuickJS engine on whichever platform; `quickjs()` is the one for embedders. */
export function createQuickjs(host: EngineHost, parts: QuickjsParts = {}): ProgramEngine {
  const booted = new Lazy(() => boot(host, parts))
  let begun = 0
  const returning = new Slots(MAX_STARTING)
  const waiting = new Waiting(parts.pool ?? {})
  return {
    name: 'quickjs',
    starting: new Slots(MAX_STARTING),
    get live() {
      return begun - waiting.aside.count
    },
    get idle() {
      return booted.value?.pool.idle ?? 0
    },
    get idleBytes() {
      return booted.value?.pool.idleBytes ?? 0
    },
    get aside() {
      return waiting.aside
    },
    dropIdle: () => booted.value?.pool.dropIdle() ?? false,
    setAsideOldest: () => waiting.setAsideOldest(),
    async run(program, ports) {
      const engine = await booted.get()
      const { fuel, halt } = ports
      let returned = (): void => {}
      const comeBack = async (): Promise<void> => {
        returned = await returning.take(halt, fuel)
        fuel.onPause(returned)
      }
      begun++
      try {
        // Stopped while it waited for the engine: nothing of it has run.
        if (halt.stop !== undefined) return { ending: { outcome: 'stopped' }, usage: { fuel: 0, memoryPeakBytes: 0 } }
        fuel.startTurn()
        return await runIn(engine, program, { ports, waiting, comeBack })
      } finally {
        begun--
        returned()
      }
    },
    async [Symbol.asyncDispose]() {
      ;(await booted.settled())?.pool.clear()
    },
  }
}

/** What isolates are made of. */
interface Base {
  readonly image: Image
  /** Where guests of the image are kept that were set aside; made when first needed. */
  readonly shelf: () => Shelf
}

/** The compiled engine with what is made of it once. */
interface Booted {
  readonly bare: Base
  /** With the packages that the engine was made with. */
  readonly packaged: (Base & { readonly names: ReadonlySet<string> }) | undefined
  readonly library: (name: string) => Uint8Array | undefined
  readonly pool: Pool
  /** The image in which types are stripped; made when first needed. */
  readonly typescriptImage: () => Image
  readonly stripped: StripCache
}

async function boot(host: EngineHost, { pool: options, packages }: QuickjsParts): Promise<Booted> {
  const module = await host.compile()
  const prints: Readonly<Record<string, string>> = PRINTS.libraries
  const image = keptImage(module, PRINTS.prelude) ?? (PRELUDE === '' ? refuseModule() : createImage(module, PRELUDE))
  const kept = keptLibraries(module)
  // In an instance of its own, in which no guest ever runs.
  const compileLibrary = (name: string): Uint8Array =>
    compileScript(instantiateImage(module, image, { maxPages: COMPILER_PAGES, link: bootLink, turnModules: undefined }), LIBRARIES[name] ?? refuseModule(), `glovebox:${name}`)
  const compiled = new Map<string, Uint8Array>()
  const library = (name: string): Uint8Array | undefined => {
    if (!Object.hasOwn(prints, name)) return undefined
    let bytecode = compiled.get(name)
    if (bytecode === undefined) {
      bytecode = kept(prints[name]!) ?? compileLibrary(name)
      compiled.set(name, bytecode)
    }
    return bytecode
  }
  let typescriptImage: Image | undefined
  const toBase = (of: Image): Base => {
    let shelf: Shelf | undefined
    return {
      image: of,
      shelf: () => (shelf ??= new Shelf(of, instantiateImage(module, of, { maxPages: of.pages, link: deadLink, turnModules: undefined }).memory, compareBytes)),
    }
  }
  const { defer, startIdleTimer, compareBytes } = host
  return {
    bare: toBase(image),
    packaged: packages && { ...toBase(await createPackageImage(module, image, { packages, library })), names: new Set(packageNames(packages)) },
    library,
    pool: new Pool({ module, turnModules: createTurnModules(), deadLink, defer, startIdleTimer }, options),
    typescriptImage: () => (typescriptImage ??= extendImage(module, image, { library: 'typescript', bytecode: library })),
    stripped: new StripCache(MAX_STRIPPED_CHARACTERS),
  }
}

interface Guest {
  readonly ports: Ports
  readonly waiting: Waiting
  /** Waits until few others are on their way back. */
  readonly comeBack: () => Promise<void>
}

async function runIn(booted: Booted, program: Program, guest: Guest): Promise<{ readonly ending: Ending; readonly usage: EngineUsage }> {
  const { library, pool, stripped: cache, typescriptImage, packaged } = booted
  const base = packaged !== undefined && mayImport(program, packaged.names) ? packaged : booted.bare
  const { image, shelf } = base
  const { ports } = guest
  const { halt, limits } = ports
  const lodging = new Lodging({ ...guest, pool, image, shelf, deadLink })
  try {
    const typescript = createTypeStripper({ ports, cache, image: typescriptImage, pool, library })
    let isolate: Isolate | undefined
    let ending: Ending
    try {
      isolate = lodging.open((instance) => new Isolate({ instance, image, ports, library, typescript, settings: () => settingsOf(program, ports), program, packages: base === packaged ? packaged.names : undefined }))
      ending = await drive(isolate, program, { ports, typescript, lodging })
    } catch (error) {
      // Our own defect, not the guest's doing: it must be seen.
      if (error instanceof GloveboxError) throw error
      ending = { outcome: 'stopped' }
      if (error instanceof Stop) halt.set(error.reason, error.message)
      else if (error instanceof WebAssembly.RuntimeError) halt.set('trap', 'The isolate trapped and was dropped')
      // An error that not even a description could be made of, for want of memory.
      else if (error instanceof GuestThrow && isAtCeiling(lodging.memoryBytes, ports)) haltForMemory(ports)
      else if (error instanceof RangeError) halt.set('stack', 'The guest used up the stack of the host and was dropped; recurse less deeply')
      else halt.set('poisoned', 'The isolate failed in a way no guest should be able to cause and was dropped')
    }
    const usage = { fuel: ports.fuel.used(isolate?.fuelLeft() ?? 0), memoryPeakBytes: lodging.memoryBytes }
    const instance = lodging.leave()
    if (instance !== undefined && halt.stop === undefined && ending.outcome !== 'stopped') pool.giveBack(instance, image, limits.memoryBytes)
    return { ending: classify(ending, ports, usage.memoryPeakBytes), usage }
  } finally {
    lodging.leave()
  }
}

/**
 * An uncaught out-of-memory error is the ceiling's doing, not the program's. When not even the error or its message
 * could be made, the engine throws `null` or nothing at all, or says so.
 */
function classify(ending: Ending, ports: Ports, memoryBytes: number): Ending {
  if (ending.outcome !== 'threw') return ending
  const { name, message } = ending.error
  const atCeiling = isAtCeiling(memoryBytes, ports)
  const isOutOfMemory =
    (name === 'InternalError' && (message === 'out of memory' || (atCeiling && message === 'Invalid error message'))) ||
    (atCeiling && name === 'Thrown' && (message === 'null' || message === '[uninitialized]'))
  if (!isOutOfMemory) return ending
  haltForMemory(ports)
  return { outcome: 'stopped' }
}

function isAtCeiling(memoryBytes: number, { limits }: Ports): boolean {
  return memoryBytes > limits.memoryBytes - 2 * RESERVE_BYTES
}

function haltForMemory({ halt, limits }: Ports): void {
  halt.set('memory', `The guest used up its ${limits.memoryBytes} bytes of memory; raise limits.memoryBytes`)
}

/** Whether a program can come to import a package: it names it, or imports what may. */
function mayImport({ source, mounts, given }: Program, names: ReadonlySet<string>): boolean {
  if (mounts.length + given.length > 0 && /\b(?:import|require)\b/.test(source)) return true
  for (const name of names) if (source.includes(name)) return true
  return false
}

/** What is particular to a call, as the prelude reads it. */
function settingsOf({ args, env, stdin, tools, mounts, given, filename }: Program, { limits, clock }: Ports): string {
  return JSON.stringify({ args, env, stdin, tools, mounts, given, filename: filename.startsWith('/') ? filename : `/${filename}`, timers: limits.timers, startMs: clock.startMs, timeZone: clock.timeZone })
}

function refuseModule(): never {
  throw new GloveboxError('invalid-option', 'quickjs: "module" is of another build; compile the glovebox/quickjs.wasm of this version')
}

function refuse(): never {
  throw new Stop('poisoned', 'An isolate was used after its call')
}
