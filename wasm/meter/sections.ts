import { MeterError } from './error.js'
import { Reader } from './reader.js'

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const

export interface Section {
  readonly id: number
  /** First byte after the size. */
  readonly start: number
  readonly end: number
  /** Name of a custom section, else empty. */
  readonly name: string
  /** Custom section: first byte after the name. */
  readonly payload: number
}

/** Place of each known section in a module, by id; 0 is not a place. */
const ORDER = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10]

/** Position of a section id in the order that the binary format prescribes. */
export const sectionRank = (id: number): number => ORDER[id] as number

/**
 * Splits a module into its sections, and checks header, ids, order and sizes.
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */
export function readSections(bytes: Uint8Array): Section[] {
  const reader = new Reader(bytes, 0, bytes.length)
  const header = Array.from({ length: 8 }, () => reader.u8())
  if (header.slice(0, 4).join() !== '0,97,115,109') throw new MeterError('malformed', 0, 'no WebAssembly magic number')
  const version = header.slice(4).join()
  if (version === '13,0,1,0') throw new MeterError('component', 4, 'a component, not a core module')
  if (version !== '1,0,0,0') throw new MeterError('malformed', 4, 'an unknown version')
  const sections: Section[] = []
  let rank = 0
  while (!reader.done) {
    const at = reader.pos
    const id = reader.u8()
    if (id === 13) throw new MeterError('exceptions', at, 'a tag section')
    if (id === 14) throw new MeterError('strings', at, 'a string section')
    if (id > 12) throw new MeterError('unknown-section', at, `section ${id}`)
    const body = reader.take(reader.u32())
    let name = ''
    let payload = body.pos
    if (id === SECTION.custom) {
      const inner = new Reader(bytes, body.pos, body.end)
      name = inner.name()
      payload = inner.pos
    } else {
      if (sectionRank(id) <= rank) throw new MeterError('malformed', at, `section ${id} out of order`)
      rank = sectionRank(id)
    }
    sections.push({ id, start: body.pos, end: body.end, name, payload })
  }
  return sections
}
