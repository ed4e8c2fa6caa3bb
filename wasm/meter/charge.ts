import { Bulk } from './body.js'
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
/** Fuel below this belongs to a stopped module: no single charge takes this much. */
const STOPPED_BELOW = -0x4000_0000

const I32 = 0x7f
const EMPTY = 0x40

export interface FuelIndices {
  /** The fuel global. */
  readonly global: number
  /** The cold path: asks for more until fuel is not negative, or traps. */
  readonly slow: number
}

/** Takes `weight` units; asks for more when they are not there. Leaves the stack as it is. */
export function writeCharge(out: Writer, indices: FuelIndices, local: number, weight: number): void {
  out.u8(0x23).u32(indices.global) // global.get
  out.u8(0x41).s32(weight) // i32.const
  finishCharge(out, indices, local)
}

/** Takes fuel for a bulk instruction by the length on top of the stack, which stays there. */
export function writeBulkCharge(out: Writer, indices: FuelIndices, local: number, bulk: Bulk): void {
  out.u8(0x22).u32(local) // local.tee: the length
  out.u8(0x23).u32(indices.global)
  if (bulk === Bulk.Memory) {
    out.u8(0x20).u32(local).u8(0x41).s32(BYTES_SHIFT).u8(0x76) // i32.shr_u
  } else {
    const most = bulk === Bulk.Grow ? MOST_PAGES : MOST_ELEMENTS
    out.u8(0x20).u32(local).u8(0x41).s32(most)
    out.u8(0x20).u32(local).u8(0x41).s32(most).u8(0x49) // i32.lt_u
    out.u8(0x1b) // select
    if (bulk === Bulk.Grow) out.u8(0x41).s32(PAGE_SHIFT).u8(0x74) // i32.shl
  }
  out.u8(0x41).s32(1).u8(0x6a) // i32.add
  finishCharge(out, indices, local)
}

/** Subtracts what is on the stack, stores, and calls the cold path below zero. */
function finishCharge(out: Writer, indices: FuelIndices, local: number): void {
  out.u8(0x6b).u8(0x22).u32(local) // i32.sub, local.tee
  out.u8(0x24).u32(indices.global) // global.set
  out.u8(0x20).u32(local).u8(0x41).s32(0).u8(0x48) // local.get, i32.const 0, i32.lt_s
  out.u8(0x04).u8(EMPTY).u8(0x10).u32(indices.slow).u8(0x0b) // if, call, end
}

/**
 * The body of the cold path. A stop is `unreachable`, which no handler catches; the fuel stays at `STOPPED`, so every
 * later charge ends here again.
 */
export function writeSlowBody(out: Writer, global: number, refill: number): void {
  out.u32(1).u32(1).u8(I32) // one i32 local: what is handed out
  out.u8(0x03).u8(EMPTY) // loop
  out.u8(0x23).u32(global).u8(0x41).s32(STOPPED_BELOW).u8(0x48) // lt_s
  out.u8(0x04).u8(I32) // if (result i32)
  out.u8(0x41).s32(0)
  out.u8(0x05) // else
  out.u8(0x10).u32(refill)
  out.u8(0x0b)
  out.u8(0x22).u32(0).u8(0x41).s32(1).u8(0x48) // below 1?
  out.u8(0x04).u8(EMPTY)
  out.u8(0x41).s32(STOPPED).u8(0x24).u32(global).u8(0x00) // stopped for good
  out.u8(0x0b)
  out.u8(0x23).u32(global).u8(0x20).u32(0).u8(0x6a).u8(0x24).u32(global)
  out.u8(0x23).u32(global).u8(0x41).s32(0).u8(0x48).u8(0x0d).u32(0) // br_if: still negative
  out.u8(0x0b).u8(0x0b)
}
