import { toCamel } from './names.js'
import { ARRAYS, BIG_INTEGERS, INTEGERS, isTagged } from './value-kinds.js'
import type { ValueType } from './world.js'

/** A value that is none of its type; the message says where. */
export class ValueError extends Error {
  override readonly name = 'ValueError'
}

/**
 * A copy of a value of the host's, as the glue takes values of this type. The glue itself would make numbers of
 * anything: what does not fit is refused here.
 * @throws ValueError
 */
export function toGuestValue(value: unknown, type: ValueType, at: string): unknown {
  const integer = INTEGERS.get(type.kind)
  if (integer !== undefined) return toInteger(value, integer, { at, kind: type.kind })
  const big = BIG_INTEGERS.get(type.kind)
  if (big !== undefined) return toBigInteger(value, big, { at, kind: type.kind })
  switch (type.kind) {
    case 'bool':
      return typeof value === 'boolean' ? value : refuse(at, 'a boolean', value)
    case 'f32':
    case 'f64':
      return typeof value === 'number' ? value : refuse(at, 'a number', value)
    case 'char':
      return typeof value === 'string' && [...value].length === 1 && value.isWellFormed() ? value : refuse(at, 'a text of one character', value)
    case 'string':
      return typeof value === 'string' && value.isWellFormed() ? value : refuse(at, 'a well-formed text', value)
    case 'list':
      return toList(value, type, at)
    case 'tuple':
      if (!Array.isArray(value) || value.length !== type.items.length) return refuse(at, `a list of ${type.items.length}`, value)
      return type.items.map((item, index) => toGuestValue(value[index], item, `${at}[${index}]`))
    case 'option':
      return toOption(value, type, at)
    case 'result':
      return toCase(value, [{ name: 'ok', type: type.ok }, { name: 'err', type: type.error }], at)
    case 'variant':
      return toCase(value, type.cases, at)
    case 'enum':
      return typeof value === 'string' && type.names.includes(value) ? value : refuse(at, oneOf(type.names), value)
    case 'flags':
      return toObject(value, at, type.names.map((name) => ({ key: toCamel(name), read: (given, where) => (given === undefined || typeof given === 'boolean' ? given === true : refuse(where, 'a boolean', given)) })))
    case 'record':
      return toObject(value, at, type.fields.map((field) => ({ key: toCamel(field.name), read: (given, where) => toGuestValue(given, field.type, where) })))
    default:
      return refuse(at, 'data', value)
  }
}

function toInteger(value: unknown, [least, most]: readonly [number, number], { at, kind }: { readonly at: string; readonly kind: string }): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  return refuse(at, `a whole number from ${least} to ${most} (${kind})`, value)
}

function toBigInteger(value: unknown, [least, most]: readonly [bigint, bigint], { at, kind }: { readonly at: string; readonly kind: string }): bigint {
  const big = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof big === 'bigint' && big >= least && big <= most) return big
  return refuse(at, `a bigint from ${least} to ${most} (${kind})`, value)
}

function toList(value: unknown, { element, length }: Extract<ValueType, { kind: 'list' }>, at: string): unknown {
  const numbers = ARRAYS.get(element.kind)
  if (!Array.isArray(value) && !(numbers !== undefined && value instanceof numbers)) return refuse(at, numbers === undefined ? 'a list' : `a list or ${numbers.name}`, value)
  const given = value as ArrayLike<unknown>
  const count = given.length
  if (length !== undefined && count !== length) return refuse(at, `a list of ${length}`, value)
  if (numbers === undefined) return Array.from({ length: count }, (_, index) => toGuestValue(given[index], element, `${at}[${index}]`))
  const copy = new numbers(count)
  if (Array.isArray(value)) for (let i = 0; i < count; i++) copy[i] = toGuestValue(value[i], element, `${at}[${i}]`) as never
  else copy.set(value as never)
  return copy
}

function toOption(value: unknown, type: Extract<ValueType, { kind: 'option' }>, at: string): unknown {
  if (!isTagged(type)) return value === undefined || value === null ? undefined : toGuestValue(value, type.some, at)
  return toCase(value, [{ name: 'none', type: undefined }, { name: 'some', type: type.some }], at)
}

function toCase(value: unknown, cases: readonly { readonly name: string; readonly type: ValueType | undefined }[], at: string): unknown {
  if (!isObject(value)) return refuse(at, 'an object with a tag', value)
  const { tag, val } = value as { readonly tag?: unknown; readonly val?: unknown }
  const found = cases.find(({ name }) => name === tag)
  if (found === undefined) return refuse(`${at}.tag`, oneOf(cases.map(({ name }) => name)), tag)
  if (found.type !== undefined) return { tag, val: toGuestValue(val, found.type, `${at}.val`) }
  return val === undefined ? { tag } : refuse(`${at}.val`, 'nothing', val)
}

interface Field {
  readonly key: string
  readonly read: (given: unknown, at: string) => unknown
}

function toObject(value: unknown, at: string, fields: readonly Field[]): unknown {
  if (!isObject(value)) return refuse(at, 'an object', value)
  const unknown = Object.keys(value).find((key) => !fields.some((field) => field.key === key))
  if (unknown !== undefined) throw new ValueError(`${at} has the unknown key ${JSON.stringify(unknown)}; its keys are ${fields.map(({ key }) => key).join(', ')}`)
  const copy = Object.create(null) as Record<string, unknown>
  for (const { key, read } of fields) copy[key] = read(Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined, `${at}.${key}`)
  return copy
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

const oneOf = (names: readonly string[]): string => `one of ${names.map((name) => JSON.stringify(name)).join(', ')}`

function refuse(at: string, expected: string, value: unknown): never {
  throw new ValueError(`${at}: expected ${expected}, got ${shown(value)}`)
}

function shown(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  return Array.isArray(value) ? 'a list' : `a${typeof value === 'object' ? 'n object' : ` ${typeof value}`}`
}
