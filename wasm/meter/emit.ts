import type { Body, Bulk } from './body.js'
import { STOPPED, writeBulkCharge, writeCharge, writeSlowBody, type FuelIndices } from './charge.js'
import { VALUE_TYPES } from './declarations.js'
import { Edit, type Edits } from './edits.js'
import { MeterError } from './error.js'
import type { Module } from './module.js'
import type { ResolvedOptions } from './options.js'
import type { Plan } from './plan.js'
import { SECTION, sectionRank, type Section } from './sections.js'
import { Writer } from './writer.js'

/** What was found in a module and what was made of it. */
export interface MeterReport {
  /** Proposals beyond the first version that the module uses. */
  readonly features: readonly string[]
  /** Functions with a body. */
  readonly functions: number
  /** Those that take fuel on entry. */
  readonly chargedFunctions: number
  readonly loops: number
  readonly sizeBefore: number
  readonly sizeAfter: number
  readonly memory: { readonly initialPages: number; readonly maxPages: number | undefined } | undefined
  /** Names of exported mutable globals, when `state` is `exported`. */
  readonly globals: readonly string[]
  /** Names of exported tables, when `state` is `exported`. */
  readonly tables: readonly string[]
  /** State that no host can put back: why an instance must not be recycled. */
  readonly unrestorable: readonly string[]
}

export interface Metered {
  readonly bytes: Uint8Array
  readonly report: MeterReport
}

const RESERVED = 'glovebox:'
const FUEL_EXPORT = 'glovebox:fuel'

interface Output {
  readonly id: number
  readonly bytes: Uint8Array
}

/** Writes the metered module. */
export function emit(module: Module, planned: Plan, options: ResolvedOptions): Metered {
  refuseReservedNames(module, options)
  const layout = toLayout(module, options)
  const outputs: Output[] = []
  const made = new Set<number>()
  for (const section of module.sections) {
    const bytes = rewriteSection(module, planned, options, layout, section)
    if (section.id !== SECTION.custom) made.add(section.id)
    if (bytes !== undefined) outputs.push({ id: section.id, bytes })
  }
  for (const id of [SECTION.type, SECTION.import, SECTION.function, SECTION.global, SECTION.export, SECTION.code]) {
    if (made.has(id)) continue
    const bytes = rewriteSection(module, planned, options, layout, { id, start: 0, end: 0, name: '', payload: 0 })
    if (bytes === undefined) continue
    const next = outputs.findIndex((output) => output.id !== 0 && sectionRank(output.id) > sectionRank(id))
    outputs.splice(next === -1 ? outputs.length : next, 0, { id, bytes })
  }
  const out = new Writer(module.bytes.length + (module.bytes.length >> 3) + 256)
  out.raw(module.bytes.subarray(0, 8))
  for (const output of outputs) out.u8(output.id).sized(output.bytes)
  const bytes = out.take()
  return { bytes, report: toReport(module, planned, layout, bytes) }
}

interface Layout {
  readonly functionShift: number
  readonly globalShift: number
  readonly fuel: FuelIndices
  readonly refill: number
  readonly emptyType: number
  readonly refillType: number
  readonly addedTypes: readonly string[]
  readonly memory: { readonly min: number; readonly max: number | undefined } | undefined
  readonly tableMaxima: readonly (number | undefined)[]
  readonly stateGlobals: readonly { readonly name: string; readonly index: number }[]
  readonly stateTables: readonly { readonly name: string; readonly index: number }[]
}

function refuseReservedNames(module: Module, options: ResolvedOptions): void {
  for (const found of module.imports) {
    const reserved =
      (found.module === 'glovebox' && (found.name === 'memory' || found.name === 'fuel')) ||
      (found.module === options.refill.module && found.name === options.refill.name)
    if (reserved) throw new MeterError('reserved-name', found.offset, `an import of "${found.module}.${found.name}"`)
  }
  for (const found of module.exports) {
    if (found.name.startsWith(RESERVED)) throw new MeterError('reserved-name', found.offset, `an export called "${found.name}"`)
  }
}

function toLayout(module: Module, options: ResolvedOptions): Layout {
  const addedTypes: string[] = []
  const typeOf = (key: string): number => {
    const known = module.types.findIndex((type) => type.key === key)
    if (known !== -1) return known
    const added = addedTypes.indexOf(key)
    return module.types.length + (added !== -1 ? added : addedTypes.push(key) - 1)
  }
  const hostFuel = options.fuel === 'host'
  const functionShift = 1
  const globalShift = hostFuel ? 1 : 0
  const global = hostFuel ? module.importedGlobals : module.globals.length
  const exported = options.state === 'exported'
  const stateGlobals = module.globals
    .map((type, index) => ({ type, index, name: `${RESERVED}global:${index}` }))
    .filter(({ type, index }) => exported && index >= module.importedGlobals && type.mutable && type.type !== 0x7b)
  const stateTables = module.tables
    .map((_, index) => ({ index, name: `${RESERVED}table:${index}` }))
    .filter(({ index }) => exported && index >= module.importedTables)
  return {
    functionShift,
    globalShift,
    fuel: { global, slow: module.functions.length + functionShift },
    refill: module.importedFunctions,
    emptyType: typeOf('>'),
    refillType: typeOf('>\x7f'),
    addedTypes,
    memory: toMemory(module, options),
    tableMaxima: toTableMaxima(module, options),
    stateGlobals,
    stateTables,
  }
}

