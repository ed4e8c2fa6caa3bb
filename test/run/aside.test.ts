import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { z } from 'zod'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type RunOptions, type RunResult, type Sandbox, type SandboxOptions, type Tool, createSandbox, defineTool, memoryDir } from '../../src/index.js'
import { systemClock } from '../../src/node.js'
import { valueOf } from '../support/sandbox.js'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await turn()
}

/** A tool whose answers the test hands out one by one, by what was asked. */
function gate() {
  const asked = new Map<unknown, (answer: unknown) => void>()
  const tool: Tool = defineTool({ description: 'Waits', input: z.any(), execute: (q) => new Promise((resolve) => asked.set(q, resolve)) })
  const answer = (q: unknown, value: unknown = `answer to ${String(q)}`): void => {
    asked.get(q)!(value)
    asked.delete(q)
  }
  return { tool, asked, answer }
}

/** The order of a test run can be had again. */
function shuffled<T>(values: readonly T[], seed: number): T[] {
  const order = [...values]
  let state = seed
  for (let i = order.length - 1; i > 0; i--) {
    state = (state * 48271) % 2147483647
    const j = state % (i + 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}

/** A sandbox as it is where slices need a module the platform lacks. */
async function createWithoutTurns(options: SandboxOptions): Promise<Sandbox> {
  const platform = WebAssembly as { Suspending?: unknown }
  const { Suspending } = platform
  delete platform.Suspending
  try {
    const sandbox = await createSandbox(options)
    await sandbox.run('return 1')
    return sandbox
  } finally {
    if (Suspending !== undefined) platform.Suspending = Suspending
  }
}

afterEach(() => void vi.restoreAllMocks())

describe.each([['with slices', createSandbox], ['without slices', createWithoutTurns]])('guests set aside, %s', (_name, create) => {
  it('get their own answers, in whatever order these come, and keep what they hold', async () => {
    await using sandbox = await create({ pool: { maxWaiting: 3, verifyEvery: 1 } })
    const { tool, asked, answer } = gate()
    const source = `
      const secret = 'secret-' + input.id + '-' + 'x'.repeat(20)
      const held = new Map([[secret, { list: [1, 2, input.id], bytes: new Uint8Array(64).fill(input.id) }]])
      function* count() { for (let i = input.id; ; i++) yield i }
      const counter = count()
      counter.next()
      const first = await tools.gate(input.id)
      const [again, both] = await Promise.all([tools.gate('again ' + input.id), tools.gate('both ' + input.id)])
      return [secret, first, again, both, counter.next().value, [...held.keys()], held.get(secret).bytes[63], held.get(secret).list[2], globalThis.leak]`
    const ids = Array.from({ length: 320 }, (_, id) => id)
    const calls = ids.map((id) => sandbox.run(`globalThis.leak = ${id};${source}`, { input: { id }, grants: { tools: { gate: tool } } }))
    await until(() => asked.size === 320)
    expect(sandbox.stats()).toMatchObject({ live: 3, setAside: 317, running: 320, waiting: 0 })
    for (const id of shuffled(ids, 1)) answer(id)
    await until(() => asked.size === 640)
    const second = ids.flatMap((id) => [`again ${id}`, `both ${id}`])
    for (const q of shuffled(second, 2)) answer(q)
    for (const [id, result] of (await Promise.all(calls)).entries()) {
      const secret = `secret-${id}-${'x'.repeat(20)}`
      expect(valueOf(result)).toEqual([secret, `answer to ${id}`, `answer to again ${id}`, `answer to both ${id}`, id + 1, [secret], id % 256, id, id])
    }
    expect(sandbox.stats()).toMatchObject({ live: 0, setAside: 0, setAsideBytes: 0, running: 0, waiting: 0 })
  }, 60_000)

  it('leave nothing behind in the instances that others get', async () => {
    const { Memory } = WebAssembly
    const memories: WebAssembly.Memory[] = []
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function (descriptor) {
      const memory = new Memory(descriptor)
      memories.push(memory)
      return memory
    })
    await using sandbox = await create({ pool: { maxWaiting: 2 } })
    const { tool, asked, answer } = gate()
    const canary = (id: number): string => `canary<${id}>`
    const found = (): number[][] =>
      memories.map(({ buffer }) => [...new Set(Buffer.from(buffer).toString('latin1').match(/canary<\d+>/g))].map((text) => Number(/\d+/.exec(text))))
    const source = `
      globalThis.keep = [input, input + '!', new TextEncoder().encode(input), { [input]: 1 }]
      console.log(input)
      const answer = await tools.gate(input)
      const bytes = new TextDecoder().decode(keep[2])
      return [answer, bytes]`
    const calls = Array.from({ length: 100 }, (_, id) => sandbox.run(source, { input: canary(id), grants: { tools: { gate: tool } } }))
    await until(() => asked.size === 100)
    // Two wait in their instances; every other memory is as the image is.
    expect(found().filter((ids) => ids.length > 0)).toEqual([[expect.any(Number)], [expect.any(Number)]])
    const order = shuffled([...Array(100).keys()], 3)
    for (const id of order.slice(0, 50)) {
      answer(canary(id))
      await calls[id]
      // A guest that came back, and whoever was in the instance before: never both.
      for (const ids of found()) expect(ids.length).toBeLessThanOrEqual(1)
    }
    for (const id of order.slice(50)) answer(canary(id))
    const results = await Promise.all(calls)
    results.forEach((result, id) => expect(valueOf(result)).toEqual([`answer to ${canary(id)}`, canary(id)]))
    // What has not been put back yet is when it is used.
    for (let i = 0; i < 40; i++) await sandbox.run('await 0; return 1')
    expect(memories.length).toBeLessThan(60)
    // One is put back in each turn of the host's.
    for (let i = 0; i < 100; i++) await turn()
    const { idle } = sandbox.stats()
    expect(found().filter((ids) => ids.length > 0).length).toBeLessThanOrEqual(memories.length - idle)
  }, 60_000)

  it('that are stopped are freed at once, and what comes late finds nothing', async () => {
    await using sandbox = await create({ pool: { maxWaiting: 0 } })
    const { tool, asked, answer } = gate()
    const grants = { tools: { gate: tool } }
    // The deadline below is not for compiling the engine.
    await sandbox.run('return 1')
    const controller = new AbortController()
    const aborted = sandbox.run('try { await tools.gate("a") } finally { await tools.gate("never") }', { grants, signal: controller.signal })
    const late = sandbox.run('await tools.gate("b")', { grants, limits: { deadlineMs: 1000 } })
    await until(() => asked.size === 2)
    expect(sandbox.stats()).toMatchObject({ live: 0, setAside: 2 })
    controller.abort()
    expect(await aborted).toMatchObject({ outcome: 'stopped', reason: 'aborted', usage: { memoryPeakBytes: expect.any(Number) } })
    expect(sandbox.stats()).toMatchObject({ live: 0, setAside: 1 })
    const result = await late
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'deadline' })
    expect(result.usage.fuel).toBeGreaterThan(0)
    expect(result.usage.memoryPeakBytes).toBeGreaterThan(1 << 20)
    expect(sandbox.stats()).toMatchObject({ live: 0, setAside: 0, setAsideBytes: 0, running: 0 })
    answer('a')
    answer('b')
    await turn()
    expect(asked.size).toBe(0)
    expect(sandbox.stats()).toMatchObject({ live: 0, running: 0 })
  })

  it('end with the sandbox', async () => {
    const sandbox = await create({ pool: { maxWaiting: 1 } })
    const { tool, asked } = gate()
    const calls = [1, 2, 3, 4].map((input) => sandbox.run('await tools.gate(input)', { input, grants: { tools: { gate: tool } } }))
    await until(() => asked.size === 4)
    await sandbox[Symbol.asyncDispose]()
    expect(sandbox.stats()).toMatchObject({ live: 0, setAside: 0, setAsideBytes: 0, running: 0 })
    for (const call of calls) expect(await call).toMatchObject({ outcome: 'stopped', reason: 'aborted' })
  })

  it.each<[name: string, rest: string, expected: object]>([
    ['a loop', 'for (;;);', { outcome: 'stopped', reason: 'fuel' }],
    ['memory without end', 'const a = []; for (;;) a.push(new Uint8Array(1 << 18).fill(1))', { outcome: 'stopped', reason: 'memory' }],
    ['a thrown error', 'null.x', { outcome: 'threw', error: { name: 'TypeError' } }],
    ['an unhandled rejection', 'Promise.reject(new RangeError("late")); await tools.gate("never")', { outcome: 'threw', error: { name: 'RangeError', message: 'late' } }],
    ['an exit', 'process.exit(3)', { outcome: 'stopped', reason: 'exit', exitCode: 3 }],
    ['a promise that nothing settles', 'await new Promise(() => {})', { outcome: 'stopped', reason: 'deadlock' }],
    ['a denied call', 'await tools.other(1)', { outcome: 'threw', error: { name: 'PermissionDenied' } }],
  ])('come to the same end after their answer: %s', async (_end, rest, expected) => {
    await using sandbox = await create({ pool: { maxWaiting: 0 } })
    const { tool, asked, answer } = gate()
    const options: RunOptions = { grants: { tools: { gate: tool } }, limits: { fuel: 300_000_000, memoryBytes: 8 << 20 } }
    const call = sandbox.run(`await tools.gate("go"); ${rest}`, options)
    await until(() => asked.size === 1 && sandbox.stats().setAside === 1)
    answer('go')
    expect(await call).toMatchObject(expected)
    expect(sandbox.stats()).toMatchObject({ live: 0, setAside: 0, running: 0 })
    expect(valueOf(await sandbox.run('return [1, typeof keep]'))).toEqual([1, 'undefined'])
  })
})

