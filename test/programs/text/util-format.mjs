import util from 'node:util'
console.log(util.format('%s is %d years and %i days, %j %o', 'Ada', 36.5, 12.9, { a: 1 }, [1]), util.inspect({ a: { b: { c: { d: 1 } } }, f() {}, s: Symbol('x'), m: new Map([[1, { x: 2 }]]) }))
console.log(util.inspect('it\'s'), util.isDeepStrictEqual({ a: [1] }, { a: [1] }), util.types.isDate(new Date()))
