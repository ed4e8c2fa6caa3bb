import { GloveboxError } from '../../errors.js'
import { capMemory } from './cap-memory.js'

/** What is asked of the transpiler's packages. Whatever it throws but `GloveboxError` says that it broke. */
export interface Transpiler {
  generate(component: Uint8Array, suspending: { readonly imports: readonly string[]; readonly exports: readonly string[] } | undefined): Promise<readonly GeneratedFile[]>
  /** Makes a component of a core module that carries its world, or that one of the adapters speaks for. */
  componentNew(module: Uint8Array, adapters: readonly (readonly [name: string, bytes: Uint8Array])[]): Promise<Uint8Array>
  /** Gives a core module a world, in text. */
  componentEmbed(module: Uint8Array, wit: string): Promise<Uint8Array>
}

export interface GeneratedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** The most memory of the transpiler: about twice what a component of 12 MB takes. */
const MOST_PAGES = 16_384

/** Loads the transpiler's packages when they are first asked for. */
export function createTranspiler(): Transpiler {
  boundEngine()
  return {
    async generate(component, suspending) {
      const { generate, $init } = await load('the transpiler', () => import('@bytecodealliance/jco-transpile/component'))
      await $init
      const { files } = attempt(() =>
        generate(component, {
          name: 'component',
          noTypescript: true,
          instantiation: { tag: 'async' },
          importBindings: { tag: 'js' },
          noNodejsCompat: true,
          noComponentErrorWrapping: false,
          base64Cutoff: 0,
          map: [],
          asyncMode: suspending === undefined ? { tag: 'sync' } : { tag: 'jspi', val: { imports: [...suspending.imports], exports: [...suspending.exports] } },
        }),
      )
      return files.map(([name, bytes]) => ({ name, bytes }))
    },
    async componentNew(module, adapters) {
      const tools = await loadTools()
      return attempt(() => tools.componentNew(module, adapters.map(([name, bytes]) => [name, bytes])))
    },
    async componentEmbed(module, witSource) {
      const tools = await loadTools()
      return attempt(() => tools.componentEmbed({ binary: module, witSource }))
    },
  }
}

const loadTools = () => load('the maker of components', () => import('@bytecodealliance/jco-transpile/wasm-tools'))

async function load<T>(what: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (cause) {
    const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown }
    const isMissing = code === 'ERR_MODULE_NOT_FOUND' || /Failed to resolve module specifier|Cannot find (?:package|module)/.test(String(message))
    if (!isMissing) throw cause
    throw new GloveboxError('missing-dependency', `Cannot load components: ${what} is missing; run: npm install @bytecodealliance/jco-transpile@0.15`)
  }
}

type Awaited1<T> = T | Promise<T>

/** The packages throw errors of their own for what they refuse; everything else is a panic. */
function attempt<T extends Awaited1<unknown>>(act: () => T): T {
  const refuse = (error: unknown): never => {
    if ((error as Error | null)?.constructor?.name !== 'ComponentError') throw error
    throw new GloveboxError('invalid-component', `Cannot load the component: ${toMessage(error as Error)}`)
  }
  try {
    const result = act()
    return result instanceof Promise ? (result.catch(refuse) as T) : result
  } catch (error) {
    return refuse(error)
  }
}

const toMessage = ({ message }: Error): string => message.replace(/\s+/g, ' ').replace(/[^\x20-\x7e]/g, '?').trim().slice(0, 500)

/** Everything that this thread compiles from now on is bounded in memory: it is the transpiler's own. */
function boundEngine(): void {
  const compile = WebAssembly.compile.bind(WebAssembly)
  WebAssembly.compile = (bytes) => compile(capMemory(toBytes(bytes), MOST_PAGES))
}

function toBytes(source: BufferSource): Uint8Array {
  return source instanceof ArrayBuffer ? new Uint8Array(source) : new Uint8Array(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength)
}
