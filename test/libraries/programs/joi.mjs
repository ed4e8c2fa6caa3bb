import Joi from 'joi'

const schema = Joi.object({ name: Joi.string().min(2).required(), age: Joi.number().integer().min(0), email: Joi.string().email({ tlds: false }), role: Joi.valid('a', 'b').default('a'), from: Joi.date().iso(), to: Joi.date().min(Joi.ref('from')) }).with('from', 'to')
const { error } = schema.validate({ name: 'A', age: -1, email: 'x', from: '2026-01-01' }, { abortEarly: false })
export default { good: schema.validate({ name: 'Ada', age: '36' }).value, bad: error.details.map(({ message, type }) => [type, message]) }
