import { Edit } from './edits.js'
import { MeterError } from './error.js'
import type { Layout } from './layout.js'
import type { Module } from './module.js'
import { Reader } from './reader.js'
import type { Section } from './sections.js'
import { Writer } from './writer.js'

const FUNCTION_NAMES = 1

/**
 * Writes the name section anew, with the names of functions at their new indices: what traps' stacks show.
 * Names carry no meaning, so a section that is malformed is dropped rather than refused.
 * @see https://webassembly.github.io/spec/core/appendix/custom.html#name-section
 */
export function writeNames(module: Module, section: Section, layout: Layout): Uint8Array | undefined {
  const reader = new Reader(module.bytes, section.payload, section.end)
  try {
    while (!reader.done) {
      const id = reader.u8()
      const names = reader.take(reader.u32())
      if (id !== FUNCTION_NAMES) continue
      const map = new Writer(names.end - names.pos + 64)
      const count = names.count(2)
      map.u32(count)
      for (let left = count; left > 0; left -= 1) {
        const index = names.u32()
        if (index >= module.functions.length) return undefined
        layout.writeIndex(map, Edit.Function, index)
        map.name(names.name())
      }
      names.finish('function names')
      return new Writer(map.length + 32).name('name').u8(FUNCTION_NAMES).sized(map.view()).take()
    }
  } catch (error) {
    if (!(error instanceof MeterError)) throw error
  }
  return undefined
}
