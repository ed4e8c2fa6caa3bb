import { EXTERNREF, FUNCREF, readRefType, readValueType, refuseType, VALUE_TYPES, type FuncType } from './declarations.js'
import { Edit, Edits } from './edits.js'
import { MeterError } from './error.js'
import type { ModuleReader } from './module.js'
import { BASE, Imm, PREFIX_FC, PREFIX_FD, refusedFeature } from './opcodes.js'
import type { Reader } from './reader.js'
import { Step } from './trace.js'

/** The most locals a function may have, parameters included: the limit of the JavaScript interface. */
const MAX_LOCALS = 50_000

/** An instruction whose work grows with the number on top of its stack. */
export const enum Bulk {
  /** Bytes. */
  Memory,
  /** Pages. */
  Grow,
  /** Elements. */
  Table,
}

/** How the charge at a loop's header can be written. */
export const enum LoopTrait {
  Plain,
  /** Takes parameters, which stay on the stack at its header. */
  Parameters,
  /** Has neither calls nor loops within. */
  Leaf,
}

export interface Body {
  /** First byte: the local declarations. */
  readonly start: number
  /** First byte of the expression. */
  readonly code: number
  readonly end: number
  /** Groups of local declarations. */
  readonly groups: number
  /** Parameters and locals. */
  readonly locals: number
  readonly edits: Edits
  /** Range of this body in the module's trace. */
  readonly traceStart: number
  readonly traceEnd: number
  /** What each loop is like, by its ordinal. */
  readonly loops: readonly LoopTrait[]
  /** Bulk instructions: offset, kind. */
  readonly bulks: readonly number[]
}

// Shared by the bodies that have none, of which hostile modules have a million.
const NO_EDITS = new Edits()
const NONE: readonly never[] = Object.freeze([])