/** Programs whose course could depend on the memory they run in. */
const programs: [name: string, source: string][] = [
  ['one call', 'return [await tools.echo(1), Math.random()]'],
  ['calls side by side', 'return Promise.all([1, 2, 3, 4, 5].map(async (n) => (await tools.echo(n)) * Math.random()))'],
  ['calls one after the other', 'let s = 0; for (let i = 0; i < 10; i++) s += await tools.echo(i); return s'],
  ['a race', 'return [await Promise.race([tools.echo(1), tools.echo(2)]), await tools.echo(3)]'],
  ['a tool that fails', 'try { await tools.fail(1) } catch (e) { return [e.name, await tools.echo(2)] }'],
  ['timers beside a call', 'const log = []; setTimeout(() => log.push("t"), 5); log.push(await tools.echo(1)); await new Promise((r) => setTimeout(r, 10)); return log'],
  ['an interval', 'let n = 0; const t = setInterval(() => n++, 1); await tools.echo(1); while (n < 3) await new Promise((r) => setTimeout(r, 1)); clearInterval(t); return [n, await tools.echo(2)]'],
  ['async generators', 'async function* g() { for (let i = 0; i < 3; i++) yield await tools.echo(i) } const out = []; for await (const x of g()) out.push(x); return out'],
  ['classes and private state', 'class A { #n = 1; async up() { this.#n += await tools.echo(2); return this.#n } } const a = new A(); return [await a.up(), await a.up()]'],
  ['regular expressions with state', 'const r = /a/g; r.exec("aaa"); await tools.echo(1); return [r.lastIndex, r.exec("aaa").index]'],
  ['garbage and weak references', 'let o = { big: "x".repeat(1000) }; const w = new WeakRef(o); const f = new FinalizationRegistry(() => {}); f.register(o, 1); await tools.echo(1); o = undefined; await tools.echo(2); return typeof w.deref()'],
  ['memory that grows', 'const a = []; for (let i = 0; i < 4; i++) { a.push(new Uint8Array(700_000).fill(i)); await tools.echo(i) } return a.map((b) => b[699_999])'],
  ['more memory than is set aside', 'const a = new Uint8Array(12_000_000).fill(7); await tools.echo(1); return a[11_999_999]'],
  ['the libraries', 'const u = new URL("http://a/b?c=d"); await tools.echo(1); console.log(u, structuredClone(new Map([[1, 2]]))); return u.searchParams.get("c")'],
  ['errors with places', 'const f = async () => { await tools.echo(1); throw new Error("here") }\n\nawait f()'],
  ['open files', 'import { open } from "node:fs/promises"\nconst f = await open("/d/x", "w+")\nawait f.write("one")\nawait tools.echo(1)\nawait f.write("two")\nawait f.close()\nimport { readFileSync } from "node:fs"\nexport default readFileSync("/d/x", "utf8")'],
  ['modules', 'import { a } from "./m.js"\nawait tools.echo(1)\nconst { b } = await import("./n.js")\nawait tools.echo(2)\nexport default [a, b]'],
  ['work between', 'let h = 7; for (let k = 0; k < 3; k++) { for (let i = 0; i < 200_000; i++) h = (h * 31 + i) | 0; await tools.echo(k) } return h'],
  ['a rejection handled late', 'const p = tools.fail(1); p.catch(() => {}); await tools.echo(1); return p.catch((e) => e.name)'],
]