function toMemory(module: Module, options: ResolvedOptions): Layout['memory'] {
  const [memory] = module.memories
  if (memory === undefined || module.importedMemories > 0) return memory
  const most = options.maxMemoryPages
  if (memory.min > most) {
    throw new MeterError('memory-limit', sectionStart(module, SECTION.memory), `a memory of ${memory.min} pages, where ${most} are the most`)
  }
  if (options.maxMemoryPages === 65_536) return memory
  return { min: memory.min, max: Math.min(memory.max ?? most, most) }
}

/** Divides the room for growth evenly between the module's tables, so that together they stay below the limit. */
function toTableMaxima(module: Module, options: ResolvedOptions): (number | undefined)[] {
  const own = module.tables.slice(module.importedTables)
  const initial = own.reduce((sum, table) => sum + table.min, 0)
  const room = options.maxTableElements - initial
  if (room < 0) {
    throw new MeterError('table-limit', sectionStart(module, SECTION.table), `tables of ${initial} elements, where ${options.maxTableElements} are the most`)
  }
  const share = Math.floor(room / Math.max(1, own.length))
  return own.map((table) => Math.min(table.max ?? Infinity, table.min + share))
}

const sectionStart = (module: Module, id: number): number => module.sections.find((section) => section.id === id)?.start ?? 0

function rewriteSection(
  module: Module, planned: Plan, options: ResolvedOptions, layout: Layout, section: Section,
): Uint8Array | undefined {
  const { bytes } = module
  const out = new Writer(section.end - section.start + 64)
  const original = bytes.subarray(section.start, section.end)
  const replace = (to: Writer, kind: Edit, value: number): void => {
    if (kind === Edit.Function) to.u32(value < module.importedFunctions ? value : value + layout.functionShift)
    else to.u32(value < module.importedGlobals ? value : value + layout.globalShift)
  }
  /** Copies the items of a vector section with indices shifted and room for `added` more. */
  const extend = (count: number, added: number): Writer => {
    out.u32(count + added)
    if (section.end === 0) return out
    const items = section.start + vectorHeader(bytes, section.start)
    const edits = module.edits.get(section.id) as Edits
    edits.apply(out, bytes, items, section.end, replace)
    return out
  }
  switch (section.id) {
    case SECTION.custom:
      return keepsCustom(section.name) ? original : undefined
    case SECTION.type: {
      extend(module.types.length, layout.addedTypes.length)
      for (const key of layout.addedTypes) {
        const [params = '', results = ''] = key.split('>')
        out.u8(0x60)
        for (const list of [params, results]) {
          out.u32(list.length)
          for (const type of list) out.u8(type.charCodeAt(0))
        }
      }
      return out.take()
    }
    case SECTION.import: {
      const memory = options.memory === 'host' && module.importedMemories === 0 ? layout.memory : undefined
      extend(module.imports.length, 1 + (memory ? 1 : 0) + layout.globalShift)
      out.name(options.refill.module).name(options.refill.name).u8(0).u32(layout.refillType)
      if (memory) writeLimits(out.name('glovebox').name('memory').u8(2), memory)
      if (layout.globalShift) out.name('glovebox').name('fuel').u8(3).u8(0x7f).u8(1)
      return out.take()
    }
    case SECTION.function:
      return extend(module.bodies.length, 1).u32(layout.emptyType).take()
    case SECTION.table:
      out.u32(module.tables.length - module.importedTables)
      module.tables.slice(module.importedTables).forEach((table, index) => {
        writeLimits(out.u8(table.type), { min: table.min, max: layout.tableMaxima[index] })
      })
      return out.take()
    case SECTION.memory:
      if (module.importedMemories > 0 || layout.memory === undefined) return original
      if (options.memory === 'host') return undefined
      return writeLimits(out.u32(1), layout.memory).take()
    case SECTION.global:
      if (layout.globalShift) return section.end === 0 ? undefined : extend(module.globals.length - module.importedGlobals, 0).take()
      extend(module.globals.length - module.importedGlobals, 1)
      return out.u8(0x7f).u8(1).u8(0x41).s32(0).u8(0x0b).take()
    case SECTION.export: {
      const own = layout.globalShift ? 0 : 1
      extend(module.exports.length, own + layout.stateGlobals.length + layout.stateTables.length)
      if (own) out.name(FUEL_EXPORT).u8(3).u32(layout.fuel.global)
      for (const { name, index } of layout.stateGlobals) out.name(name).u8(3).u32(index + layout.globalShift)
      for (const { name, index } of layout.stateTables) out.name(name).u8(1).u32(index)
      return out.take()
    }
    case SECTION.start:
    case SECTION.element:
    case SECTION.data:
      ;(module.edits.get(section.id) as Edits).apply(out, bytes, section.start, section.end, replace)
      return out.take()
    case SECTION.code:
      return rewriteCode(module, planned, layout, replace)
    default:
      return original
  }
}

