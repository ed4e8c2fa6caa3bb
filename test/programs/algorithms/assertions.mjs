import assert from 'node:assert'
assert.deepStrictEqual({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })
for (const check of [() => assert.equal(1, 2), () => assert(false, 'told so'), () => assert.throws(() => {})]) {
  try { check(); console.log('passed') } catch (error) { console.log(error.name, error.code) }
}
