import { toCamel } from './names.js'
import { ValueError } from './value-in.js'
import { ARRAYS, BIG_INTEGERS, INTEGERS, isTagged, type NumberArray } from './value-kinds.js'
import type { ValueType } from './world.js'

/** Counts the bytes of what is copied, and throws when there are too many. */
export type Take = (bytes: number) => void

/** What a field, an element or a tag counts, whatever it holds. */
const NODE_BYTES = 4

/**
 * A copy of what the glue made of a guest's value: plain data of the host's, of exactly this type, which shares nothing
 * with the instance.
 * @throws ValueError for what is none of its type
 */
export function toHostValue(value: unknown, type: ValueType, take: Take): unknown {
  take(NODE_BYTES)
  if (INTEGERS.has(type.kind) || type.kind === 'f32' || type.kind === 'f64') return typeof value === 'number' ? value : refuse(type)
  if (BIG_INTEGERS.has(type.kind)) return typeof value === 'bigint' ? value : refuse(type)
  switch (type.kind) {
    case 'bool':
      return typeof value === 'boolean' ? value : refuse(type)
    case 'char':
    case 'string':
      if (typeof value !== 'string') return refuse(type)
      take(value.length)
      return value
    case 'enum':
      return typeof value === 'string' && type.names.includes(value) ? value : refuse(type)
    case 'list':
      return toList(value, type, take)
    case 'tuple':
      if (!Array.isArray(value) || value.length !== type.items.length) return refuse(type)
      return type.items.map((item, index) => toHostValue(value[index], item, take))
    case 'option':
      if (!isTagged(type)) return value === undefined || value === null ? undefined : toHostValue(value, type.some, take)
      return toCase(value, type, [{ name: 'none', type: undefined }, { name: 'some', type: type.some }], take)
    case 'result':
      return toCase(value, type, [{ name: 'ok', type: type.ok }, { name: 'err', type: type.error }], take)
    case 'variant':
      return toCase(value, type, type.cases, take)
    case 'flags': {
      const given = toRecord(value, type)
      return Object.fromEntries(type.names.map((name) => [toCamel(name), given[toCamel(name)] === true]))
    }
    case 'record': {
      const given = toRecord(value, type)
      return Object.fromEntries(type.fields.map((field) => [toCamel(field.name), toHostValue(given[toCamel(field.name)], field.type, take)]))
    }
    default:
      return refuse(type)
  }
}

function toList(value: unknown, type: Extract<ValueType, { kind: 'list' }>, take: Take): unknown {
  const numbers = ARRAYS.get(type.element.kind)
  if (numbers !== undefined && value instanceof numbers) {
    take((value as NumberArray).byteLength)
    return (value as NumberArray).slice()
  }
  if (!Array.isArray(value)) return refuse(type)
  return value.map((each) => toHostValue(each, type.element, take))
}

function toCase(value: unknown, type: ValueType, cases: readonly { readonly name: string; readonly type: ValueType | undefined }[], take: Take): unknown {
  const { tag, val } = toRecord(value, type)
  const found = cases.find(({ name }) => name === tag) ?? refuse(type)
  return found.type === undefined ? { tag: found.name } : { tag: found.name, val: toHostValue(val, found.type, take) }
}

function toRecord(value: unknown, type: ValueType): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : refuse(type)
}

function refuse({ kind }: ValueType): never {
  throw new ValueError(`expected a value of the kind ${kind}`)
}
