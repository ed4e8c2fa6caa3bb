import type { Refusal } from './error.js'

/**
 * What follows an opcode, for every instruction of WebAssembly 2.0 with tail calls.
 * @see https://webassembly.github.io/spec/core/binary/instructions.html
 */
export const enum Imm {
  Unknown = 0,
  None,
  Block,
  Loop,
  If,
  Else,
  End,
  /** `br`, which ends a straight line. */
  Branch,
  BranchIf,
  BranchTable,
  /** `unreachable` and `return`, which end a straight line. */
  Leave,
  Call,
  TailCall,
  CallIndirect,
  TailCallIndirect,
  SelectTyped,
  Local,
  Global,
  Table,
  Memarg,
  MemargLane,
  MemorySize,
  MemoryGrow,
  I32,
  I64,
  F32,
  F64,
  V128,
  Lane,
  RefNull,
  RefFunc,
  MemoryInit,
  DataDrop,
  MemoryCopy,
  MemoryFill,
  TableInit,
  ElemDrop,
  TableCopy,
  TableGrow,
  TableFill,
  PrefixFC,
  PrefixFD,
}

type Row = readonly [first: number, last: number, imm: Imm]

const table = (size: number, rows: readonly Row[]): Uint8Array => {
  const kinds = new Uint8Array(size)
  for (const [first, last, imm] of rows) kinds.fill(imm, first, last + 1)
  return kinds
}

export const BASE: Uint8Array = table(256, [
  [0x00, 0x00, Imm.Leave], // unreachable
  [0x01, 0x01, Imm.None], // nop
  [0x02, 0x02, Imm.Block],
  [0x03, 0x03, Imm.Loop],
  [0x04, 0x04, Imm.If],
  [0x05, 0x05, Imm.Else],
  [0x0b, 0x0b, Imm.End],
  [0x0c, 0x0c, Imm.Branch],
  [0x0d, 0x0d, Imm.BranchIf],
  [0x0e, 0x0e, Imm.BranchTable],
  [0x0f, 0x0f, Imm.Leave], // return
  [0x10, 0x10, Imm.Call],
  [0x11, 0x11, Imm.CallIndirect],
  [0x12, 0x12, Imm.TailCall],
  [0x13, 0x13, Imm.TailCallIndirect],
  [0x1a, 0x1b, Imm.None], // drop, select
  [0x1c, 0x1c, Imm.SelectTyped],
  [0x20, 0x22, Imm.Local],
  [0x23, 0x24, Imm.Global],
  [0x25, 0x26, Imm.Table],
  [0x28, 0x3e, Imm.Memarg],
  [0x3f, 0x3f, Imm.MemorySize],
  [0x40, 0x40, Imm.MemoryGrow],
  [0x41, 0x41, Imm.I32],
  [0x42, 0x42, Imm.I64],
  [0x43, 0x43, Imm.F32],
  [0x44, 0x44, Imm.F64],
  [0x45, 0xc4, Imm.None], // numeric, sign extension
  [0xd0, 0xd0, Imm.RefNull],
  [0xd1, 0xd1, Imm.None], // ref.is_null
  [0xd2, 0xd2, Imm.RefFunc],
  [0xfc, 0xfc, Imm.PrefixFC],
  [0xfd, 0xfd, Imm.PrefixFD],
])

export const PREFIX_FC: Uint8Array = table(18, [
  [0x00, 0x07, Imm.None], // saturating truncation
  [0x08, 0x08, Imm.MemoryInit],
  [0x09, 0x09, Imm.DataDrop],
  [0x0a, 0x0a, Imm.MemoryCopy],
  [0x0b, 0x0b, Imm.MemoryFill],
  [0x0c, 0x0c, Imm.TableInit],
  [0x0d, 0x0d, Imm.ElemDrop],
  [0x0e, 0x0e, Imm.TableCopy],
  [0x0f, 0x0f, Imm.TableGrow],
  [0x10, 0x10, Imm.Table], // table.size
  [0x11, 0x11, Imm.TableFill],
])

export const PREFIX_FD: Uint8Array = table(256, [
  [0x00, 0x0b, Imm.Memarg],
  [0x0c, 0x0d, Imm.V128], // v128.const, i8x16.shuffle
  [0x0e, 0x14, Imm.None],
  [0x15, 0x22, Imm.Lane],
  [0x23, 0x53, Imm.None],
  [0x54, 0x5b, Imm.MemargLane],
  [0x5c, 0x5d, Imm.Memarg],
  [0x5e, 0x99, Imm.None],
  [0x9b, 0xa1, Imm.None],
  [0xa3, 0xa4, Imm.None],
  [0xa7, 0xae, Imm.None],
  [0xb1, 0xb1, Imm.None],
  [0xb5, 0xba, Imm.None],
  [0xbc, 0xc1, Imm.None],
  [0xc3, 0xc4, Imm.None],
  [0xc7, 0xce, Imm.None],
  [0xd1, 0xd1, Imm.None],
  [0xd5, 0xe1, Imm.None],
  [0xe3, 0xed, Imm.None],
  [0xef, 0xff, Imm.None],
])

type Refused = readonly [first: number, last: number, feature: Refusal]

const REFUSED_BASE: readonly Refused[] = [
  [0x06, 0x0a, 'exceptions'],
  [0x18, 0x19, 'exceptions'],
  [0x1f, 0x1f, 'exceptions'],
  [0x14, 0x15, 'function-references'],
  [0xd3, 0xd3, 'gc'],
  [0xd4, 0xd6, 'function-references'],
  [0xe0, 0xe6, 'stack-switching'],
]
const REFUSED_FB: readonly Refused[] = [
  [0x00, 0x1f, 'gc'],
  [0x80, 0xbf, 'strings'],
]
const REFUSED_FC: readonly Refused[] = [[0x13, 0x16, 'wide-arithmetic']]
const REFUSED_FD: readonly Refused[] = [[0x100, 0x12f, 'relaxed-simd']]

/** The proposal an opcode outside the tables belongs to, as far as it is known. */
export function refusedFeature(prefix: number, opcode: number): Refusal {
  if (prefix === 0xfe) return 'threads'
  const rows = { 0xfb: REFUSED_FB, 0xfc: REFUSED_FC, 0xfd: REFUSED_FD }[prefix] ?? REFUSED_BASE
  for (const [first, last, feature] of rows) if (opcode >= first && opcode <= last) return feature
  return 'unknown-opcode'
}
