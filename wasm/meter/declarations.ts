import { MeterError } from './error.js'
import type { Reader } from './reader.js'

export interface Limits {
  readonly min: number
  readonly max: number | undefined
}

export interface FuncType {
  /** Equal for equal types. */
  readonly key: string
  readonly params: number
}

export interface GlobalType {
  readonly type: number
  readonly mutable: boolean
}

export interface TableType extends Limits {
  readonly type: number
}

export const VALUE_TYPES: Readonly<Record<number, string>> = {
  0x7f: 'i32',
  0x7e: 'i64',
  0x7d: 'f32',
  0x7c: 'f64',
  0x7b: 'v128',
  0x70: 'funcref',
  0x6f: 'externref',
}

export const FUNCREF = 0x70
export const EXTERNREF = 0x6f

/** Refuses a type byte by the proposal it comes from. */
export function refuseType(reader: Reader, at: number, byte: number, what: string): never {
  if (byte === 0x63 || byte === 0x64) throw new MeterError('function-references', at, `a typed reference as ${what}`)
  if (byte === 0x69 || byte === 0x74 || byte === 0x68) throw new MeterError('exceptions', at, `an exception reference as ${what}`)
  if (byte === 0x75) throw new MeterError('stack-switching', at, `a continuation reference as ${what}`)
  if (byte >= 0x6a && byte <= 0x73) throw new MeterError('gc', at, `a managed reference as ${what}`)
  if (byte === 0x65) throw new MeterError('threads', at, `a shared reference as ${what}`)
  return reader.malformed(`type 0x${byte.toString(16)} as ${what}`)
}

export function readValueType(reader: Reader): number {
  const at = reader.pos
  const byte = reader.u8()
  return VALUE_TYPES[byte] === undefined ? refuseType(reader, at, byte, 'a value type') : byte
}

export function readRefType(reader: Reader): number {
  const at = reader.pos
  const byte = reader.u8()
  return byte === FUNCREF || byte === EXTERNREF ? byte : refuseType(reader, at, byte, 'a reference type')
}

export function readFuncType(reader: Reader): FuncType {
  const at = reader.pos
  const form = reader.u8()
  if (form !== 0x60) {
    if (form === 0x5d) throw new MeterError('stack-switching', at, 'a continuation type')
    if (form >= 0x4c && form <= 0x5f) throw new MeterError('gc', at, 'a struct, array, sub or recursive type')
    throw new MeterError('malformed', at, `type form 0x${form.toString(16)}`)
  }
  const list = (): string => {
    let key = ''
    for (let left = reader.count(1); left > 0; left -= 1) key += String.fromCharCode(readValueType(reader))
    return key
  }
  const params = list()
  return { params: params.length, key: `${params}>${list()}` }
}

/** Reads limits; `flags` beyond a maximum belong to proposals, and are refused by name. */
function readLimits(reader: Reader, of: 'memory' | 'table'): Limits {
  const at = reader.pos
  const flags = reader.u8()
  if (flags > 1) {
    if ((flags & 0x04) !== 0) throw new MeterError('memory64', at, `a 64-bit ${of}`)
    if ((flags & 0x02) !== 0) throw new MeterError('threads', at, `a shared ${of}`)
    if (flags === 0x08 || flags === 0x09) throw new MeterError('custom-page-sizes', at, 'a memory with its own page size')
    throw new MeterError('malformed', at, `limits flags 0x${flags.toString(16)}`)
  }
  const min = reader.u32()
  const max = flags === 1 ? reader.u32() : undefined
  if (max !== undefined && max < min) throw new MeterError('malformed', at, 'a maximum below the minimum')
  return { min, max }
}

export const readMemoryType = (reader: Reader): Limits => {
  const at = reader.pos
  const limits = readLimits(reader, 'memory')
  if (limits.min > 65536 || (limits.max ?? 0) > 65536) throw new MeterError('malformed', at, 'a memory beyond 4 GiB')
  return limits
}

export const readTableType = (reader: Reader): TableType => {
  const at = reader.pos
  if (reader.bytes[at] === 0x40) throw new MeterError('function-references', at, 'a table with an initial value')
  const type = readRefType(reader)
  return { type, ...readLimits(reader, 'table') }
}

export const readGlobalType = (reader: Reader): GlobalType => {
  const type = readValueType(reader)
  const at = reader.pos
  const mutability = reader.u8()
  if (mutability > 1) throw new MeterError((mutability & 2) !== 0 ? 'threads' : 'malformed', at, `mutability 0x${mutability.toString(16)}`)
  return { type, mutable: mutability === 1 }
}
