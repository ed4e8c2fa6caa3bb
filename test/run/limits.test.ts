import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../src/limits.js'
import { useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()

const stopped = (reason: string) => ({ outcome: 'stopped', reason })

describe('limits.fuel', () => {
  it('stops at exactly the fuel given', async () => {
    const result = await run('for (;;);', { limits: { fuel: 5_000_000 } })
    expect(result).toMatchObject({ ...stopped('fuel'), usage: { fuel: 5_000_000 } })
    expect((result as { message: string }).message).toContain('limits.fuel')
  })

  it('is used alike by equal runs', async () => {
    const source = 'let s = 0; for (let i = 0; i < 10000; i++) s += [i, -i].sort().join().length; return s'
    const [a, b] = [await run(source), await run(source)]
    expect(b.usage.fuel).toBe(a.usage.fuel)
    expect(valueOf(a)).toBe(valueOf(b))
  })

  it('cannot be caught', async () => {
    const result = await run('for (;;) { try { for (;;); } catch {} finally { continue } }', { limits: { fuel: 2_000_000 } })
    expect(result).toMatchObject(stopped('fuel'))
  })
})

describe('limits.deadlineMs', () => {
  it.each([
    ['an endless loop', 'for (;;);'],
    ['a native search', '"a".repeat(4e5).indexOf("a".repeat(2e5) + "b")'],
    ['a native reverse', 'Array.prototype.reverse.call({ length: 2 ** 53 - 1 })'],
    ['a native join', 'Array.prototype.join.call({ length: 2 ** 53 - 1 })'],
    ['a regular expression', '/(a+)+$/.test("a".repeat(40) + "b")'],
    ['a big integer', 'let a = 3n; for (;;) a = a * a'],
    ['microtasks without end', 'const f = () => Promise.resolve().then(f); await f(); await new Promise(() => {})'],
    ['a comparator', '[...Array(1e4).keys()].sort(() => { for (;;); })'],
    ['a getter of the result', 'return { get a() { for (;;); } }'],
    ['a toString of a thrown value', 'throw { name: "E", message: { toString() { for (;;); } } }'],
    ['a then of the result', 'return { then() { for (;;); } }'],
    ['a proxy as the result of a proxy', 'return Array.from({ length: 5 }, () => new Proxy({}, { ownKeys() { for (;;); } }))'],
  ])('stops %s on the same thread', async (_name, source) => {
    const result = await run(source, { limits: { deadlineMs: 150, memoryBytes: 32 << 20 } })
    if (result.outcome === 'stopped') expect(['deadline', 'memory']).toContain(result.reason)
    else expect(result.outcome).toBe('threw')
    expect(result.usage.wallMs).toBeLessThan(600)
  })

  it('stops a guest that waits', async () => {
    const result = await run('await tools.wait()', {
      grants: { tools: { wait: hangingTool } },
      limits: { deadlineMs: 60 },
    })
    expect(result).toMatchObject(stopped('deadline'))
  })
})

describe('limits.memoryBytes', () => {
  it.each([
    ['arrays', 'const a = []; for (;;) a.push(new Array(1e4).fill(1))'],
    ['strings', 'let s = "ab"; for (;;) s = (s + s).replace(/a/g, "b")'],
    ['typed arrays', 'const a = []; for (;;) a.push(new Uint8Array(1 << 20))'],
    ['a map', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, { i })'],
    ['closures', 'let f = () => 1; for (;;) { const g = f; f = () => g }'],
  ])('stops growth of %s', async (_name, source) => {
    const result = await run(source, { limits: { memoryBytes: 16 << 20, deadlineMs: 8000 } })
    expect(result).toMatchObject(stopped('memory'))
    expect(result.usage.memoryPeakBytes).toBeLessThanOrEqual(16 << 20)
  })

  it('is an error the guest can catch', async () => {
    const result = await run('try { const a = []; for (;;) a.push(new Uint8Array(1 << 20)) } catch (e) { return [e.name, e.message] }', { limits: { memoryBytes: 16 << 20 } })
    expect(valueOf(result)).toEqual(['InternalError', 'out of memory'])
  })
})

describe('limits.stackBytes', () => {
  it('lets 2,000 plain frames nest', async () => {
    expect(valueOf(await run('const f = (n) => n === 0 ? 0 : 1 + f(n - 1); return f(2000)'))).toBe(2000)
  })

  it.each([
    ['plain recursion', 'function f() { return f() + 1 } f()'],
    ['recursion through a getter', 'const o = { get a() { return this.a } }; o.a'],
    ['recursion through sort', 'function f() { return [2, 1].sort(f) } f()'],
    ['recursion through replace', 'function f() { return "a".replace(/a/, f) } f()'],
    ['recursion through JSON', 'const o = { toJSON() { return JSON.stringify(o) } }; JSON.stringify(o)'],
    ['recursion through a proxy chain', 'let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x'],
    ['nested source', 'eval("(".repeat(1e5))'],
    ['nested arrays to text', 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; String(a)'],
    ['nested regular expression', 'new RegExp("(".repeat(1e5) + ")".repeat(1e5))'],
    ['recursion through a constructor', 'class A { constructor() { this.a = new A() } } new A()'],
    ['recursion through bind', 'let f = () => 1; for (let i = 0; i < 1e5; i++) f = f.bind(null); f()'],
    ['recursion through reduce', 'const f = () => [1, 2].reduce(f); f()'],
  ])('%s ends as an error of the guest or as stopped', async (_name, source) => {
    const result = await run(source)
    if (result.outcome === 'stopped') expect(['stack', 'memory']).toContain(result.reason)
    else expect(result.outcome).toBe('threw')
    expect(valueOf(await run('return 1'))).toBe(1)
  })
})

describe('other limits', () => {
  it('sourceBytes: a larger program is not looked at', async () => {
    const result = await run(`return "${'é'.repeat(150_000)}"`)
    expect(result).toMatchObject({ ...stopped('source-size'), usage: { fuel: 0 } })
  })

  it('resultBytes', async () => {
    const result = await run('return "x".repeat(10 << 20)')
    expect(result).toMatchObject(stopped('result-size'))
  })

  it('resultBytes counts buffers', async () => {
    expect(await run('return new Uint8Array(2 << 20)')).toMatchObject(stopped('result-size'))
  })

  it('outputBytes', async () => {
    const result = await run('for (;;) console.log("x".repeat(1000))')
    expect(result).toMatchObject(stopped('output'))
    expect(result.stdout.length).toBeLessThanOrEqual(DEFAULT_LIMITS.outputBytes)
  })

  it('hostCalls', async () => {
    const result = await run('for (;;) { try { require } catch {} try { await tools.none() } catch {} }', { limits: { hostCalls: 10 } })
    expect(result).toMatchObject({ ...stopped('host-calls') })
    expect(result.ledger).toHaveLength(10)
  })

  it('hostCallsInFlight', async () => {
    const result = await run('const p = []; for (let i = 0; i < 100; i++) p.push(tools.wait()); await Promise.all(p)', {
      grants: { tools: { wait: hangingTool } },
      limits: { hostCallsInFlight: 5 },
    })
    expect(result).toMatchObject(stopped('host-calls'))
  })

  it('timers', async () => {
    expect(await run('for (;;) setTimeout(() => {}, 1)')).toMatchObject(stopped('timers'))
  })

  it.each([
    ['an unknown name', { fule: 1 }],
    ['a text', { fuel: '1' }],
    ['a fraction', { fuel: 1.5 }],
    ['NaN', { deadlineMs: NaN }],
    ['zero memory', { memoryBytes: 0 }],
  ])('refuses %s', async (_name, limits) => {
    await expect(run('return 1', { limits: limits as never })).rejects.toMatchObject({ code: 'invalid-option' })
  })
})

import { defineTool } from '../../src/index.js'
import { z } from 'zod'
const hangingTool = defineTool({ description: 'Never answers', input: z.undefined(), execute: () => new Promise(() => {}) })