/** Reads one function body: checks it as far as the rewriter relies on it, and leaves types to the engine. */
export function readBody(module: ModuleReader, reader: Reader, type: FuncType): Body {
  const { trace, features } = module
  const start = reader.pos
  const groups = reader.count(2)
  let locals = type.params
  for (let group = 0; group < groups; group += 1) {
    const at = reader.pos
    locals += reader.u32()
    if (locals > MAX_LOCALS) throw new MeterError('malformed', at, `more than ${MAX_LOCALS} locals`)
    readValueType(reader)
  }
  const code = reader.pos
  const edits = new Edits()
  const bulks: number[] = []
  const traceStart = trace.length
  const loops: LoopTrait[] = []
  /** Ordinal of the loop that each open block is, or -1. */
  const open: number[] = [-1]
  /** Where in `open` the loops are. */
  const openLoops: number[] = []
  let before = Math.ceil(locals / 8)

  const step = (kind: Step, value: number, offset: number): void => {
    trace.push(kind, value, before, offset)
    before = 0
  }
  const below = (bound: number, what: string): number => {
    const at = reader.pos
    const index = reader.u32()
    if (index >= bound) throw new MeterError('malformed', at, `${what} ${index} of ${bound}`)
    return index
  }
  const memory = (): void => {
    const at = reader.pos
    if (reader.u8() !== 0) throw new MeterError('multi-memory', at, 'another memory')
  }
  const memarg = (): void => {
    const at = reader.pos
    const align = reader.u32()
    if (align >= 64) throw new MeterError('multi-memory', at, 'an access to another memory')
    reader.u32()
  }
  const label = (kind: Step.Branch | Step.BranchIf, offset: number): void => {
    const at = reader.pos
    const depth = below(open.length, 'label')
    const target = open.length - 1 - depth
    if (target < (openLoops.at(-1) ?? 0)) edits.add(at, reader.pos, Edit.Label, depth)
    step(kind, depth, offset)
  }
  /** A call in a loop, or another loop: the innermost one is no leaf. */
  const notLeaf = (): void => {
    const ordinal = open[openLoops.at(-1) ?? -1]
    if (ordinal !== undefined && loops[ordinal] === LoopTrait.Leaf) loops[ordinal] = LoopTrait.Plain
  }
  /** Reads a block type and tells whether there are parameters. */
  const blockType = (): boolean => {
    const at = reader.pos
    const byte = reader.bytes[at] as number
    if (byte === 0x40 || VALUE_TYPES[byte] !== undefined) reader.skip(1)
    else if (byte >= 0x40 && byte < 0x80) refuseType(reader, at, byte, 'a block type')
    else {
      reader.skipSigned(33)
      if ((reader.bytes[reader.pos - 1] as number) & 0x40) throw new MeterError('malformed', at, 'a negative block type')
      const end = reader.pos
      reader.pos = at
      const type = below(module.types.length, 'type')
      reader.pos = end
      return (module.types[type] as FuncType).params > 0
    }
    return false
  }
  const tables = module.tables.length

  while (open.length > 0) {
    const at = reader.pos
    const opcode = reader.u8()
    let imm = BASE[opcode] as Imm
    let sub = opcode
    if (imm === Imm.PrefixFC) {
      sub = reader.u32()
      imm = (PREFIX_FC[sub] ?? 0) as Imm
    } else if (imm === Imm.PrefixFD) {
      sub = reader.u32()
      imm = (PREFIX_FD[sub] ?? 0) as Imm
      features.add('simd')
    }
    before += 1
    switch (imm) {
      case Imm.None:
        break
      case Imm.Block:
        blockType()
        open.push(-1)
        step(Step.Block, 0, at)
        break
      case Imm.Loop:
        notLeaf()
        loops.push(blockType() ? LoopTrait.Parameters : LoopTrait.Leaf)
        openLoops.push(open.push(loops.length - 1) - 1)
        edits.add(at, reader.pos, Edit.Loop, loops.length - 1)
        step(Step.Loop, loops.length - 1, reader.pos)
        break
      case Imm.If:
        blockType()
        open.push(-1)
        step(Step.If, 0, at)
        break
      case Imm.Else:
        step(Step.Else, 0, at)
        break
      case Imm.End:
        if ((open.at(-1) as number) >= 0) {
          openLoops.pop()
          edits.add(at, reader.pos, Edit.LoopEnd, open.at(-1) as number)
        }
        step(Step.End, open.pop() === -1 ? 0 : 1, at)
        break
      case Imm.Branch:
        label(Step.Branch, at)
        break
      case Imm.BranchIf:
        label(Step.BranchIf, at)
        break
      case Imm.BranchTable:
        for (let left = reader.count(1); left > 0; left -= 1) label(Step.BranchIf, at)
        label(Step.Branch, at)
        break
      case Imm.Leave:
        step(Step.Leave, 0, at)
        break
      case Imm.Call:
        notLeaf()
        step(Step.Call, module.index(reader, edits, Edit.Function), at)
        break
      case Imm.TailCall:
        features.add('tail-calls')
        notLeaf()
        step(Step.Call, module.index(reader, edits, Edit.Function), at)
        step(Step.Leave, 0, at)
        break
      case Imm.CallIndirect:
      case Imm.TailCallIndirect:
        notLeaf()
        step(Step.CallIndirect, below(module.types.length, 'type'), at)
        below(tables, 'table')
        if (imm === Imm.TailCallIndirect) {
          features.add('tail-calls')
          step(Step.Leave, 0, at)
        }
        break
      case Imm.SelectTyped:
        for (let left = reader.count(1); left > 0; left -= 1) readValueType(reader)
        break
      case Imm.Local:
        below(locals, 'local')
        break
      case Imm.Global:
        module.index(reader, edits, Edit.Global)
        break
      case Imm.Table:
        below(tables, 'table')
        break
      case Imm.Memarg:
        memarg()
        break
      case Imm.MemargLane:
        memarg()
        reader.skip(1)
        break
      case Imm.MemorySize:
        memory()
        break
      case Imm.MemoryGrow:
        memory()
        bulks.push(at, Bulk.Grow)
        break
      case Imm.I32:
        reader.skipSigned(32)
        break
      case Imm.I64:
        reader.skipSigned(64)
        break
      case Imm.F32:
        reader.skip(4)
        break
      case Imm.F64:
        reader.skip(8)
        break
      case Imm.V128:
        reader.skip(16)
        break
      case Imm.Lane:
        reader.skip(1)
        break
      case Imm.RefNull:
        if (reader.bytes[reader.pos] === FUNCREF || reader.bytes[reader.pos] === EXTERNREF) reader.skip(1)
        else readRefType(reader)
        features.add('reference-types')
        break
      case Imm.RefFunc:
        module.referenced.add(module.index(reader, edits, Edit.Function))
        features.add('reference-types')
        break
      case Imm.MemoryInit:
        reader.u32()
        memory()
        bulks.push(at, Bulk.Memory)
        break
      case Imm.DataDrop:
      case Imm.ElemDrop:
        reader.u32()
        features.add('segment-drop')
        break
      case Imm.MemoryCopy:
        memory()
        memory()
        bulks.push(at, Bulk.Memory)
        break
      case Imm.MemoryFill:
        memory()
        bulks.push(at, Bulk.Memory)
        break
      case Imm.TableInit:
        reader.u32()
        below(tables, 'table')
        bulks.push(at, Bulk.Table)
        break
      case Imm.TableCopy:
        below(tables, 'table')
        below(tables, 'table')
        bulks.push(at, Bulk.Table)
        break
      case Imm.TableGrow:
      case Imm.TableFill:
        below(tables, 'table')
        bulks.push(at, Bulk.Table)
        break
      default:
        refuse(reader, at, opcode, sub)
    }
  }
  reader.finish('a function body')
  return {
    start, code, end: reader.end, groups, locals, traceStart, traceEnd: trace.length,
    edits: edits.length === 0 ? NO_EDITS : edits,
    loops: loops.length === 0 ? NONE : loops,
    bulks: bulks.length === 0 ? NONE : bulks,
  }
}

function refuse(reader: Reader, at: number, opcode: number, read: number): never {
  const prefixed = opcode === 0xfb || opcode === 0xfe
  const sub = prefixed ? reader.u32() : read
  const hex = opcode >= 0xfb ? `0x${opcode.toString(16)} 0x${sub.toString(16)}` : `0x${opcode.toString(16)}`
  throw new MeterError(refusedFeature(opcode, sub), at, `opcode ${hex}`)
}
