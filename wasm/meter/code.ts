import { LoopTrait, type Body, type Bulk } from './body.js'
import {
  LEAF_DEPTH, writeBulkCharge, writeCharge, writeLoopEnd, writeLoopHead, writeRetryBody, writeSlowBody,
  type ChargeTarget, type LoopHead,
} from './charge.js'
import { Edit, Edits } from './edits.js'
import type { Layout } from './layout.js'
import type { Module } from './module.js'
import type { BodyPlan } from './plan.js'
import { vectorHeader, Writer } from './writer.js'

export interface Code {
  /** The code section. */
  readonly code: Uint8Array
  /** The custom section that tells engines which branches are hardly ever taken. */
  readonly hints: Uint8Array
}

const HINTS = 'metadata.code.branch_hint'

/** Writes the code section anew, charges included. */
export function writeCode(module: Module, plans: readonly BodyPlan[], layout: Layout): Code {
  const out = new Writer(module.bytes.length + 1024)
  const body = new Writer(4096)
  const hints = new Writer(1024)
  let hinted = 0
  out.u32(module.bodies.length + 2)
  module.bodies.forEach((found, index) => {
    const offsets = writeBody(body.reset(), module, found, plans[index] as BodyPlan, layout)
    out.sized(body.view())
    if (offsets.length === 0) return
    hinted += 1
    hints.u32(layout.fuel.firstBody + index).u32(offsets.length)
    for (const offset of offsets) hints.u32(offset).u8(1).u8(0)
  })
  writeSlowBody(body.reset(), layout.fuel.global, layout.refill)
  out.sized(body.view())
  writeRetryBody(body.reset(), layout.fuel.global, layout.fuel.slow)
  out.sized(body.view())
  return { code: out.take(), hints: new Writer(hints.length + 64).name(HINTS).u32(hinted).raw(hints.view()).take() }
}

/** Writes one body and returns the offsets of its unlikely branches. */
function writeBody(out: Writer, module: Module, body: Body, planned: BodyPlan, layout: Layout): number[] {
  const { bytes } = module
  const { places } = planned
  const { bulks, loops } = body
  const offsets: number[] = []
  const to: ChargeTarget = { out, fuel: layout.fuel, local: body.locals, unlikely: () => offsets.push(out.length) }
  const charged = planned.entry > 0 || places.length > 0 || loops.length > 0 || bulks.length > 0
  out.u32(body.groups + (charged ? 1 : 0))
  out.slice(bytes, body.start + vectorHeader(bytes, body.start), body.code)
  if (charged) out.u32(1).u8(0x7f)
  if (planned.entry > 0) writeCharge(to, planned.entry)

  const open: LoopHead[] = []
  const writeEdit = (kind: Edit, value: number, start: number, end: number): void => {
    switch (kind) {
      case Edit.Loop: {
        const head: LoopHead = {
          trait: loops[value] as LoopTrait,
          weight: planned.loops[value] as number,
          type: bytes.subarray(start + 1, end),
        }
        open.push(head)
        return writeLoopHead(to, head)
      }
      case Edit.LoopEnd:
        return writeLoopEnd(to, open.pop() as LoopHead)
      case Edit.Label:
        out.u32(open.at(-1)?.trait === LoopTrait.Leaf ? value + LEAF_DEPTH : value)
        return
      default:
        layout.writeIndex(out, kind, value)
    }
  }
  // Edits, places and bulk instructions are three ascending lists: they are merged by offset.
  const { list, length } = body.edits
  let from = body.code
  for (let edit = 0, place = 0, bulk = 0; ; ) {
    const editAt = edit < length ? (list[edit] as number) : Infinity
    const placeAt = places[place] ?? Infinity
    const bulkAt = bulks[bulk] ?? Infinity
    const at = Math.min(editAt, placeAt, bulkAt)
    if (at === Infinity) break
    out.slice(bytes, from, at)
    from = at
    if (at === placeAt) {
      writeCharge(to, places[place + 1] as number)
      place += 2
    } else if (at === bulkAt) {
      writeBulkCharge(to, bulks[bulk + 1] as Bulk)
      bulk += 2
    } else {
      from = list[edit + 1] as number
      writeEdit(list[edit + 2] as Edit, list[edit + 3] as number, at, from)
      edit += Edits.stride
    }
  }
  out.slice(bytes, from, body.end)
  return offsets
}
