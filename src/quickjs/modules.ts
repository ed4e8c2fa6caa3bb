import type { GuestFault, Ports } from '../engine.js'
import type { EngineExports, Ptr } from './abi.js'
import type { Link } from './instance.js'
import type { IsolateMemory } from './memory.js'
import { builtinSource, toBuiltin } from './builtins.js'
import type { TypeStripper } from './typescript.js'

export interface ModuleLinkOptions {
  readonly exports: EngineExports
  readonly memory: IsolateMemory
  readonly ports: Ports
  /** The guest error of a fault's JSON text. */
  readonly toError: (text: string) => Ptr
  readonly typescript: TypeStripper | undefined
  /** Learns the text behind a module's name, for code frames. */
  readonly onLoad: (name: string, source: string) => void
}

const MAX_NAME_BYTES = 4096

/** The two imports by which the engine resolves and loads modules: built-ins first, then the call's own. */
export function createModuleLink({ exports, memory, ports, toError, typescript, onLoad }: ModuleLinkOptions): Pick<Link, 'resolveModule' | 'loadModule'> {
  const refuse = (fault: GuestFault): number => {
    const error = toError(JSON.stringify(fault))
    exports.qjs_throw(error)
    exports.qjs_free_value(error)
    return 0
  }
  return {
    resolveModule(importer, specifier) {
      const wanted = memory.readCString(specifier, MAX_NAME_BYTES)
      const builtin = toBuiltin(wanted)
      if (builtin !== undefined) return memory.writeText(builtin).pointer
      const resolved = ports.resolveModule(memory.readCString(importer, MAX_NAME_BYTES), wanted)
      return resolved.ok ? memory.writeText(resolved.name).pointer : refuse(resolved.error)
    },
    loadModule(name, outLength) {
      const wanted = memory.readCString(name, MAX_NAME_BYTES)
      const builtin = builtinSource(wanted)
      const loaded = builtin === undefined ? ports.loadModule(wanted) : { ok: true as const, source: builtin, language: 'js' as const }
      if (!loaded.ok) return refuse(loaded.error)
      if (builtin === undefined) onLoad(wanted, loaded.source)
      let code = loaded.source
      if (loaded.language === 'ts') {
        const stripped = typescript?.strip(loaded.source, wanted)
        if (stripped === undefined || !stripped.ok) return refuse({ name: 'SyntaxError', code: 'syntax', message: stripped?.message ?? `${wanted} is TypeScript` })
        code = stripped.code
      }
      const text = memory.writeText(code)
      memory.view().setUint32(outLength, text.length, true)
      return text.pointer
    },
  }
}
