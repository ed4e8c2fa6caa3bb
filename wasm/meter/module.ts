import type { Body } from './body.js'
import { readBody } from './body.js'
import { readConstant } from './constant.js'
import type { FuncType, GlobalType, Limits, TableType } from './declarations.js'
import { readFuncType, readGlobalType, readMemoryType, readRefType, readTableType } from './declarations.js'
import { Edit, Edits } from './edits.js'
import { MeterError } from './error.js'
import { Reader } from './reader.js'
import type { Section } from './sections.js'
import { readSections, SECTION } from './sections.js'
import { Trace } from './trace.js'

/** The most items that engines take: the highest limits of the JavaScript interface. */
const MAX_ITEMS = { section: 1_000_000, segment: 10_000_000 } as const

export interface Import {
  readonly module: string
  readonly name: string
  /** 0 function, 1 table, 2 memory, 3 global. */
  readonly kind: number
  readonly offset: number
}

export interface Export {
  readonly name: string
  readonly kind: number
  readonly index: number
  readonly offset: number
}

/** What a module declares, with every place in it that holds an index we may shift. */
export interface Module {
  readonly bytes: Uint8Array
  readonly sections: readonly Section[]
  readonly types: readonly FuncType[]
  readonly imports: readonly Import[]
  /** Type index of each function, imported ones first. */
  readonly functions: readonly number[]
  readonly importedFunctions: number
  readonly tables: readonly TableType[]
  readonly importedTables: number
  readonly memories: readonly Limits[]
  readonly importedMemories: number
  readonly globals: readonly GlobalType[]
  readonly importedGlobals: number
  readonly exports: readonly Export[]
  /** Functions whose reference exists somewhere: elements, constants, `ref.func`. */
  readonly referenced: ReadonlySet<number>
  readonly bodies: readonly Body[]
  readonly trace: Trace
  /** Index places outside of bodies, by section id. */
  readonly edits: ReadonlyMap<number, Edits>
  /** Instructions and declarations worth reporting. */
  readonly features: ReadonlySet<string>
}

/** A module while it is read; each section adds to it. */
export class ModuleReader implements Module {
  readonly sections: readonly Section[]
  readonly types: FuncType[] = []
  readonly imports: Import[] = []
  readonly functions: number[] = []
  importedFunctions = 0
  readonly tables: TableType[] = []
  importedTables = 0
  readonly memories: Limits[] = []
  importedMemories = 0
  readonly globals: GlobalType[] = []
  importedGlobals = 0
  readonly exports: Export[] = []
  readonly referenced = new Set<number>()
  readonly bodies: Body[] = []
  readonly trace = new Trace()
  readonly edits = new Map<number, Edits>()
  readonly features = new Set<string>()

  constructor(readonly bytes: Uint8Array) {
    this.sections = readSections(bytes)
    for (const section of this.sections) this.#read(section)
    if (this.bodies.length !== this.functions.length - this.importedFunctions) {
      throw new MeterError('malformed', bytes.length, 'functions and bodies differ in number')
    }
  }

  /** Reads an index, checks it against `bound`, and remembers its place. */
  index(reader: Reader, edits: Edits, kind: Edit.Function | Edit.Global): number {
    const at = reader.pos
    const index = reader.u32()
    const bound = kind === Edit.Function ? this.functions.length : this.globals.length
    if (index >= bound) {
      throw new MeterError('malformed', at, `${kind === Edit.Function ? 'function' : 'global'} ${index} of ${bound}`)
    }
    edits.add(at, reader.pos, kind, index)
    return index
  }

