import { describe, expect, it } from 'vitest'
import { showValue } from '../../src/cli/show-value.js'

describe('showValue()', () => {
  it.each<readonly [unknown, string]>([
    ['a text\nof lines', 'a text\nof lines'],
    [42, '42'],
    [1n, '1n'],
    [-0, '-0'],
    [null, 'null'],
    [{ a: [1, 'x'], b: new Map([[1, { c: undefined }]]) }, "{ a: [ 1, 'x' ], b: Map(1) { 1 => { c: undefined } } }"],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('shows %o', (value, shown) => {
    expect(showValue(value)).toBe(shown)
  })

  it('writes out terminal controls wherever they hide', () => {
    const evil = '\u001b]0;owned\u0007\u202e'
    const error = new Error(evil)
    error.stack = `Error: ${evil}`
    for (const value of [evil, [evil], { [evil]: evil }, new Map([[evil, evil]]), new Set([evil]), error, Object.assign([], { [evil]: 1 }), new RegExp(evil)]) {
      expect(showValue(value)).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u)
    }
  })

  it('runs nothing a value brings to inspect itself', () => {
    const value = { [Symbol.for('nodejs.util.inspect.custom')]: () => expect.unreachable('it was run') }
    expect(showValue(value)).toContain('inspect.custom')
  })

  it('ends for values whose tree view has no end or more leaves than atoms', () => {
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    expect(showValue(circle)).toContain('[Circular')
    let doubling: unknown = ['leaf']
    for (let level = 0; level < 60; level++) doubling = Array.from({ length: 50 }, () => doubling)
    let chained: unknown = new Error('leaf')
    for (let level = 0; level < 60; level++) chained = new Map([[chained, chained], [{ chained }, new Set([chained])]])
    let gathered: unknown = 'leaf'
    for (let level = 0; level < 60; level++) gathered = new AggregateError(Array.from({ length: 50 }, () => gathered), 'many')
    let extended: unknown = 'leaf'
    for (let level = 0; level < 60; level++) extended = Object.assign([], Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`p${index}`, extended])))
    const began = performance.now()
    for (const value of [doubling, chained, gathered, extended]) expect(showValue(value).length).toBeLessThan(2_000_000)
    expect(performance.now() - began).toBeLessThan(4000)
  })

  it('shows an error with its message and the frames of the guest', () => {
    const error = Object.assign(new RangeError('too far'), { code: 'E' })
    error.stack = '    at f (main.js:1:2)\n    at main (glovebox:prelude:1:9)\n'
    expect(showValue([error])).toBe("[\n  RangeError: too far\n      at f (main.js:1:2) {\n    code: 'E'\n  }\n]")
  })

  it('says that there is more than it shows', () => {
    expect(showValue(Array.from({ length: 1000 }, (_, index) => index))).toContain('900 more items')
  })
})
