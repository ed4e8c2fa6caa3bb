import type { Reader } from '../../../wasm/meter/reader.js'
import { Scope } from './scope.js'

/** Nested types, components and instances: as deep as anything real by far. */
const MOST_DEPTH = 32

/** @throws MeterError `malformed` beyond the deepest that is read */
export function toInner(reader: Reader, parent: Scope): Scope {
  if (parent.depth >= MOST_DEPTH) reader.malformed(`more than ${MOST_DEPTH} levels of components`)
  return new Scope(parent, parent.depth + 1)
}

/** @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#import-and-export-definitions */
export function readExternName(reader: Reader): string {
  if (reader.u8() > 1) reader.malformed('a form of names')
  return reader.name()
}

export function each<T>(reader: Reader, least: number, read: () => T): T[] {
  const items: T[] = []
  for (let left = reader.count(least); left > 0; left -= 1) items.push(read())
  return items
}

export function readFlag(reader: Reader): boolean {
  const byte = reader.u8()
  return byte > 1 ? reader.malformed('a flag') : byte === 1
}

/** Reads an index into a space. */
export function at<T>(reader: Reader, space: readonly T[], what: string): T {
  const index = reader.u32()
  return space[index] ?? reader.malformed(`${what} ${index} of ${space.length}`)
}