  #read(section: Section): void {
    const reader = new Reader(this.bytes, section.start, section.end)
    const edits = new Edits()
    this.edits.set(section.id, edits)
    switch (section.id) {
      case SECTION.type:
        this.#each(reader, 2, () => this.types.push(readFuncType(reader)))
        break
      case SECTION.import:
        this.#each(reader, 4, () => this.#readImport(reader))
        break
      case SECTION.function:
        this.#each(reader, 1, () => this.functions.push(this.#typeIndex(reader)))
        break
      case SECTION.table:
        this.#each(reader, 3, () => this.tables.push(readTableType(reader)))
        break
      case SECTION.memory:
        this.#each(reader, 2, () => this.#addMemory(reader))
        break
      case SECTION.global:
        this.#each(reader, 3, () => {
          const type = readGlobalType(reader)
          readConstant(this, reader, edits)
          this.globals.push(type)
        })
        break
      case SECTION.export:
        this.#each(reader, 3, () => this.#readExport(reader, edits))
        break
      case SECTION.start:
        this.index(reader, edits, Edit.Function)
        break
      case SECTION.element:
        this.#each(reader, 2, () => this.#readElement(reader, edits))
        break
      case SECTION.code:
        this.#each(reader, 3, (index) => this.#readCode(reader, index))
        break
      case SECTION.data:
        this.#each(reader, 2, () => this.#readData(reader, edits))
        break
      case SECTION.dataCount:
        reader.u32()
        break
      default:
        return
    }
    reader.finish(`section ${section.id}`)
  }

  #each(reader: Reader, least: number, read: (index: number) => void, of: keyof typeof MAX_ITEMS = 'section'): void {
    const at = reader.pos
    const count = reader.count(least)
    if (count > MAX_ITEMS[of]) throw new MeterError('malformed', at, `${count} items where ${MAX_ITEMS[of]} are the most`)
    for (let index = 0; index < count; index += 1) read(index)
  }

  #typeIndex(reader: Reader): number {
    const at = reader.pos
    const index = reader.u32()
    if (index >= this.types.length) throw new MeterError('malformed', at, `type ${index} of ${this.types.length}`)
    return index
  }

  #addMemory(reader: Reader): void {
    if (this.memories.length > 0) throw new MeterError('multi-memory', reader.pos, 'a second memory')
    this.memories.push(readMemoryType(reader))
  }

  #readImport(reader: Reader): void {
    const offset = reader.pos
    const module = reader.name()
    const name = reader.name()
    const kind = reader.u8()
    if (kind === 0) this.importedFunctions = this.functions.push(this.#typeIndex(reader))
    else if (kind === 1) this.importedTables = this.tables.push(readTableType(reader))
    else if (kind === 2) {
      this.#addMemory(reader)
      this.importedMemories = 1
    } else if (kind === 3) this.importedGlobals = this.globals.push(readGlobalType(reader))
    else if (kind === 4) throw new MeterError('exceptions', offset, 'an imported tag')
    else throw new MeterError('malformed', offset, `import kind ${kind}`)
    this.imports.push({ module, name, kind, offset })
  }

  #readExport(reader: Reader, edits: Edits): void {
    const offset = reader.pos
    const name = reader.name()
    const kind = reader.u8()
    let index: number
    if (kind === 0) index = this.index(reader, edits, Edit.Function)
    else if (kind === 3) index = this.index(reader, edits, Edit.Global)
    else if (kind === 1 || kind === 2) index = reader.u32()
    else if (kind === 4) throw new MeterError('exceptions', offset, 'an exported tag')
    else throw new MeterError('malformed', offset, `export kind ${kind}`)
    this.exports.push({ name, kind, index, offset })
  }

  #readElement(reader: Reader, edits: Edits): void {
    const at = reader.pos
    const flags = reader.u32()
    if (flags > 7) throw new MeterError('malformed', at, `element segment kind ${flags}`)
    const active = (flags & 1) === 0
    if (active && (flags & 2) !== 0) reader.u32()
    if (active) readConstant(this, reader, edits)
    const expressions = (flags & 4) !== 0
    if ((flags & 3) !== 0) {
      if (expressions) readRefType(reader)
      else if (reader.u8() !== 0) reader.malformed('an element kind')
    }
    this.#each(reader, 1, () => {
      if (expressions) readConstant(this, reader, edits)
      else this.referenced.add(this.index(reader, edits, Edit.Function))
    }, 'segment')
  }

  #readCode(reader: Reader, index: number): void {
    const type = this.types[this.functions[this.importedFunctions + index] ?? -1]
    if (type === undefined) reader.malformed('more bodies than functions')
    this.bodies.push(readBody(this, reader.take(reader.u32()), type))
  }

  #readData(reader: Reader, edits: Edits): void {
    const at = reader.pos
    const flags = reader.u32()
    if (flags > 2) throw new MeterError('malformed', at, `data segment kind ${flags}`)
    if (flags === 2 && reader.u32() !== 0) throw new MeterError('multi-memory', at, 'data for another memory')
    if (flags !== 1) readConstant(this, reader, edits)
    reader.skip(reader.u32())
  }
}
