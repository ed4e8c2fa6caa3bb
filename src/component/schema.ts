import { toCamel } from './names.js'
import { ARRAYS, BIG_INTEGERS, INTEGERS, isTagged } from './value-kinds.js'
import type { FunctionType, ValueType } from './world.js'

type Schema = Readonly<Record<string, unknown>>

/** How a schema names a type that JSON has not and guests of ours do. */
const NATIVE = 'x-glovebox-type'

/** JSON Schema of a function's parameters, as one object by their names. */
export function toInputSchema({ params }: FunctionType): Schema {
  return toObject(params.map(({ name, type }) => ({ key: toCamel(name), schema: toSchema(type, 'input'), optional: type.kind === 'option' })))
}

/** JSON Schema of what a function gives when all is well. */
export function toOutputSchema({ result }: FunctionType): Schema {
  const type = result?.kind === 'result' ? result.ok : result
  return type === undefined ? { [NATIVE]: 'undefined' } : toSchema(type, 'output')
}

/** Of what may be passed (`input`), or what comes (`output`): guests may pass plain lists where arrays of numbers come. */
function toSchema(type: ValueType, side: 'input' | 'output'): Schema {
  const of = (part: ValueType): Schema => toSchema(part, side)
  const integer = INTEGERS.get(type.kind)
  if (integer !== undefined) return { type: 'integer', minimum: integer[0], maximum: integer[1] }
  if (BIG_INTEGERS.has(type.kind)) return side === 'output' ? { [NATIVE]: 'bigint' } : { anyOf: [{ [NATIVE]: 'bigint' }, { type: 'integer' }] }
  switch (type.kind) {
    case 'bool':
      return { type: 'boolean' }
    case 'f32':
    case 'f64':
      return { type: 'number' }
    case 'char':
      return { type: 'string', minLength: 1, maxLength: 1 }
    case 'string':
      return { type: 'string' }
    case 'list': {
      const bound = type.length === undefined ? {} : { minItems: type.length, maxItems: type.length }
      const list = { type: 'array', items: of(type.element), ...bound }
      const numbers = ARRAYS.get(type.element.kind)
      if (numbers === undefined) return list
      return side === 'output' ? { [NATIVE]: numbers.name } : { anyOf: [list, { [NATIVE]: numbers.name }] }
    }
    case 'tuple':
      return { type: 'array', prefixItems: type.items.map(of), items: false, minItems: type.items.length, maxItems: type.items.length }
    case 'option':
      if (isTagged(type)) return { oneOf: [toCase('none', undefined, of), toCase('some', type.some, of)] }
      return side === 'output' ? { anyOf: [of(type.some), { [NATIVE]: 'undefined' }] } : { anyOf: [of(type.some), { type: 'null' }] }
    case 'result':
      return { oneOf: [toCase('ok', type.ok, of), toCase('err', type.error, of)] }
    case 'variant':
      return { oneOf: type.cases.map((each) => toCase(each.name, each.type, of)) }
    case 'enum':
      return { enum: [...type.names] }
    case 'flags':
      return toObject(type.names.map((name) => ({ key: toCamel(name), schema: { type: 'boolean' }, optional: side === 'input' })))
    case 'record':
      return toObject(type.fields.map((field) => ({ key: toCamel(field.name), schema: of(field.type), optional: field.type.kind === 'option' })))
    default:
      return {}
  }
}

function toCase(tag: string, val: ValueType | undefined, of: (type: ValueType) => Schema): Schema {
  return toObject([{ key: 'tag', schema: { const: tag }, optional: false }, ...(val === undefined ? [] : [{ key: 'val', schema: of(val), optional: val.kind === 'option' }])])
}

function toObject(fields: readonly { readonly key: string; readonly schema: Schema; readonly optional: boolean }[]): Schema {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(({ key, schema }) => [key, schema])),
    required: fields.filter(({ optional }) => !optional).map(({ key }) => key),
    additionalProperties: false,
  }
}
