import * as yup from 'yup'

const schema = yup.object({ name: yup.string().trim().required(), age: yup.number().positive().integer(), site: yup.string().url().nullable(), tags: yup.array().of(yup.string().min(2)) })
const bad = await schema.validate({ name: '', age: -1, tags: ['x'] }, { abortEarly: false }).catch((error) => error)
export default { good: await schema.validate({ name: ' Ada ', age: '36' }), bad: bad.errors, paths: bad.inner.map(({ path, type }) => [path, type]) }
