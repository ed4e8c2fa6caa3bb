import { describe, expect, it } from 'vitest'
import { type Instantiate, OUTSIDE, toFunctionBody, toGlue, toScope } from '../../../src/component/glue.js'
import { platform } from '../../../src/component/platform/node.js'
import { compilerFromSources } from '../../support/compiler-platform.js'
import { compileText, createLink } from './support.js'

const evaluate = (text: string): Instantiate => platform.evaluate(toFunctionBody(text), OUTSIDE)(toScope({ WebAssembly: {}, TextDecoder }))
const call = (body: string): unknown => (evaluate(`function instantiate() { ${body} }`) as unknown as () => unknown)()

describe('toFunctionBody()', () => {
  it('hides every global there is, and every one that may come', () => {
    const names = [...Object.getOwnPropertyNames(globalThis), 'require', 'module', 'exports', '__dirname', 'planted'].filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'undefined')
    Reflect.set(globalThis, 'planted', 1)
    try {
      const seen = names.filter((name) => call(`return typeof ${name}`) !== 'undefined')
      expect(seen.sort()).toEqual([
        'Array', 'ArrayBuffer', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'DataView', 'Error', 'FinalizationRegistry', 'Float32Array', 'Float64Array', 'Infinity', 'Int16Array', 'Int32Array',
        'Int8Array', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise', 'RangeError', 'ReferenceError', 'Set', 'String', 'Symbol', 'TextDecoder', 'TextEncoder', 'TypeError', 'Uint16Array',
        'Uint32Array', 'Uint8Array', 'WeakMap', 'WeakSet', 'WebAssembly', 'clearInterval', 'clearTimeout', 'console', 'globalThis', 'isNaN', 'queueMicrotask', 'setInterval', 'setTimeout',
      ])
    } finally {
      Reflect.deleteProperty(globalThis, 'planted')
    }
  })

  it('gives a globalThis of its own, no chance, no timers, no finalizers and no console', () => {
    expect(call('return Reflect')).toBeUndefined()
    expect(call('return Object.keys(globalThis)')).toEqual(['WebAssembly'])
    expect(call('return Object.getPrototypeOf(globalThis)')).toBeNull()
    expect(call('return Math.random')).toBeUndefined()
    expect(call('return Math.max(1, 2)')).toBe(2)
    expect(call('return setTimeout(() => { throw 1 }, 0)')).toBeUndefined()
    expect(call('return this')).toBeUndefined()
    expect(() => call('console.error("x"); new FinalizationRegistry(() => {}).register({}, 1)')).not.toThrow()
  })

  it('is strict, and creates no global', () => {
    expect(() => call('leaked = 1')).toThrow()
    expect(Reflect.has(globalThis, 'leaked')).toBe(false)
    expect(() => call('globalThis.leaked = 1')).toThrow(TypeError)
  })
})

describe('toGlue()', () => {
  const around = (text: string): string => `"use components";\nexport function instantiate(getCoreModule) {\n${text}\n}\n\nexport const _util = {\n  \n}\n`

  it('refuses what imports, whatever else it does', () => {
    for (const text of ["import('node:fs')", 'import ("x")', 'import/**/("x")', 'import//\n("x")', 'import.meta.resolve', 'import\n("x")']) expect(() => toGlue(around(text)), text).toThrow(/imports/)
  })

  it('asks nothing of what is around it while it runs', async () => {
    const asked: PropertyKey[] = []
    const outside = new Proxy(OUTSIDE, { has: (_, name) => (asked.push(name), true) })
    const watched = { ...compilerFromSources, evaluate: (body: string) => compilerFromSources.evaluate(body, outside) }
    const compiled = await compileText('(component (core module $m (func (export "x") (param i32) (result i32) (local.get 0))) (core instance $m (instantiate $m)) (func (export "t") (param "n" u32) (result u32) (canon lift (core func $m "x"))))', { platform: watched })
    const { exports } = compiled.instantiate({}, createLink())
    expect((exports['t'] as (n: number) => number)(3)).toBe(3)
    expect(asked).toEqual([])
  })

  it('leaves no call of the log with anything to do', async () => {
    expect(toGlue(around('const _debugLog = (...args) => {\n    if (!globalThis?.process?.env?.JCO_DEBUG) { return; }\n    console.debug(...args);\n  };'))).toContain('const _debugLog = () => {};')
  })

  it('refuses text of another shape', () => {
    expect(() => toGlue('')).toThrow(expect.objectContaining({ code: 'internal' }))
    expect(() => toGlue(around('export function instantiate() {}'))).toThrow(expect.objectContaining({ code: 'internal' }))
  })

  it('leaves no unchecked copy of memory', () => {
    expect(toGlue(around('new Uint8Array(memory0.buffer.slice(ptr0, ptr0 + len0 * 1))'))).toContain('checkedSlice(memory0.buffer, ptr0, ptr0 + len0 * 1)')
    expect(() => toGlue(around('other.buffer.slice(1, 2)'))).toThrow(/copies memory/)
  })

  it('finds the places it rewrites in what the transpiler really generates', async () => {
    const { sizes } = await compileText('(component)')
    expect(sizes.glue).toBeGreaterThan(1000)
  })
})
