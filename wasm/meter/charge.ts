import { Bulk, LoopTrait } from './body.js'
import type { Writer } from './writer.js'

/** Bytes of memory that one unit of fuel copies or fills: `1 << 4`. */
const BYTES_SHIFT = 4
/** Units of one page: 65536 bytes. */
const PAGE_SHIFT = 16 - BYTES_SHIFT
const MOST_PAGES = 65_536
/** More elements than any engine's table holds: beyond it the instruction traps, whatever it costs. */
const MOST_ELEMENTS = 1 << 26

/** What a stopped module's fuel is set to: so low that no charge can wrap it round. */
export const STOPPED = -0x6000_0000
/** Fuel below this belongs to a stopped module: no single charge takes as much. */
const STOPPED_BELOW = -0x4000_0000

const I32 = 0x7f
const EMPTY = 0x40

const op = {
  unreachable: 0x00, block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, br: 0x0c, brIf: 0x0d, call: 0x10,
  select: 0x1b, localGet: 0x20, localSet: 0x21, localTee: 0x22, globalGet: 0x23, globalSet: 0x24, i32Const: 0x41,
  ltS: 0x48, ltU: 0x49, add: 0x6a, sub: 0x6b, shl: 0x74, shrU: 0x76,
} as const

/** What charges refer to. */
export interface Fuel {
  /** The fuel global. */
  readonly global: number
  /** `() => ()`: asks for more until fuel is not negative, or traps. */
  readonly slow: number
  /** `(weight) => ()`: the same, then gives `weight` back, for charges that are tried again. */
  readonly retry: number
}

/** Where the charges of one body are written. */
export interface ChargeTarget {
  readonly out: Writer
  readonly fuel: Fuel
  /** An i32 local of our own. */
  readonly local: number
  /** Told the position of each branch that is hardly ever taken. */
  readonly unlikely: () => void
}

/** Takes `weight` units; asks for more when they are not there. Leaves the stack as it is. */
export function writeCharge(to: ChargeTarget, weight: number): void {
  to.out.u8(op.globalGet).u32(to.fuel.global).u8(op.i32Const).s32(weight)
  writeTake(to)
  to.unlikely()
  to.out.u8(op.if).u8(EMPTY).u8(op.call).u32(to.fuel.slow).u8(op.end)
}

/** Takes fuel for a bulk instruction by the length on top of the stack, which stays there. */
export function writeBulkCharge(to: ChargeTarget, bulk: Bulk): void {
  const { out, local, fuel } = to
  out.u8(op.localTee).u32(local).u8(op.globalGet).u32(fuel.global)
  if (bulk === Bulk.Memory) {
    out.u8(op.localGet).u32(local).u8(op.i32Const).s32(BYTES_SHIFT).u8(op.shrU)
  } else {
    const most = bulk === Bulk.Grow ? MOST_PAGES : MOST_ELEMENTS
    out.u8(op.localGet).u32(local).u8(op.i32Const).s32(most)
    out.u8(op.localGet).u32(local).u8(op.i32Const).s32(most).u8(op.ltU).u8(op.select)
    if (bulk === Bulk.Grow) out.u8(op.i32Const).s32(PAGE_SHIFT).u8(op.shl)
  }
  out.u8(op.i32Const).s32(1).u8(op.add)
  writeTake(to)
  to.unlikely()
  out.u8(op.if).u8(EMPTY).u8(op.call).u32(fuel.slow).u8(op.end)
}

/** Subtracts the weight on the stack from the fuel below it, stores, and leaves whether that was too much. */
function writeTake({ out, fuel, local }: ChargeTarget): void {
  out.u8(op.sub).u8(op.localTee).u32(local).u8(op.globalSet).u32(fuel.global)
  out.u8(op.localGet).u32(local).u8(op.i32Const).s32(0).u8(op.ltS)
}

/** A loop, as its head and end are written. */
export interface LoopHead {
  readonly trait: LoopTrait
  readonly weight: number
  /** Bytes of its block type. */
  readonly type: Uint8Array
}

/** Blocks that `writeLoopHead` puts around a leaf loop: what labels of the outside move away by. */
export const LEAF_DEPTH = 3

/**
 * Writes the head of a loop with its charge.
 *
 * A call spoils the registers of the code it is in, however seldom it is made. So the cold path goes where it harms
 * least: of a leaf, to a loop around it; of any other loop, back to the header, where paths with calls meet anyway.
 */
export function writeLoopHead(to: ChargeTarget, { trait, weight, type }: LoopHead): void {
  const { out, fuel } = to
  if (trait === LoopTrait.Leaf) {
    out.u8(op.block).raw(type).u8(op.loop).u8(EMPTY).u8(op.block).u8(EMPTY)
  }
  out.u8(op.loop).raw(type)
  if (trait === LoopTrait.Parameters) return writeCharge(to, weight)
  out.u8(op.globalGet).u32(fuel.global).u8(op.i32Const).s32(weight)
  writeTake(to)
  to.unlikely()
  if (trait === LoopTrait.Leaf) out.u8(op.brIf).u32(1)
  else out.u8(op.if).u8(EMPTY).u8(op.i32Const).s32(weight).u8(op.call).u32(fuel.retry).u8(op.br).u32(1).u8(op.end)
}

/** Writes the end of a loop, and a leaf's cold path behind it. */
export function writeLoopEnd({ out, fuel }: ChargeTarget, { trait, weight }: LoopHead): void {
  out.u8(op.end)
  if (trait !== LoopTrait.Leaf) return
  out.u8(op.br).u32(2).u8(op.end)
  out.u8(op.i32Const).s32(weight).u8(op.call).u32(fuel.retry)
  out.u8(op.br).u32(0).u8(op.end).u8(op.unreachable).u8(op.end)
}

/**
 * The body of `slow`. A stop is `unreachable`, which no handler catches; fuel stays at `STOPPED`, so every later
 * charge ends here again.
 */
export function writeSlowBody(out: Writer, global: number, refill: number): void {
  out.u32(1).u32(1).u8(I32) // one local: what is handed out
  out.u8(op.loop).u8(EMPTY)
  out.u8(op.globalGet).u32(global).u8(op.i32Const).s32(STOPPED_BELOW).u8(op.ltS)
  out.u8(op.if).u8(I32).u8(op.i32Const).s32(0).u8(op.else).u8(op.call).u32(refill).u8(op.end)
  out.u8(op.localTee).u32(0).u8(op.i32Const).s32(1).u8(op.ltS)
  out.u8(op.if).u8(EMPTY).u8(op.i32Const).s32(STOPPED).u8(op.globalSet).u32(global).u8(op.unreachable).u8(op.end)
  out.u8(op.globalGet).u32(global).u8(op.localGet).u32(0).u8(op.add).u8(op.localTee).u32(0).u8(op.globalSet).u32(global)
  out.u8(op.localGet).u32(0).u8(op.i32Const).s32(0).u8(op.ltS).u8(op.brIf).u32(0)
  out.u8(op.end).u8(op.end)
}

/** The body of `retry`. */
export function writeRetryBody(out: Writer, global: number, slow: number): void {
  out.u32(0).u8(op.call).u32(slow)
  out.u8(op.globalGet).u32(global).u8(op.localGet).u32(0).u8(op.add).u8(op.globalSet).u32(global).u8(op.end)
}
