import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode, EncodeError } from '../../src/codec.js'
import { EXACT, expectSame, REFUSED } from './values.js'

const trip = (value: unknown) => decode(encode(value, { from: 'guest' }))

describe('encode() and decode() carry exactly', () => {
  for (const [title, value] of Object.entries(EXACT)) it(title, () => expectSame(trip(value), value))

  it('what a property test finds', () => {
    const anything = fc.anything({
      withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withSet: true, withObjectString: true,
      withTypedArray: true, withSparseArray: true, withUnicodeString: true, maxDepth: 4,
    })
    fc.assert(fc.property(anything, (value) => expectSame(trip(value), value)), { numRuns: 2000 })
  })

  it('graphs with arbitrary sharing and cycles', () => {
    const graph = fc.array(fc.record({ next: fc.array(fc.nat(20), { maxLength: 4 }), leaf: fc.constantFrom(1, 'x', undefined, 2n) }), { minLength: 1, maxLength: 12 })
    fc.assert(fc.property(graph, (spec) => {
      const nodes = spec.map(({ leaf }) => ({ leaf, next: [] as unknown[] }))
      spec.forEach(({ next }, i) => next.forEach((to) => nodes[i]!.next.push(nodes[to % nodes.length])))
      expectSame(trip(nodes[0]), nodes[0])
      const copies = trip(nodes) as typeof nodes
      copies.forEach((copy, i) => copy.next.forEach((to, j) => expect(copies.indexOf(to as never)).toBe(nodes.indexOf(nodes[i]!.next[j] as never))))
    }), { numRuns: 300 })
  })
})

describe('encode() keeps', () => {
  it('identity', () => {
    const shared = { a: 1 }
    const [first, second] = trip([shared, shared]) as object[]
    expect(first).toBe(second)
  })

  it('views on one buffer', () => {
    const buffer = new ArrayBuffer(16)
    const copy = trip([new Uint8Array(buffer, 4, 4), new Float64Array(buffer), buffer]) as [Uint8Array, Float64Array, ArrayBuffer]
    expect(copy[0].buffer).toBe(copy[2])
    expect(copy[1].buffer).toBe(copy[2])
    expect([copy[0].byteOffset, copy[0].length]).toEqual([4, 4])
  })

  it('errors with their class, name, message, stack, code, cause and errors', () => {
    class AppError extends RangeError {
      override name = 'AppError'
      code = 'E_APP'
    }
    const cause = new TypeError('inner')
    const thrown = Object.defineProperty(new AppError('outer', { cause }), 'stack', { value: 'at main.js:1:2' })
    const error = trip(thrown) as AppError
    expect(error).toBeInstanceOf(RangeError)
    expect(Object.getPrototypeOf(error)).toBe(RangeError.prototype)
    expect(error).toMatchObject({ name: 'AppError', message: 'outer', code: 'E_APP' })
    expect(error.stack).toBe('at main.js:1:2')
    expect(error.cause).toBeInstanceOf(TypeError)
    expect(Object.keys(error)).toEqual(['code'])
    const many = trip(new AggregateError([cause, 1], 'many')) as AggregateError
    expect(many).toBeInstanceOf(AggregateError)
    expect(many.errors[0]).toMatchObject({ message: 'inner' })
    expect(many.errors[1]).toBe(1)
    expect(trip(new DOMException('gone', 'AbortError'))).toMatchObject({ name: 'AbortError', message: 'gone', code: 20 })
  })

  it('the data of class instances and null-prototype objects, as plain objects', () => {
    class Point {
      x = 1
      get y() {
        return 2
      }
    }
    const copy = trip({ point: new Point(), bare: Object.assign(Object.create(null) as object, { z: 3 }), u: undefined })
    expectSame(copy, { point: { x: 1 }, bare: { z: 3 }, u: undefined })
    expectSame(trip(Object.assign(Object.create(null) as object, { z: 3 })), { z: 3 })
    expectSame(trip(Object.create(Map.prototype)), {})
  })

  it('what JSON carries as JSON and nothing else', () => {
    expect(encode({ a: [1, 'x', null, { b: true }] })).toEqual({ text: '{"a":[1,"x",null,{"b":true}]}', blobs: [] })
  })
})

