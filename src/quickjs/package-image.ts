import type { Ports } from '../engine.js'
import { GloveboxError } from '../errors.js'
import { Fuel } from '../fuel.js'
import { DEFAULT_LIMITS } from '../limits.js'
import { Halt } from '../stop.js'
import { EVAL_MODULE, type Ptr } from './abi.js'
import { toBuiltin } from './guest/builtin-modules.js'
import { GuestThrow } from './guest-throw.js'
import { type Image, bootLink, captureFull, instantiateImage } from './image.js'
import { type Instance, PAGE_BYTES } from './instance.js'
import { Isolate, type IsolateOptions } from './isolate.js'

/**
 * Sources of packages by the name programs import them by, each an ES module; what they share is named by paths.
 * `bundle()` of `glovebox/node` makes one.
 */
export interface PackageSet {
  readonly [name: string]: string
}

export interface PackageImageOptions {
  readonly packages: PackageSet
  readonly library: IsolateOptions['library']
}

/** The most pages that loading packages may take: 256 MiB. */
const MOST_PAGES = 4096
/** Free pages an image has beyond what its packages took, so that most programs never grow theirs. */
const HEADROOM_PAGES = 8
const FUEL = 100_000_000_000
/** Name of the module behind one that gives a CommonJS package's parts by name. */
const BEHIND = ' whole'

/** The names by which programs import packages of a set. */
export function packageNames(packages: PackageSet): string[] {
  return Object.keys(packages).filter((name) => !name.startsWith('/') && !name.startsWith('.'))
}

/**
 * The image after packages were evaluated in it, so that isolates made of it have them at no cost. They are evaluated
 * with no grants: time stands still, the environment is empty, and nothing can be called.
 * @throws GloveboxError `invalid-module`
 */
export async function createPackageImage(module: WebAssembly.Module, image: Image, { packages, library }: PackageImageOptions): Promise<Image> {
  const load = async (maxPages: number, parts: ReadonlyMap<string, string>): Promise<{ readonly instance: Instance; readonly parts: ReadonlyMap<string, string> }> => {
    const instance = instantiateImage(module, image, { maxPages, link: bootLink, turnModules: undefined })
    const isolate = new Isolate({ instance, image, ports: loadingPorts(packages, parts, maxPages), library, typescript: undefined })
    try {
      return { instance, parts: await evaluate(isolate, packageNames(packages)) }
    } catch (error) {
      if (!(error instanceof GuestThrow)) throw new GloveboxError('invalid-module', `Cannot load the packages: ${String((error as Error).message)}`, { cause: error })
      const { name, message, stack } = JSON.parse(isolate.describeNow(error.value)) as Record<string, string>
      throw new GloveboxError('invalid-module', `Cannot load the packages: ${name}: ${message}${stack === undefined ? '' : `\n${stack}`}`)
    }
  }
  // The first time tells how much memory they take, and what CommonJS packages have.
  const first = await load(MOST_PAGES, new Map())
  const pages = first.instance.memory.buffer.byteLength / PAGE_BYTES + HEADROOM_PAGES
  const { instance } = await load(pages, first.parts)
  return captureFull(instance, image)
}

/** Evaluates every package and returns, of those that are CommonJS, the names of their parts. */
async function evaluate(isolate: Isolate, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const quoted = names.map((name) => JSON.stringify(name))
  const entry = `${quoted.map((name, index) => `import * as p${index} from ${name}`).join('\n')}
globalThis[Symbol.for('glovebox.library')].addPackages(${JSON.stringify(names)}, [${names.map((_, index) => `p${index}`).join(', ')}])`
  const evaluated: Ptr = await isolate.eval(entry, '/packages.js', EVAL_MODULE)
  await isolate.drainJobs()
  const rejection = isolate.unhandledRejection()
  if (rejection !== undefined) throw new GuestThrow(rejection)
  isolate.release(evaluated)
  const parts = new Map<string, string>()
  for (const name of names) {
    const found = isolate.packageParts(name)
    if (found !== '') parts.set(name, found)
  }
  isolate.release(isolate.prelude('forget'))
  return parts
}

function loadingPorts(packages: PackageSet, parts: ReadonlyMap<string, string>, maxPages: number): Ports {
  const halt = new Halt()
  const never = { ok: false as const, error: { name: 'Error', code: 'denied', message: 'nothing is granted while packages load' } }
  const has = (name: string): boolean => Object.hasOwn(packages, name)
  return {
    limits: { ...DEFAULT_LIMITS, memoryBytes: maxPages * PAGE_BYTES },
    halt,
    fuel: new Fuel(halt, { limit: FUEL, now: () => 0, deadline: Infinity, deadlineMs: Infinity, signal: undefined, defer: () => {}, startTimer: () => () => {} }),
    clock: { startMs: 0, now: () => 0, utcOffsetSeconds: () => 0 },
    get signal() {
      return new AbortController().signal
    },
    call: () => never,
    callAsync: () => Promise.resolve(never),
    resolveModule(importer, specifier) {
      if (has(specifier) || toBuiltin(specifier) !== undefined) return { ok: true, name: specifier }
      if (specifier.endsWith(BEHIND) && has(specifier.slice(0, -BEHIND.length))) return { ok: true, name: specifier }
      const name = `/${specifier.split('/').filter((part) => part !== '.' && part !== '..' && part !== '').join('/')}`
      if (has(name)) return { ok: true, name }
      return missing(`${importer} imports "${specifier}", which the packages do not hold`)
    },
    loadModule(name) {
      const names = parts.get(name)
      if (names !== undefined) return { ok: true, source: partsSource(name, names), language: 'js' }
      const whole = name.endsWith(BEHIND) ? name.slice(0, -BEHIND.length) : name
      return has(whole) ? { ok: true, source: packages[whole]!, language: 'js' } : missing(`there is no "${name}"`)
    },
    write: () => {},
    exit: () => {},
    seed: () => [1, 2, 3, 4],
    watchFuel: () => {},
  }
}

/** A module that gives the parts of a CommonJS package by name, as programs ask for them. */
function partsSource(name: string, names: string): string {
  const list = names.split(',')
  return `import whole from ${JSON.stringify(name + BEHIND)}
export default whole
const { ${list.map((part) => `${part}: $${part}`).join(', ')} } = whole
export { ${list.map((part) => `$${part} as ${part}`).join(', ')}, whole as "module.exports" }`
}

function missing(message: string): { readonly ok: false; readonly error: { readonly name: string; readonly code: string; readonly message: string } } {
  return { ok: false, error: { name: 'Error', code: 'ERR_MODULE_NOT_FOUND', message } }
}
