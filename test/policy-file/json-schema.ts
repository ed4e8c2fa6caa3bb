type Schema = Readonly<Record<string, unknown>>

/** Keywords that say nothing about what is valid. */
const NOTES: ReadonlySet<string> = new Set(['$schema', '$id', 'title', 'description', 'default'])

/**
 * Whether `value` is valid, for the part of JSON Schema 2020-12 our schema is written in; throws for any other keyword,
 * so that nothing is taken for checked that is not.
 */
export function validates(schema: unknown, value: unknown): boolean {
  if (typeof schema === 'boolean') return schema
  return Object.entries(schema as Schema).every(([keyword, rule]) => holds(schema as Schema, keyword, rule, value))
}

function holds(schema: Schema, keyword: string, rule: unknown, value: unknown): boolean {
  if (NOTES.has(keyword)) return true
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const object = value as Readonly<Record<string, unknown>>
  switch (keyword) {
    case 'type':
      return hasType(rule, value)
    case 'const':
      return value === rule
    case 'enum':
      return (rule as unknown[]).includes(value)
    case 'anyOf':
      return (rule as unknown[]).some((branch) => validates(branch, value))
    case 'oneOf':
      return (rule as unknown[]).filter((branch) => validates(branch, value)).length === 1
    case 'properties':
      return !isObject || Object.entries(rule as Schema).every(([name, inner]) => !Object.hasOwn(object, name) || validates(inner, object[name]))
    case 'required':
      return !isObject || (rule as string[]).every((name) => Object.hasOwn(object, name))
    case 'additionalProperties': {
      const named = (schema['properties'] ?? {}) as Schema
      return !isObject || Object.keys(object).every((name) => Object.hasOwn(named, name) || validates(rule, object[name]))
    }
    case 'propertyNames':
      return !isObject || Object.keys(object).every((name) => validates(rule, name))
    case 'items':
      return !Array.isArray(value) || value.every((item) => validates(rule, item))
    case 'pattern':
      return typeof value !== 'string' || new RegExp(rule as string, 'u').test(value)
    case 'minLength':
      return typeof value !== 'string' || [...value].length >= (rule as number)
    case 'minimum':
      return typeof value !== 'number' || value >= (rule as number)
    case 'maximum':
      return typeof value !== 'number' || value <= (rule as number)
    case 'exclusiveMinimum':
      return typeof value !== 'number' || value > (rule as number)
    default:
      throw new Error(`the validator of this test does not know the keyword "${keyword}"`)
  }
}

function hasType(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'array':
      return Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}
