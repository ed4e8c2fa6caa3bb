import type { Reader } from '../../../wasm/meter/reader.js'
import type { Primitive } from '../world.js'
import { readExternType } from './externs.js'
import { readAlias } from './aliases.js'
import { at, each, readExternName, readFlag, toInner } from './read.js'
import { type Func, type Resource, type Scope, toNested, type Type, type TypeNode, type Value } from './scope.js'

const PRIMITIVES: Readonly<Record<number, Primitive>> = {
  0x7f: 'bool', 0x7e: 's8', 0x7d: 'u8', 0x7c: 's16', 0x7b: 'u16', 0x7a: 's32', 0x79: 'u32', 0x78: 's64', 0x77: 'u64',
  0x76: 'f32', 0x75: 'f64', 0x74: 'char', 0x73: 'string', 0x64: 'error-context',
}

/** Reads a definition of a type section. */
export function readType(reader: Reader, scope: Scope): Type {
  const byte = reader.u8()
  const primitive = PRIMITIVES[byte]
  if (primitive !== undefined) return toValue({ kind: primitive })
  switch (byte) {
    case 0x40: return readFunc(reader, scope, false)
    case 0x43: return readFunc(reader, scope, true)
    case 0x41: return toNested(readDeclarations(reader, scope))
    case 0x42: return { sort: 'instance', exports: readDeclarations(reader, scope).exports }
    case 0x3f: return readResource(reader)
    default: return toValue(readNode(reader, scope, byte))
  }
}

const toValue = (type: TypeNode): Value => ({ sort: 'value', type, name: undefined, owner: undefined })

function readNode(reader: Reader, scope: Scope, byte: number): TypeNode {
  const value = (): Value => readValueType(reader, scope)
  const maybe = (): Value | undefined => (readFlag(reader) ? value() : undefined)
  const name = (): string => reader.name()
  switch (byte) {
    case 0x72: return { kind: 'record', fields: each(reader, 2, () => ({ name: name(), type: value() })) }
    case 0x71: return { kind: 'variant', cases: each(reader, 3, () => readCase(reader, name(), maybe())) }
    case 0x70: return { kind: 'list', element: value() }
    case 0x67: return { kind: 'list', element: value(), length: reader.u32() }
    case 0x6f: return { kind: 'tuple', items: each(reader, 1, value) }
    case 0x6e: return { kind: 'flags', names: each(reader, 1, name) }
    case 0x6d: return { kind: 'enum', names: each(reader, 1, name) }
    case 0x6b: return { kind: 'option', some: value() }
    case 0x6a: return { kind: 'result', ok: maybe(), error: maybe() }
    case 0x69: return { kind: 'own', resource: readHandle(reader, scope) }
    case 0x68: return { kind: 'borrow', resource: readHandle(reader, scope) }
    case 0x66: return { kind: 'stream', element: maybe() }
    case 0x65: return { kind: 'future', element: maybe() }
    default: return reader.malformed(`type 0x${byte.toString(16)} of a component`)
  }
}

/** A value type stands as a primitive or as the index of a type. */
function readValueType(reader: Reader, scope: Scope): Value {
  const byte = reader.bytes[reader.pos] ?? 0
  if (byte >= 0x40 && byte < 0x80) {
    const primitive = PRIMITIVES[reader.u8()]
    return primitive === undefined ? reader.malformed(`value type 0x${byte.toString(16)}`) : toValue({ kind: primitive })
  }
  const type = at(reader, scope.types, 'type')
  return type.sort === 'value' ? type : reader.malformed('a type that is not one of values')
}

function readHandle(reader: Reader, scope: Scope): Resource {
  const type = at(reader, scope.types, 'type')
  return type.sort === 'resource' ? type : reader.malformed('a handle of no resource')
}

function readCase(reader: Reader, name: string, type: Value | undefined): { readonly name: string; readonly type: Value | undefined } {
  if (reader.u8() !== 0) reader.malformed('a case that refines another')
  return { name, type }
}

function readFunc(reader: Reader, scope: Scope, isAsync: boolean): Func {
  const params = each(reader, 2, () => ({ name: reader.name(), type: readValueType(reader, scope) }))
  const form = reader.u8()
  if (form === 0) return { sort: 'function', params, result: readValueType(reader, scope), isAsync }
  if (form !== 1 || reader.u8() !== 0) reader.malformed('a list of results')
  return { sort: 'function', params, result: undefined, isAsync }
}

function readResource(reader: Reader): Resource {
  if (reader.u8() !== 0x7f) reader.malformed('a representation of resources')
  if (readFlag(reader)) reader.u32()
  return { sort: 'resource', name: undefined, owner: undefined }
}

/** Reads the declarations of a component or instance type. */
function readDeclarations(reader: Reader, parent: Scope): Scope {
  const scope = toInner(reader, parent)
  each(reader, 2, () => {
    const kind = reader.u8()
    if (kind === 1) scope.types.push(readType(reader, scope))
    else if (kind === 2) readAlias(reader, scope)
    else if (kind === 3 || kind === 4) {
      const name = readExternName(reader)
      const externs = kind === 3 ? scope.imports : scope.exports
      externs.set(name, readExternType(reader, scope, name))
    } else reader.malformed(`declaration 0x${kind.toString(16)}`)
  })
  return scope
}
