import { describe, expect, it } from 'vitest'
import { useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()

describe('values cross by value', () => {
  const shared = { s: 1 }
  const cyclic: Record<string, unknown> = { name: 'c', shared, again: shared }
  cyclic['self'] = cyclic
  it.each<[string, unknown]>([
    ['undefined', undefined], ['null', null], ['NaN', NaN], ['-0', -0], ['Infinity', Infinity], ['a BigInt', 12345678901234567890n],
    ['a Date', new Date(1e12)], ['a RegExp', /a+/gi], ['a Map', new Map<unknown, unknown>([[{ k: 1 }, NaN], ['b', new Set([1])]])],
    ['an ArrayBuffer', new Uint8Array([1, 2, 3]).buffer], ['typed arrays', [new Float64Array([1.5, -0]), new BigInt64Array([-1n]), new Uint8ClampedArray([255])]],
    ['NUL and lone surrogates', 'a\0b\ud800c'], ['an emoji', '👩‍🚀'], ['a cycle and shared references', cyclic],
    ['an own __proto__', JSON.parse('{"__proto__":{"polluted":true},"a":1}')], ['keys that look like tags', { $: 1, '': 2, $bigint: '3' }],
  ])('%s: there and back', async (_name, value) => {
    const result = await run('return input', { input: value })
    const returned = valueOf(result)
    expect(returned).toEqual(value)
    if (value === cyclic) {
      expect(returned.self).toBe(returned)
      expect(returned.shared).toBe(returned.again)
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('an error is an error', async () => {
    const value = valueOf(await run('return new TypeError("t", { cause: 1 })'))
    expect(value).toBeInstanceOf(TypeError)
    expect(value).toMatchObject({ message: 't', cause: 1 })
    expect(value.stack).toMatch(/^TypeError: t\n    at .*main\.js:1/)
    expect(value.stack).not.toContain('glovebox')
  })

  it.each([
    ['a function', 'return { a: [() => 1] }', '$.a[0]'],
    ['a symbol', 'return { s: Symbol("x") }', '$.s'],
    ['a proxy', 'return [new Proxy({}, {})]', '$[0]'],
    ['a getter', 'return { get a() { return 1 } }', '$.a'],
    ['a promise inside', 'return { p: Promise.resolve(1) }', '$.p'],
  ])('%s is refused with its path', async (_name, source, path) => {
    expect(await run(source)).toMatchObject({ outcome: 'threw', error: { message: expect.stringContaining(path) } })
  })

  it.each([
    ['toJSON is not called', 'return { toJSON() { return 1 } }', { outcome: 'threw' }],
    ['a class instance is its data', 'class A { x = 1 } return new A()', { outcome: 'returned', value: { x: 1 } }],
    ['a then that is data', 'return [{ then: 1 }]', { outcome: 'returned', value: [{ then: 1 }] }],
    ['an absurd length', 'const a = []; a.length = 2 ** 32 - 1; return a', { outcome: 'threw' }],
    ['a deep value', 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a', { outcome: 'threw' }],
  ])('%s', async (_name, source, expected) => {
    expect(await run(source, { limits: { deadlineMs: 5000 } })).toMatchObject(expected)
  })

  it('a guest that replaces every built-in it can still returns its value', async () => {
    const source = `
      for (const C of [Object, Array, String, Map, Set, JSON, Reflect, Promise, Function, Error, Uint8Array, ArrayBuffer])
        for (const o of [C, C.prototype]) if (o) for (const k of Reflect.ownKeys(o)) { if (k === 'prototype' || k === 'constructor') continue; try { o[k] = () => { throw 'no' } } catch {} }
      return 7`
    const result = await run(source)
    expect(['returned', 'threw', 'stopped']).toContain(result.outcome)
    expect(valueOf(await run('return [1].map((x) => x + 1)'))).toEqual([2])
  })
})
