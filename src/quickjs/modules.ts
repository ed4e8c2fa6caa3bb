import type { GuestFault, Ports, Program } from '../engine.js'
import { type EngineExports, type Ptr } from './abi.js'
import { builtinSource, commonjsSource, jsonSource } from './builtins.js'
import { builtinOf, toBuiltin } from './guest/builtin-modules.js'
import { GuestThrow } from './guest-throw.js'
import type { Link } from './instance.js'
import type { IsolateMemory } from './memory.js'
import type { TypeStripper } from './typescript.js'

export interface ModuleLinkOptions {
  readonly exports: EngineExports
  readonly memory: IsolateMemory
  readonly ports: Ports
  /** What may be searched for a module that is not named in full. @default nothing */
  readonly program: Pick<Program, 'mounts' | 'given'> | undefined
  /** Names of the packages that the engine has loaded already. @default none */
  readonly packages: ReadonlySet<string> | undefined
  /** The guest error of a fault's JSON text. */
  readonly toError: (text: string) => Ptr
  /** Calls a function of a guest library; its text, which is empty when it gave none. Throws `GuestThrow`. */
  readonly library: (name: string, fn: string, args: readonly string[]) => string
  /** Names that the module of a guest library exports. */
  readonly exportNames: (library: string, member: string) => string
  /** A function compiled from the text of a CommonJS module. Throws `GuestThrow`. */
  readonly compile: (source: string, filename: string) => Ptr
  readonly typescript: TypeStripper | undefined
  /** Learns the text behind a module's name, for code frames. */
  readonly onLoad: (name: string, source: string) => void
}

export interface ModuleLink extends Pick<Link, 'resolveModule' | 'loadModule'> {
  /** The text of a module by its resolved name, behind `=`, or `!` and a fault. */
  source(name: string): string
  /** The function of a CommonJS module's text, or 0 where the guest has the error that it does not compile. */
  script(name: string, source: string): Ptr
}

const MAX_NAME_BYTES = 4096
const PATH = /^\.{0,2}\//
const EXTENSION = /\.(?:[cm]?[jt]s|json)$/
/** Before the name of a passed module that the engine has as a package: the call's own counts. */
const GIVEN = 'given:'
const MAYBE_COMMONJS = /\bmodule\.exports\b|\bexports\b|\brequire\s*\(/

/**
 * The imports by which the engine resolves and loads modules: built-ins first, then the call's own. What is not named in
 * full is looked for by a guest library, under the guest's fuel and through the guest's door: packages in mounts,
 * CommonJS, extensions.
 */
export function createModuleLink({ exports, memory, ports, program, packages, toError, library, exportNames, compile, typescript, onLoad }: ModuleLinkOptions): ModuleLink {
  const refuse = (fault: GuestFault): number => raise(toError(JSON.stringify(fault)))
  const raise = (error: Ptr): number => {
    exports.qjs_throw(error)
    exports.qjs_free_value(error)
    return 0
  }
  /** Hands what guest code threw meanwhile to the guest. */
  const guarded = (work: () => number): number => {
    try {
      return work()
    } catch (error) {
      if (error instanceof GuestThrow) return raise(error.value)
      throw error
    }
  }
  const search = (importer: string, specifier: string): string => {
    if (program === undefined || program.given.includes(specifier)) return ''
    const some = program.mounts.length > 0 || (PATH.test(specifier) && program.given.length > 0)
    if (!some || (PATH.test(specifier) && EXTENSION.test(specifier) && !importer.includes('/node_modules/'))) return ''
    return library('packages', 'resolve', [importer, specifier])
  }
  const read = (name: string): { readonly ok: true; readonly source: string } | { readonly ok: false; readonly error: GuestFault } => {
    const loaded = ports.loadModule(name)
    if (!loaded.ok) return loaded
    onLoad(name, loaded.source)
    if (loaded.language === 'js') return loaded
    const stripped = typescript?.strip(loaded.source, name)
    if (stripped?.ok === true) return { ok: true, source: stripped.code }
    return { ok: false, error: { name: 'SyntaxError', code: 'syntax', message: stripped?.message ?? `${name} is TypeScript` } }
  }
  const toModule = (name: string, source: string): string => {
    if (name.endsWith('.json')) return jsonSource(source)
    const mayBe = name.endsWith('.cjs') || name.endsWith('.cts') || (MAYBE_COMMONJS.test(source) && !/\.m[jt]s$/.test(name))
    if (!mayBe || library('packages', 'format', [name, source]) !== 'commonjs') return source
    return commonjsSource(name, library('packages', 'names', [name]))
  }
  return {
    resolveModule: (importer, specifier) =>
      guarded(() => {
        const wanted = memory.readCString(specifier, MAX_NAME_BYTES)
        const from = memory.readCString(importer, MAX_NAME_BYTES)
        if (packages?.has(wanted) === true) return memory.writeText(program?.given.includes(wanted) === true ? GIVEN + wanted : wanted).pointer
        const found = toBuiltin(wanted) ?? search(from, wanted)
        if (found !== '') return memory.writeText(toBuiltin(found) ?? found).pointer
        const resolved = ports.resolveModule(from, wanted)
        return resolved.ok ? memory.writeText(resolved.name).pointer : refuse(resolved.error)
      }),
    loadModule: (name, outLength) =>
      guarded(() => {
        const named = memory.readCString(name, MAX_NAME_BYTES)
        const wanted = named.startsWith(GIVEN) ? named.slice(GIVEN.length) : named
        const builtin = builtinOf(wanted)
        let code: string
        if (builtin !== undefined) {
          code = builtinSource(wanted, exportNames(builtin.library, builtin.member ?? ''))
        } else {
          const loaded = read(wanted)
          if (!loaded.ok) return refuse(loaded.error)
          code = toModule(wanted, loaded.source)
        }
        const text = memory.writeText(code)
        memory.view().setUint32(outLength, text.length, true)
        return text.pointer
      }),
    source(name) {
      const loaded = read(name)
      return loaded.ok ? `=${loaded.source}` : `!${JSON.stringify(loaded.error)}`
    },
    script: (name, source) => guarded(() => compile(`(function (exports, require, module, __filename, __dirname) {\n\n${source.replace(/^#!.*/, '')}\n})`, name)),
  }
}