describe('encode() refuses, naming the path:', () => {
  for (const [title, make, path, what] of REFUSED) {
    it(title, () => {
      expect(() => encode(make())).toThrow(expect.objectContaining({ name: 'EncodeError', reason: 'refused', path, what }))
    })
  }

  it('a proxy, without touching it', () => {
    const trap = () => {
      throw new Error('was run')
    }
    const proxy = new Proxy({}, { get: trap, getPrototypeOf: trap, ownKeys: trap, getOwnPropertyDescriptor: trap, has: trap })
    const isProxy = (value: object) => value === proxy
    expect(() => encode({ a: [proxy] }, { isProxy })).toThrow('Cannot carry $.a[0]: a proxy')
    expect(() => encode({ a: Object.create(proxy) as object }, { isProxy })).toThrow('Cannot carry $.a: an object with a proxy for a prototype')
  })

  it('a detached ArrayBuffer', () => {
    const buffer = new ArrayBuffer(8)
    const view = new DataView(buffer)
    structuredClone(buffer, { transfer: [buffer] })
    expect(() => encode({ buffer })).toThrow('Cannot carry $.buffer: a detached ArrayBuffer')
    expect(() => encode([view])).toThrow('Cannot carry $[0]: a view of a detached ArrayBuffer')
  })

  it('nesting beyond maxDepth, of any kind, without overflowing the stack', () => {
    const nest = (levels: number, wrap: (inner: unknown) => unknown) => {
      let value: unknown = 0
      for (let i = 0; i < levels; i++) value = wrap(value)
      return value
    }
    for (const wrap of [(v: unknown) => [v], (v: unknown) => ({ v }), (v: unknown) => new Map([[v, v]]), (cause: unknown) => new Error('x', { cause })]) {
      expect(() => encode(nest(1001, wrap))).toThrow(expect.objectContaining({ reason: 'depth' }))
      expect(() => encode(nest(100_000, wrap))).toThrow(EncodeError)
      expect(() => trip(nest(1000, wrap))).not.toThrow()
    }
  })

  it('more than maxBytes, early', () => {
    const big = 'x'.repeat(1 << 20)
    const many = Array.from({ length: 2000 }, () => ({ big }))
    for (const value of [big, many, [many, undefined], new Uint8Array(1 << 20), 2n ** 100_000n, new Set([big])]) {
      expect(() => encode(value, { maxBytes: 20_000 })).toThrow(expect.objectContaining({ reason: 'size' }))
    }
    expect(() => encode(Array(1e6).fill(0), { maxBytes: 1e6 })).toThrow(expect.objectContaining({ reason: 'size' }))
  })
})

describe('encode() of the host\'s own values', () => {
  it('leaves the stack of an error behind', () => {
    const { text } = encode({ error: new Error('x', { cause: new Error('y') }), gone: new DOMException('z', 'AbortError') })
    expect(text).not.toMatch(/stack|round-trip/)
    const { error } = decode(encode({ error: new Error('x') })) as { error: Error }
    expect(error.stack).toBe('Error: x')
  })

  it('takes only the viewed part of a pooled buffer along', () => {
    Buffer.from('a secret in the pool')
    const message = encode([Buffer.from('public'), new DataView(new ArrayBuffer(100), 10, 4)])
    expect(message.blobs.map((blob) => Buffer.from(blob).toString('latin1'))).toEqual(['public', '\0\0\0\0'])
    const [bytes, view] = decode(message) as [Uint8Array, DataView]
    expect(Buffer.from(bytes).toString()).toBe('public')
    expect([bytes.byteOffset, bytes.buffer.byteLength, view.byteLength]).toEqual([0, 6, 4])
  })

  it('runs no toJSON, wherever it is', () => {
    const own = { toJSON: 1, d: new Date(5) }
    expectSame(trip(own), own)
    const polluted = Object.prototype as { toJSON?: unknown }
    polluted.toJSON = () => 'was run'
    try {
      expectSame(decode(encode({ a: [1, { b: new Map([[1, /x/]]) }] })), { a: [1, { b: new Map([[1, /x/]]) }] })
    } finally {
      delete polluted.toJSON
    }
  })
})
