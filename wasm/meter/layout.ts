import type { Fuel } from './charge.js'
import type { Limits } from './declarations.js'
import { Edit } from './edits.js'
import { MeterError } from './error.js'
import type { Module } from './module.js'
import type { ResolvedOptions } from './options.js'
import { SECTION } from './sections.js'
import type { Writer } from './writer.js'

/** Prefix of the names that belong to the host. */
const RESERVED = 'glovebox:'
const V128 = 0x7b

export interface StateExport {
  readonly name: string
  readonly index: number
}

/** Where everything ends up in the metered module. */
export interface Layout {
  readonly fuel: Fuel & { readonly firstBody: number }
  /** Index of the imported `refill`. */
  readonly refill: number
  /** Type indices of `() => ()`, `() => i32`, `i32 => ()`. */
  readonly types: { readonly slow: number; readonly refill: number; readonly retry: number }
  /** Types that the module lacks, as keys of function types. */
  readonly addedTypes: readonly string[]
  readonly memory: Limits | undefined
  /** Whether the module's own memory becomes an import. */
  readonly importsMemory: boolean
  readonly importsFuel: boolean
  /** The module's own tables' maxima. */
  readonly tableMaxima: readonly number[]
  readonly globals: readonly StateExport[]
  readonly tables: readonly StateExport[]
  /** Writes an index of the input as it is in the output. */
  writeIndex(out: Writer, kind: Edit, value: number): void
}

/**
 * Lays the metered module out: our imports come last of their kind, our functions and globals last of all.
 * @throws MeterError when names clash, or what is declared exceeds the limits
 */
export function toLayout(module: Module, options: ResolvedOptions): Layout {
  refuseReservedNames(module, options)
  const addedTypes: string[] = []
  const typeOf = (key: string): number => {
    const known = module.types.findIndex((type) => type.key === key)
    if (known !== -1) return known
    return module.types.length + addedTypes.push(key) - 1
  }
  const importsFuel = options.fuel === 'host'
  const functionShift = 1
  const globalShift = importsFuel ? 1 : 0
  const { importedFunctions, importedGlobals } = module
  const slow = module.functions.length + functionShift
  const exported = options.state === 'exported'
  const named = (kind: string, from: number, count: number): StateExport[] =>
    Array.from({ length: exported ? count - from : 0 }, (_, at) => ({ name: `${RESERVED}${kind}:${from + at}`, index: from + at }))
  return {
    fuel: {
      global: importsFuel ? importedGlobals : module.globals.length,
      slow,
      retry: slow + 1,
      firstBody: importedFunctions + functionShift,
    },
    refill: importedFunctions,
    types: { slow: typeOf('>'), refill: typeOf('>\x7f'), retry: typeOf('\x7f>') },
    addedTypes,
    memory: toMemory(module, options),
    importsMemory: options.memory === 'host' && module.importedMemories === 0 && module.memories.length > 0,
    importsFuel,
    tableMaxima: toTableMaxima(module, options),
    globals: named('global', importedGlobals, module.globals.length)
      .filter(({ index }) => module.globals[index]?.mutable === true && module.globals[index].type !== V128)
      .map(({ name, index }) => ({ name, index: index + globalShift })),
    tables: named('table', module.importedTables, module.tables.length),
    writeIndex(out, kind, value) {
      if (kind === Edit.Function) out.u32(value < importedFunctions ? value : value + functionShift)
      else out.u32(value < importedGlobals ? value : value + globalShift)
    },
  }
}

function refuseReservedNames(module: Module, { refill }: ResolvedOptions): void {
  for (const { module: from, name, offset } of module.imports) {
    const ours = from === 'glovebox' && (name === 'memory' || name === 'fuel')
    if (ours || (from === refill.module && name === refill.name)) {
      throw new MeterError('reserved-name', offset, `an import of "${from}.${name}"`)
    }
  }
  for (const { name, offset } of module.exports) {
    if (name.startsWith(RESERVED)) throw new MeterError('reserved-name', offset, `an export called "${name}"`)
  }
}

function toMemory(module: Module, { maxMemoryPages: most }: ResolvedOptions): Limits | undefined {
  const [memory] = module.memories
  if (memory === undefined || module.importedMemories > 0) return memory
  if (memory.min > most) {
    throw new MeterError('memory-limit', startOf(module, SECTION.memory), `a memory of ${memory.min} pages where ${most} are the most`)
  }
  // Without a limit of ours a module that declares none stays so: its memory may then be the host's with any maximum.
  if (most === 65_536) return memory
  return { min: memory.min, max: Math.min(memory.max ?? most, most) }
}

/** Divides the room for growth evenly between the module's own tables: together they stay below the limit. */
function toTableMaxima(module: Module, { maxTableElements: most }: ResolvedOptions): number[] {
  const own = module.tables.slice(module.importedTables)
  const initial = own.reduce((sum, table) => sum + table.min, 0)
  if (initial > most) {
    throw new MeterError('table-limit', startOf(module, SECTION.table), `tables of ${initial} elements where ${most} are the most`)
  }
  const share = Math.floor((most - initial) / Math.max(1, own.length))
  return own.map((table) => Math.min(table.max ?? Infinity, table.min + share))
}

const startOf = (module: Module, id: number): number => module.sections.find((section) => section.id === id)?.start ?? 0
