import { platform as ownPlatform } from '#compiler'
import { GloveboxError } from '../errors.js'
import { type SwitchModule, compileSwitch } from '../switch.js'
import { ComponentCache } from './cache.js'
import { prepareRun } from './command.js'
import { type CompileOptions, MOST_TABLE_ELEMENTS, canSuspend, compileComponent } from './compile.js'
import type { Compiled } from './compiled.js'
import { prepareFetch } from './fetch.js'
import { prepareCall } from './functions.js'
import { withoutVersion } from './imports.js'
import { toKebab } from './names.js'
import type { CompilerPlatform } from './platform/platform.js'
import { type Prebuilt, loadPrebuilt } from './prebuilt.js'
import type { ComponentEngine, LoadRequest, LoadedComponent, PrebuiltComponent } from './seam.js'
import { ASYNC_IMPORTS } from './wasi/host.js'

export interface ComponentOptions {
  /**
   * A directory where prepared components are kept for other processes. What is in it is run as code of the host:
   * nobody else may write there. @default none
   */
  readonly directory?: string
  /** Components kept ready in memory, the least recently used forgotten first. @default 32 */
  readonly maxKept?: number
  /** Most bytes of a component. @default 64 MiB */
  readonly maxBytes?: number
  /** Time to prepare one, in milliseconds. @default 30_000 */
  readonly deadlineMs?: number
  /**
   * How guests are called: `auto` suspends them where the runtime can, so that others run meanwhile and blocking calls
   * wait; `sync` never does. @default 'auto'
   */
  readonly mode?: 'auto' | 'sync'
  /** @default the one of the package's conditional import */
  readonly platform?: CompilerPlatform
}

const KEYS = ['directory', 'maxKept', 'maxBytes', 'deadlineMs', 'mode', 'platform']

/** Of a component behind a URL. */
const MOST_BYTES = 64 << 20

/**
 * The engine for WebAssembly components and for core modules of WASI preview 1. Loading needs the package
 * `@bytecodealliance/jco-transpile`; components made ready ahead of time need nothing.
 * @throws GloveboxError `invalid-option`
 * @example
 * await using sandbox = await createSandbox({ engines: [component()] })
 * await using tool = await sandbox.load(bytes)
 * const result = await tool.call('acme:text/slugify#slugify', ['Grüße'])
 */
export function component(options: ComponentOptions = {}): ComponentEngine {
  checkOptions(options)
  const { platform = ownPlatform, maxKept, mode = 'auto', ...rest } = options
  const cache = new ComponentCache(maxKept === undefined ? {} : { maxEntries: maxKept })
  const suspends = mode === 'auto' && canSuspend()
  const switchModule = suspends ? compileSwitch() : undefined
  const count = { live: 0 }
  return {
    name: 'component',
    get live() {
      return count.live
    },
    idle: 0,
    async load(source, { sha256, interfaces }) {
      if (isPrebuilt(source)) return toLoaded(loadPrebuilt(source as Prebuilt, { sha256 }), switchModule, count)
      const bytes = source instanceof URL ? await platform.read(source, rest.maxBytes ?? MOST_BYTES) : toBytes(source)
      const given: CompileOptions = {
        ...rest,
        platform,
        cache,
        sha256,
        mode: suspends ? 'jspi' : 'sync',
        interfaces: Object.keys(interfaces),
        asyncImports: [...ASYNC_IMPORTS, ...toAsyncImports(interfaces)],
        maxTableElements: MOST_TABLE_ELEMENTS,
      }
      return toLoaded(await compileComponent(bytes, given), switchModule, count)
    },
    async [Symbol.asyncDispose]() {
      cache.clear()
    },
  }
}

function toLoaded(compiled: Compiled, switchModule: SwitchModule | undefined, count: { live: number }): LoadedComponent {
  const options = { compiled, switchModule }
  const counted = <A, R>(live: (call: A) => Promise<R>) => async (call: A): Promise<R> => {
    count.live++
    try {
      return await live(call)
    } finally {
      count.live--
    }
  }
  const { digest, imports, world, wit } = compiled
  return {
    digest,
    imports,
    world,
    wit,
    prepare: (name, args) => counted(prepareCall(options, name, args)),
    prepareRun: () => counted(prepareRun(options)),
    prepareFetch: (request, respond) => counted(prepareFetch(options, request, respond)),
  }
}

/** Functions of the embedder may take time, whatever they are: with suspension all of them may. */
function toAsyncImports(interfaces: LoadRequest['interfaces']): readonly string[] {
  return Object.entries(interfaces).flatMap(([name, functions]) => functions.map((fn) => (fn === 'default' ? name : `${withoutVersion(name)}#${toKebab(fn)}`)))
}

function isPrebuilt(source: unknown): source is PrebuiltComponent {
  return typeof source === 'object' && source !== null && 'kind' in source && source.kind === 'component'
}

function toBytes(source: unknown): Uint8Array {
  if (source instanceof Uint8Array) return source
  if (source instanceof ArrayBuffer) return new Uint8Array(source)
  throw new GloveboxError('invalid-option', `Cannot load the component: expected its bytes, a URL, or what "glovebox build" made of it, got ${source === null ? 'null' : typeof source}`)
}

function checkOptions(options: ComponentOptions): void {
  for (const key of Object.keys(options)) {
    if (!KEYS.includes(key)) throw new GloveboxError('invalid-option', `component: unknown option "${key}"; use one of ${KEYS.join(', ')}`)
  }
  const { mode } = options
  if (mode !== undefined && mode !== 'auto' && mode !== 'sync') throw new GloveboxError('invalid-option', 'Option "mode": expected "auto" or "sync"')
}