function rewriteCode(
  module: Module, planned: Plan, layout: Layout, replace: (out: Writer, kind: Edit, value: number) => void,
): Uint8Array {
  const out = new Writer(module.bytes.length + 1024)
  const body = new Writer(4096)
  out.u32(module.bodies.length + 1)
  module.bodies.forEach((found, index) => {
    writeBody(body.reset(), module, found, planned.entries[index] as number, planned.inner[index] as number[], layout, replace)
    out.sized(body.view())
  })
  writeSlowBody(body.reset(), layout.fuel.global, layout.refill)
  return out.sized(body.view()).take()
}

function writeBody(
  out: Writer, module: Module, body: Body, entry: number, inner: readonly number[], layout: Layout,
  replace: (out: Writer, kind: Edit, value: number) => void,
): void {
  const { bytes } = module
  const { fuel } = layout
  const charged = entry > 0 || inner.length > 0 || body.bulks.length > 0
  const added = charged ? 1 : 0
  out.u32(body.groups + added)
  out.slice(bytes, body.start + vectorHeader(bytes, body.start), body.code)
  if (charged) out.u32(1).u8(0x7f)
  if (entry > 0) writeCharge(out, fuel, body.locals, entry)
  // Index edits, charges and bulk instructions are three ascending lists: they are merged by offset.
  const { list } = body.edits
  let from = body.code
  let edit = 0
  let charge = 0
  let bulk = 0
  for (;;) {
    const editAt = list[edit] ?? Infinity
    const chargeAt = inner[charge] ?? Infinity
    const bulkAt = body.bulks[bulk] ?? Infinity
    const at = Math.min(editAt, chargeAt, bulkAt)
    if (at === Infinity) break
    out.slice(bytes, from, at)
    from = at
    if (at === chargeAt) {
      writeCharge(out, fuel, body.locals, inner[charge + 1] as number)
      charge += 2
    } else if (at === bulkAt) {
      writeBulkCharge(out, fuel, body.locals, body.bulks[bulk + 1] as Bulk)
      bulk += 2
    } else {
      replace(out, list[edit + 2] as Edit, list[edit + 3] as number)
      from = list[edit + 1] as number
      edit += 4
    }
  }
  out.slice(bytes, from, body.end)
}

/** Bytes of the count that a vector starts with. */
function vectorHeader(bytes: Uint8Array, start: number): number {
  let length = 1
  while ((bytes[start + length - 1] as number) >= 0x80) length += 1
  return length
}

function writeLimits(out: Writer, limits: { readonly min: number; readonly max: number | undefined }): Writer {
  out.u8(limits.max === undefined ? 0 : 1).u32(limits.min)
  return limits.max === undefined ? out : out.u32(limits.max)
}

/** Custom sections that hold offsets or indices of the old code are dropped. */
function keepsCustom(name: string): boolean {
  return !/^(name$|linking$|reloc\.|metadata\.code\.|\.debug_|sourceMappingURL$|external_debug_info$)/.test(name)
}

function toReport(module: Module, planned: Plan, layout: Layout, bytes: Uint8Array): MeterReport {
  const unrestorable: string[] = []
  module.globals.forEach((global, index) => {
    if (global.mutable && VALUE_TYPES[global.type] === 'v128') unrestorable.push(`global ${index} is a v128`)
  })
  if (module.features.has('segment-drop')) unrestorable.push('segments are dropped')
  return {
    features: [...module.features].sort(),
    functions: module.bodies.length,
    chargedFunctions: planned.chargedFunctions,
    loops: module.bodies.reduce((sum, body) => sum + body.loops, 0),
    sizeBefore: module.bytes.length,
    sizeAfter: bytes.length,
    memory: layout.memory && { initialPages: layout.memory.min, maxPages: layout.memory.max },
    globals: layout.stateGlobals.map(({ name }) => name),
    tables: layout.stateTables.map(({ name }) => name),
    unrestorable,
  }
}

export { STOPPED }
