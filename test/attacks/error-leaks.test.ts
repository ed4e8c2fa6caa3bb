import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { GuestVisibleError, defineTool, memoryDir } from '../../src/index.js'
import { useAttacks } from './host.js'

const { attack, run } = useAttacks()

const secretive = (thrown: () => unknown) =>
  defineTool({ description: 'Fails', input: z.any(), execute: () => { throw thrown() } })

describe('what the host\'s errors tell a guest', () => {
  it.each<[string, () => unknown]>([
    ['an error with a path', () => new Error('ENOENT /srv/private/key.pem')],
    ['an error with a cause', () => new Error('outer', { cause: new Error('/srv/private/key.pem') })],
    ['an error of many errors', () => new AggregateError([new Error('/srv/private/key.pem')], '/srv/private')],
    ['an error with own properties', () => Object.assign(new Error('x'), { path: '/srv/private/key.pem', toJSON: () => '/srv/private' })],
    ['a text', () => '/srv/private/key.pem'],
    ['an object that throws when it is read', () => ({ get message() { throw new Error('/srv/private') } })],
    ['a proxy', () => new Proxy(new Error('/srv/private'), {})],
    ['nothing', () => undefined],
  ])('%s of a tool is a tool that failed and no more', async (_name, thrown) => {
    const source = `
      try { await tools.t(1) } catch (error) {
        const seen = []
        for (let at = error; at !== null && at !== undefined; at = Object.getPrototypeOf(at)) if (at === error) for (const key of Reflect.ownKeys(at)) seen.push(String(at[key]))
        return [error instanceof Error, error.code, error.message, error.cause ?? null, seen.join().includes('private'), String(error.stack).includes('private')]
      }`
    await attack(source, { value: [true, 'tool-failed', 'Tool "t" failed', null, false, false], ledger: ['tool.call t allowed'] }, { grants: { tools: { t: secretive(thrown) } } })
  })

  it('an error that is meant for the guest shows its message, and not its stack', async () => {
    const tool = secretive(() => new GuestVisibleError('RangeError', 'too-far', 'only ten'))
    const result = await run('try { await tools.t(1) } catch (e) { return [e.name, e.code, e.message, e.cause ?? null, e.stack] }', { grants: { tools: { t: tool } } })
    const [name, code, message, cause, stack] = (result as { value: unknown[] }).value
    expect([name, code, message, cause]).toEqual(['RangeError', 'too-far', 'only ten', null])
    expect(String(stack)).not.toMatch(/node_modules|\/src\/|file:/)
  })
})

describe('what a guest\'s errors do to the host', () => {
  it.each([
    ['a message that is an object', 'const e = new Error(); e.message = { toString() { return "x".repeat(10) } }; throw e'],
    ['a stack that is a getter', 'const e = new Error("m"); Object.defineProperty(e, "stack", { get() { return "at /srv/x.js:1:1" } }); throw e'],
    ['a cycle of causes', 'const e = new Error("m"); e.cause = e; throw e'],
    ['a thousand causes', 'let e = new Error("m"); for (let i = 0; i < 1000; i++) e = new Error("m", { cause: e }); throw e'],
    ['a name of a megabyte', 'const e = new Error("m"); e.name = "N".repeat(1 << 20); throw e'],
    ['an aggregate of ten thousand', 'throw new AggregateError(Array.from({ length: 1e4 }, (_, i) => new Error("m" + i)), "m")'],
    ['a proxy that throws from every trap', 'throw new Proxy({}, new Proxy({}, { get() { throw 1 } }))'],
    ['a proxy of an error that answers for ever', 'throw new Proxy(new Error("m"), { get: (t, k, r) => new Proxy(() => {}, { get: () => r }) })'],
    ['an error with terminal codes', 'throw new Error("\\u001b[2J\\u202e\\u0007")'],
    ['prepareStackTrace', 'Error.prepareStackTrace = (e, frames) => { globalThis.got = frames.map((f) => f.getThis?.()); return "stolen" }; throw new Error("m")'],
    ['a stack limit without end', 'Error.stackTraceLimit = Infinity; const f = (n) => { if (n === 0) throw new Error("m"); f(n - 1) }; f(1500)'],
    ['Error replaced', 'globalThis.Error = globalThis.TypeError = class { constructor() { for (;;); } }; null.x'],
    ['a symbol', 'throw Symbol("s")'],
    ['an accessor named then on a prototype', 'Object.defineProperty(Object.prototype, "then", { get() { throw new Error("m") } }); throw new Error("m")'],
  ])('%s: the call throws, in bounded text', async (_name, source) => {
    const result = await run(source)
    expect(result.outcome).toBe('threw')
    expect(result.ledger).toEqual([])
    expect(JSON.stringify(result).length).toBeLessThan(100_000)
    const { error } = result as { error: object }
    expect([Object.prototype, null]).toContain(Object.getPrototypeOf(error))
  })

  it('a rejection that nobody handles is the call\'s, not the process\'s', async () => {
    const heard: unknown[] = []
    const hear = (reason: unknown): void => void heard.push(reason)
    process.on('unhandledRejection', hear)
    try {
      await run('for (let i = 0; i < 100; i++) Promise.reject(new Error("m" + i)); await 0; return 1')
      await run('setTimeout(() => { throw new Error("late") }); await new Promise((ok) => setTimeout(ok, 5)); return 1')
      await run('queueMicrotask(() => { throw new Error("micro") }); return 1')
      await new Promise((resolve) => setImmediate(resolve))
    } finally {
      process.off('unhandledRejection', hear)
    }
    expect(heard).toEqual([])
  })

  it('a mounted folder\'s errors name guest paths alone', async () => {
    await attack(
      'const fs = require("fs"); const seen = []; for (const p of ["/d/none", "/d/a.txt/x", "/d/../etc/passwd", "/d/\\0"]) try { fs.readFileSync(p) } catch (e) { seen.push(/node_modules|tmp|usr|src/.test(e.message + e.stack + e.path + e.dest)) } return seen',
      { value: [false, false, false, false], ledger: ['fs.readFile /d/none allowed', 'fs.readFile /d/a.txt/x allowed', 'fs.readFile /etc/passwd denied', 'fs.readFile /d/\\u0000 allowed'] },
      { grants: { fs: { '/d': memoryDir({ files: { 'a.txt': 'a' } }) } } },
    )
  })
})
