import { writeCode } from './code.js'
import type { Limits, TableType } from './declarations.js'
import { Edits } from './edits.js'
import type { Layout } from './layout.js'
import type { Module } from './module.js'
import { writeNames } from './names.js'
import type { ResolvedOptions } from './options.js'
import type { BodyPlan } from './plan.js'
import { SECTION, sectionRank, type Section } from './sections.js'
import { vectorHeader, Writer } from './writer.js'

const FUEL_EXPORT = 'glovebox:fuel'
const I32 = 0x7f
const KIND = { function: 0, table: 1, memory: 2, global: 3 } as const

interface Output {
  readonly id: number
  readonly bytes: Uint8Array
}

/** Writes the metered module. */
export function emit(module: Module, plans: readonly BodyPlan[], layout: Layout, options: ResolvedOptions): Uint8Array {
  const { code, hints } = writeCode(module, plans, layout)
  const outputs: Output[] = []
  const insert = (id: number, bytes: Uint8Array): void => {
    const next = outputs.findIndex((output) => output.id !== SECTION.custom && sectionRank(output.id) > sectionRank(id))
    outputs.splice(next === -1 ? outputs.length : next, 0, { id, bytes })
  }
  for (const section of module.sections) {
    const bytes = section.id === SECTION.custom ? writeCustom(module, section, layout) : copySection(module, section, layout)
    if (bytes !== undefined) outputs.push({ id: section.id, bytes })
  }
  insert(SECTION.type, writeTypes(module, layout))
  insert(SECTION.import, writeImports(module, layout, options))
  insert(SECTION.function, writeFunctions(module, layout))
  insert(SECTION.export, writeExports(module, layout))
  insert(SECTION.code, code)
  const globals = module.globals.length - module.importedGlobals
  const own = layout.importsFuel ? 0 : 1
  if (globals + own > 0) {
    const out = extend(module, SECTION.global, layout, globals, own)
    if (own === 1) out.u8(I32).u8(1).u8(0x41).s32(0).u8(0x0b)
    insert(SECTION.global, out.take())
  }
  outputs.splice(outputs.findIndex(({ id }) => id === SECTION.code), 0, { id: SECTION.custom, bytes: hints })

  const out = new Writer(module.bytes.length + (module.bytes.length >> 3) + 256)
  out.raw(module.bytes.subarray(0, 8))
  for (const { id, bytes } of outputs) out.u8(id).sized(bytes)
  return out.take()
}

/** Sections without additions of ours; undefined for those written elsewhere. */
function copySection(module: Module, section: Section, layout: Layout): Uint8Array | undefined {
  const { bytes } = module
  switch (section.id) {
    case SECTION.table: {
      const own = module.tables.slice(module.importedTables)
      const out = new Writer().u32(own.length)
      own.forEach((table: TableType, index) => writeLimits(out.u8(table.type), { min: table.min, max: layout.tableMaxima[index] }))
      return out.take()
    }
    case SECTION.memory:
      if (layout.importsMemory) return undefined
      if (module.importedMemories > 0 || layout.memory === undefined) return bytes.subarray(section.start, section.end)
      return writeLimits(new Writer().u32(1), layout.memory).take()
    case SECTION.start:
    case SECTION.element:
    case SECTION.data:
      return copyEdited(new Writer(section.end - section.start + 64), module, section, section.start, layout).take()
    case SECTION.dataCount:
      return bytes.subarray(section.start, section.end)
    default:
      return undefined
  }
}

/** Copies a section from `from` on, with its indices as they are in the output. */
function copyEdited(out: Writer, module: Module, section: Section, from: number, layout: Layout): Writer {
  const { list, length } = module.edits.get(section.id) as Edits
  let at = from
  for (let edit = 0; edit < length; edit += Edits.stride) {
    out.slice(module.bytes, at, list[edit] as number)
    layout.writeIndex(out, list[edit + 2] as number, list[edit + 3] as number)
    at = list[edit + 1] as number
  }
  return out.slice(module.bytes, at, section.end)
}

/** Starts a vector section with the input's items, if there are any, and room in its count for more. */
function extend(module: Module, id: number, layout: Layout, count: number, added: number): Writer {
  const section = module.sections.find((found) => found.id === id)
  const out = new Writer(section === undefined ? 64 : section.end - section.start + 256).u32(count + added)
  if (section === undefined) return out
  return copyEdited(out, module, section, section.start + vectorHeader(module.bytes, section.start), layout)
}

function writeTypes(module: Module, layout: Layout): Uint8Array {
  const out = extend(module, SECTION.type, layout, module.types.length, layout.addedTypes.length)
  for (const key of layout.addedTypes) {
    out.u8(0x60)
    for (const list of key.split('>')) {
      out.u32(list.length)
      for (const type of list) out.u8(type.charCodeAt(0))
    }
  }
  return out.take()
}

function writeFunctions(module: Module, layout: Layout): Uint8Array {
  const out = extend(module, SECTION.function, layout, module.bodies.length, 2)
  return out.u32(layout.types.slow).u32(layout.types.retry).take()
}

function writeImports(module: Module, layout: Layout, { refill }: ResolvedOptions): Uint8Array {
  const added = 1 + (layout.importsMemory ? 1 : 0) + (layout.importsFuel ? 1 : 0)
  const out = extend(module, SECTION.import, layout, module.imports.length, added)
  out.name(refill.module).name(refill.name).u8(KIND.function).u32(layout.types.refill)
  if (layout.importsMemory) writeLimits(out.name('glovebox').name('memory').u8(KIND.memory), layout.memory as Limits)
  if (layout.importsFuel) out.name('glovebox').name('fuel').u8(KIND.global).u8(I32).u8(1)
  return out.take()
}

function writeExports(module: Module, layout: Layout): Uint8Array {
  const added = (layout.importsFuel ? 0 : 1) + layout.globals.length + layout.tables.length
  const out = extend(module, SECTION.export, layout, module.exports.length, added)
  if (!layout.importsFuel) out.name(FUEL_EXPORT).u8(KIND.global).u32(layout.fuel.global)
  for (const { name, index } of layout.globals) out.name(name).u8(KIND.global).u32(index)
  for (const { name, index } of layout.tables) out.name(name).u8(KIND.table).u32(index)
  return out.take()
}

/** Custom sections stay, but for those that hold offsets or indices of the old code. */
function writeCustom(module: Module, section: Section, layout: Layout): Uint8Array | undefined {
  if (section.name === 'name') return writeNames(module, section, layout)
  if (/^(linking$|reloc\.|metadata\.code\.|\.debug_|sourceMappingURL$|external_debug_info$)/.test(section.name)) return undefined
  return module.bytes.subarray(section.start, section.end)
}

function writeLimits(out: Writer, { min, max }: Limits): Writer {
  out.u8(max === undefined ? 0 : 1).u32(min)
  return max === undefined ? out : out.u32(max)
}
