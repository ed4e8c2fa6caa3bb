const flatten = (object, prefix = '') => Object.entries(object).flatMap(([key, value]) => value && typeof value === 'object' ? flatten(value, `${prefix}${key}.`) : [[prefix + key, value]])
export default Object.fromEntries(flatten({ a: 1, b: { c: [2, { d: null }], e: { f: 'x' } } }))