describe('being set aside', () => {
  const echo = defineTool({ description: 'd', input: z.number(), execute: async (n) => (await new Promise((resolve) => setTimeout(resolve, n % 3)), n) })
  const fail = defineTool({ description: 'd', input: z.any(), execute: async () => { throw new Error('no') } })

  /** Everything of a result that must not depend on the pool. */
  const outcomeOf = ({ usage, ...rest }: RunResult): object => {
    const { wallMs: _, ...counted } = usage
    return { ...rest, usage: counted }
  }
  const runAll = async (sandbox: Sandbox): Promise<object[]> =>
    Promise.all(
      programs.map(async ([, source]) => {
        const modules = { './m.js': 'export const a = 1', './n.js': 'export const b = await tools.echo(2)' }
        return outcomeOf(await sandbox.run(source, { modules, grants: { tools: { echo, fail }, fs: { '/d': memoryDir() } } }))
      }),
    )

  it('changes nothing that a program comes to: not its value, fuel, memory, ledger or output', async () => {
    await using plain = await createSandbox({ pool: { maxSetAside: 0 } })
    await using always = await createSandbox({ pool: { maxWaiting: 0 } })
    await using some = await createSandbox({ pool: { maxLive: 3, maxWaiting: 2 } })
    const expected = await runAll(plain)
    expected.forEach((result, i) => expect(result, programs[i]![0]).toMatchObject({ outcome: programs[i]![0] === 'errors with places' ? 'threw' : 'returned' }))
    for (const sandbox of [always, some, always]) {
      const results = await runAll(sandbox)
      results.forEach((result, i) => expect(result, programs[i]![0]).toEqual(expected[i]))
      expect(sandbox.stats()).toMatchObject({ live: 0, setAside: 0, running: 0 })
    }
  }, 60_000)

  it('holds on to no instance', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const { Memory } = WebAssembly
    const memories: WeakRef<WebAssembly.Memory>[] = []
    const spy = vi.spyOn(WebAssembly, 'Memory').mockImplementation(function (descriptor) {
      const memory = new Memory(descriptor)
      memories.push(new WeakRef(memory))
      return memory
    })
    // What is given back is dropped, so that only a guest could keep it.
    await using sandbox = await createSandbox({ pool: { maxWaiting: 0, maxIdle: 0 } })
    const { tool, asked, answer } = gate()
    const source = 'console.log(1); setTimeout(() => {}, 1e6); await tools.gate(input + "first"); return tools.gate(input)'
    const calls = Array.from({ length: 30 }, (_, input) => sandbox.run(source, { input, grants: { clock: systemClock(), tools: { gate: tool } } }))
    await until(() => asked.size === 30)
    for (const q of [...asked.keys()]) answer(q)
    await until(() => asked.size === 30 && sandbox.stats().setAside === 30)
    // The spy remembers what it gave.
    spy.mockClear()
    for (let i = 0; i < 5; i++) {
      await turn()
      collect()
    }
    expect(memories.length).toBeGreaterThanOrEqual(60)
    expect(memories.filter((memory) => memory.deref() !== undefined).length).toBeLessThan(5)
    for (const q of [...asked.keys()]) answer(q)
    expect((await Promise.all(calls)).map(valueOf)).toEqual(Array.from({ length: 30 }, (_, i) => `answer to ${i}`))
  })

  it('lets timers on a real clock fire, and time pass', async () => {
    await using sandbox = await createSandbox({ pool: { maxWaiting: 0 } })
    const source = 'const t = Date.now(); const log = []; setTimeout(() => log.push("b"), 30); setTimeout(() => log.push("a"), 5); await new Promise((r) => setTimeout(r, 40)); return [log, Date.now() - t >= 39]'
    const calls = Array.from({ length: 20 }, () => sandbox.run(source, { grants: { clock: systemClock() } }))
    await until(() => sandbox.stats().setAside === 20)
    for (const result of await Promise.all(calls)) expect(valueOf(result)).toEqual([['a', 'b'], true])
  })

  it('happens to who has waited longest, beyond maxWaiting', async () => {
    await using sandbox = await createSandbox({ pool: { maxWaiting: 2 } })
    const { tool, asked, answer } = gate()
    const run = (input: number) => sandbox.run('return tools.gate(input)', { input, grants: { tools: { gate: tool } } })
    const calls: Promise<RunResult>[] = []
    for (const input of [0, 1, 2]) {
      expect(sandbox.stats()).toMatchObject({ live: input, setAside: 0 })
      calls.push(run(input))
      await until(() => asked.has(input))
      // Asked for, and then waited for.
      for (let i = 0; i < 3; i++) await turn()
    }
    expect(sandbox.stats()).toMatchObject({ live: 2, setAside: 1 })
    answer(1)
    await calls[1]
    expect(sandbox.stats()).toMatchObject({ live: 1, setAside: 1 })
    answer(0)
    await calls[0]
    expect(sandbox.stats()).toMatchObject({ live: 1, setAside: 0 })
    answer(2)
    expect((await Promise.all(calls)).map(valueOf)).toEqual([0, 1, 2].map((id) => `answer to ${id}`))
  })

  it('never happens with maxSetAside 0, nor to more than maxSetAside', async () => {
    for (const maxSetAside of [0, 5]) {
      await using sandbox = await createSandbox({ pool: { maxWaiting: 1, maxSetAside } })
      const { tool, asked, answer } = gate()
      const calls = Array.from({ length: 12 }, (_, input) => sandbox.run('return tools.gate(input)', { input, grants: { tools: { gate: tool } } }))
      await until(() => asked.size === 12)
      expect(sandbox.stats()).toMatchObject({ live: 12 - maxSetAside, setAside: maxSetAside })
      for (const q of asked.keys()) answer(q)
      expect((await Promise.all(calls)).every(({ outcome }) => outcome === 'returned')).toBe(true)
    }
  })

  it('lets a tool run programs in the same sandbox, however few isolates there may be', async () => {
    await using sandbox = await createSandbox({ pool: { maxLive: 1 } })
    const nested = defineTool({ description: 'd', input: z.number(), execute: async (n): Promise<number> => (n === 0 ? 1 : 1 + (valueOf(await sandbox.run<number>('return tools.nested(input)', { input: n - 1, grants: { tools: { nested } } })) as number)) })
    expect(valueOf(await sandbox.run('return tools.nested(5)', { grants: { tools: { nested } } }))).toBe(6)
  })

  it('makes room for guests that spin, and spares them', async () => {
    await using sandbox = await createSandbox({ pool: { maxLive: 2, maxWaiting: 8 } })
    const { tool, asked, answer } = gate()
    const waiting = [1, 2, 3, 4].map((input) => sandbox.run('return tools.gate(input)', { input, grants: { tools: { gate: tool } } }))
    await until(() => asked.size === 4)
    const spinning = sandbox.run('let n = 0; for (let i = 0; i < 3_000_000; i++) n += i; return n')
    const quick = await sandbox.run('return 7')
    expect(valueOf(quick)).toBe(7)
    expect(sandbox.stats().live).toBeLessThanOrEqual(2)
    expect(valueOf(await spinning)).toBe(4499998500000)
    for (const q of [...asked.keys()]) answer(q)
    expect((await Promise.all(waiting)).map(valueOf)).toEqual([1, 2, 3, 4].map((id) => `answer to ${id}`))
  })

  it('brings a guest back into memory that none else had in between', async () => {
    // Guests that trap between the two halves of others drop their instances; the others must not notice.
    await using sandbox = await createSandbox({ pool: { maxWaiting: 0, verifyEvery: 1 } })
    const { tool, asked, answer } = gate()
    const calls = Array.from({ length: 30 }, (_, input) => sandbox.run('const keep = "k".repeat(1000) + input; await tools.gate(input); return keep.slice(1000)', { input, grants: { tools: { gate: tool } } }))
    await until(() => asked.size === 30)
    for (let i = 0; i < 30; i++) {
      const hostile = await sandbox.run(i % 2 ? 'for (;;);' : 'const f = () => f() + 1; const a = []; for (;;) { a.push(new Uint8Array(1 << 20).fill(255)) }', { limits: { fuel: 50_000_000, memoryBytes: 8 << 20 } })
      expect(hostile.outcome).toBe('stopped')
      answer(i)
    }
    expect((await Promise.all(calls)).map(valueOf)).toEqual(Array.from({ length: 30 }, (_, i) => String(i)))
  })
})
