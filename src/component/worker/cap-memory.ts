import { Reader } from '../../../wasm/meter/reader.js'
import { readSections, SECTION } from '../../../wasm/meter/sections.js'
import { Writer } from '../../../wasm/meter/writer.js'
import { concat } from '../concat.js'

/** Sets the maximum of a module's own memory, when it declares none or a larger one. */
export function capMemory(bytes: Uint8Array, pages: number): Uint8Array<ArrayBuffer> {
  const section = readSections(bytes).find(({ id }) => id === SECTION.memory)
  if (section === undefined) return bytes.slice()
  const reader = new Reader(bytes, section.start, section.end)
  if (reader.u32() !== 1) return bytes.slice()
  const flags = reader.u8()
  const least = reader.u32()
  const most = (flags & 1) === 1 ? reader.u32() : Infinity
  if (flags > 1 || most <= pages) return bytes.slice()
  const body = new Writer(16).u32(1).u8(1).u32(least).u32(Math.max(least, pages))
  const head = new Writer(16).u8(SECTION.memory).sized(body.view())
  const before = bytes.subarray(0, findHeader(bytes, section.start))
  return concat([before, head.take(), bytes.subarray(section.end)])
}

/** Where the section that starts at `start` begins with its id. */
function findHeader(bytes: Uint8Array, start: number): number {
  let at = start - 2
  while (((bytes[at] as number) & 0x80) !== 0) at -= 1
  return at
}
