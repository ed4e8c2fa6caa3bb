import Ajv from 'ajv'

const ajv = new Ajv({ allErrors: true, coerceTypes: true })
const validate = ajv.compile({
  type: 'object',
  properties: { name: { type: 'string', minLength: 2 }, age: { type: 'integer', minimum: 0 }, tags: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
  required: ['name', 'age'],
  additionalProperties: false,
})
const value = { name: 'Ada', age: '36' }
const good = validate(value)
const bad = validate({ name: 'A', tags: ['x', 'x'], more: 1 })
export default { good, value, bad, errors: ajv.errorsText(validate.errors), paths: validate.errors.map(({ keyword, instancePath }) => [keyword, instancePath]) }
