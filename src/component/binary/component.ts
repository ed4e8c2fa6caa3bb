import { Reader } from '../../../wasm/meter/reader.js'
import { readAlias } from './aliases.js'
import { readCanon } from './canon.js'
import { add, named, readExternType, readIndex, readSort } from './externs.js'
import { at, each, readExternName, readFlag, toInner } from './read.js'
import { type Entity, Scope, toNested } from './scope.js'
import { Instantiation } from './substitute.js'
import { readType } from './types.js'

const SECTION = { custom: 0, coreModule: 1, coreInstance: 2, coreType: 3, component: 4, instance: 5, alias: 6, type: 7, canon: 8, start: 9, import: 10, export: 11 } as const

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]

/** What is told of a component while it is read. */
export interface ComponentEvents {
  /** The bytes of a core module in it, at whatever depth. */
  readonly onModule?: (bytes: Uint8Array) => void
  /** A custom section of the component itself. */
  readonly onCustom?: (name: string, payload: Uint8Array) => void
}

interface Reading extends ComponentEvents {
  readonly instantiation: Instantiation
}

export const isComponent = (bytes: Uint8Array): boolean => PREAMBLE.every((byte, index) => bytes[index] === byte)

export const isCoreModule = (bytes: Uint8Array): boolean => PREAMBLE.slice(0, 4).every((byte, index) => bytes[index] === byte) && [1, 0, 0, 0].every((byte, index) => bytes[4 + index] === byte)

/**
 * Reads what a component imports and exports, with all types.
 * @throws MeterError `malformed`
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 */
export function readComponent(bytes: Uint8Array, events: ComponentEvents = {}): Scope {
  const scope = new Scope(undefined, 0)
  if (!isComponent(bytes)) new Reader(bytes, 0, bytes.length).malformed('no component')
  readBody(new Reader(bytes, PREAMBLE.length, bytes.length), scope, { ...events, instantiation: new Instantiation() })
  return scope
}

function readBody(reader: Reader, scope: Scope, reading: Reading): void {
  while (!reader.done) {
    const id = reader.u8()
    const section = reader.take(reader.u32())
    if (id === SECTION.coreModule) reading.onModule?.(section.bytes.subarray(section.pos, section.end))
    else if (id === SECTION.component) readNested(section, scope, reading)
    else if (id === SECTION.start) section.malformed('a start section')
    else if (id === SECTION.instance) each(section, 2, () => readInstance(section, scope, reading))
    else if (id === SECTION.alias) each(section, 3, () => readAlias(section, scope))
    else if (id === SECTION.type) each(section, 1, () => scope.types.push(readType(section, scope)))
    else if (id === SECTION.canon) each(section, 1, () => readCanon(section, scope))
    else if (id === SECTION.import) each(section, 3, () => readImport(section, scope))
    else if (id === SECTION.export) each(section, 4, () => readExport(section, scope))
    else if (id > SECTION.export) section.malformed(`section ${id}`)
    else {
      if (id === SECTION.custom && scope.parent === undefined) reading.onCustom?.(section.name(), section.bytes.subarray(section.pos, section.end))
      continue
    }
    if (id !== SECTION.coreModule && id !== SECTION.component) section.finish(`section ${id}`)
  }
}

function readNested(reader: Reader, parent: Scope, reading: Reading): void {
  const scope = toInner(reader, parent)
  for (const byte of PREAMBLE) if (reader.u8() !== byte) reader.malformed('no component')
  readBody(reader, scope, reading)
  parent.components.push(toNested(scope))
}

function readInstance(reader: Reader, scope: Scope, { instantiation }: Reading): void {
  const form = reader.u8()
  if (form > 1) reader.malformed('an instance')
  const nested = form === 0 ? at(reader, scope.components, 'component') : undefined
  const items = new Map<string, Entity>()
  each(reader, 3, () => {
    const name = form === 0 ? reader.name() : readExternName(reader)
    items.set(name, readIndex(reader, scope, readSort(reader)))
  })
  scope.instances.push(nested === undefined ? { sort: 'instance', exports: items } : instantiation.instantiate(nested, items, reader))
}

function readImport(reader: Reader, scope: Scope): void {
  const name = readExternName(reader)
  scope.imports.set(name, readExternType(reader, scope, name))
}

function readExport(reader: Reader, scope: Scope): void {
  const name = readExternName(reader)
  const sort = readSort(reader)
  let item = readIndex(reader, scope, sort)
  if (sort === 'type' && (item.sort === 'value' || item.sort === 'resource')) item = named(item, name)
  if (readFlag(reader)) item = readAscribed(reader, scope, name, item)
  else add(reader, scope, sort, item)
  scope.exports.set(name, item)
}

/** An export may say its type anew, in names that are exported themselves; a resource stays the same. */
function readAscribed(reader: Reader, scope: Scope, name: string, item: Entity): Entity {
  const ascribed = readExternType(reader, scope, name)
  if (ascribed.sort !== 'resource' || item.sort !== 'resource') return ascribed
  scope.types[scope.types.length - 1] = item
  return item
}
