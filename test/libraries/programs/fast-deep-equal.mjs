import equal from 'fast-deep-equal'

export default [equal({ a: [1, { b: NaN }] }, { a: [1, { b: NaN }] }), equal(/a/g, /a/i), equal(new Date(1), new Date(1)), equal([1], [1, 2]), equal({ a: undefined }, {})]
