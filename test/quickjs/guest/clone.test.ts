import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import clone from '../../../src/quickjs/guest/libs/clone.js'
import { useSandbox, valueOf } from '../../support/sandbox.js'
import { EXACT, expectSame } from '../../codec/values.js'
import { pureCore } from './pure-core.js'

const ours = clone(pureCore()).structuredClone
const native = structuredClone

describe('structuredClone() copies as the native one does', () => {
  for (const [title, value] of Object.entries(EXACT)) it(title, () => expectSame(ours(value), native(value)))

  it('any data', () => {
    const data = fc.anything({ withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true, withNullPrototype: true, maxDepth: 4 })
    fc.assert(fc.property(data, (value) => expectSame(ours(value), native(value))), { numRuns: 500 })
  })

  it('errors with their class, cause and message', () => {
    class Custom extends TypeError {
      override name = 'Custom'
    }
    for (const error of [new RangeError('r', { cause: { a: 1 } }), new Custom('c'), Object.assign(new Error('n'), { name: 'SyntaxError' })]) {
      const [a, b] = [ours(error) as Error, native(error)]
      expect(Object.getPrototypeOf(a)).toBe(Object.getPrototypeOf(b))
      expect([a.name, a.message, a.cause, Object.keys(a)]).toEqual([b.name, b.message, b.cause, Object.keys(b)])
    }
  })

  it('getters by their value and class instances by their data', () => {
    class Point {
      x = 1
      get y() {
        return 2
      }
    }
    const copy = ours({ get sum() { return 3 }, point: new Point() })
    expectSame(copy, { sum: 3, point: { x: 1 } })
  })

  it('identity: cycles, shared objects, shared buffers', () => {
    const buffer = new ArrayBuffer(8)
    const value: Record<string, unknown> = { a: new Uint8Array(buffer, 2), b: new DataView(buffer) }
    value['self'] = value
    const copy = ours(value) as { a: Uint8Array; b: DataView; self: unknown }
    expect(copy.self).toBe(copy)
    expect(copy.a.buffer).toBe(copy.b.buffer)
    expect(copy.a.buffer).not.toBe(buffer)
  })

  it('nesting beyond any stack', () => {
    let deep: unknown = null
    for (let i = 0; i < 200_000; i++) deep = [deep]
    let copy = ours(deep)
    let levels = 0
    for (; Array.isArray(copy); copy = copy[0]) levels++
    expect(levels).toBe(200_000)
  })
})

describe('structuredClone() transfers', () => {
  it('buffers, which are detached behind it', () => {
    const buffer = new Uint8Array([1, 2, 3]).buffer
    const copy = ours({ view: new Uint8Array(buffer, 1) }, { transfer: [buffer] }) as { view: Uint8Array }
    expect([...copy.view]).toEqual([2, 3])
    expect(copy.view.buffer.byteLength).toBe(3)
    expect(buffer.byteLength).toBe(0)
    expect(() => ours(buffer)).toThrow(expect.objectContaining({ name: 'DataCloneError' }))
  })

  it('nothing when anything cannot be cloned', () => {
    const buffer = new ArrayBuffer(8)
    expect(() => ours([buffer, () => 1], { transfer: [buffer] })).toThrow(DOMException)
    expect(buffer.byteLength).toBe(8)
    for (const transfer of [[buffer, buffer], [{}], [1]]) expect(() => ours(1, { transfer })).toThrow(expect.objectContaining({ name: 'DataCloneError' }))
    expect(buffer.byteLength).toBe(8)
  })
})

describe('structuredClone() refuses', () => {
  for (const [title, value] of Object.entries({
    'a function': () => 1, 'a symbol': Symbol('s'), 'a nested function': { a: [function named() {}] }, 'a Promise': Promise.resolve(),
    'a WeakMap': new WeakMap(), 'a generator': (function* () {})(), 'a URL': new URL('a:b'),
  })) {
    it(title, () => expect(() => ours(value)).toThrow(expect.objectContaining({ name: 'DataCloneError', code: 25 })))
  }

  it('to be called without a value', () => expect(() => (ours as () => void)()).toThrow(TypeError))
})

describe('in a guest', () => {
  const { run } = useSandbox()

  it('structuredClone copies, transfers and refuses', async () => {
    const result = await run(`() => {
      const buffer = new Uint8Array([1, 2]).buffer
      const value = { d: new Date(5), m: new Map([[1, new Set([2])]]), b: buffer, e: new TypeError('x', { cause: 1 }), r: /x/g, n: [1, , NaN] }
      value.self = value
      const copy = structuredClone(value, { transfer: [buffer] })
      let refused
      try { structuredClone(() => 1) } catch (e) { refused = [e.name, e instanceof DOMException, e.message] }
      return [copy.self === copy, copy !== value, buffer.byteLength, copy.b.byteLength, copy.e instanceof TypeError, copy.e.cause, copy.d, copy.m, String(copy.r), copy.n, refused]
    }`)
    expectSame(valueOf(result), [true, true, 0, 2, true, 1, new Date(5), new Map([[1, new Set([2])]]), '/x/g', Object.assign([1], { 2: NaN }), ['DataCloneError', true, 'A function could not be cloned']])
  })
})
