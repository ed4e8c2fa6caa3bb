import { z } from 'zod'
import { afterAll, describe, expect, it } from 'vitest'
import { type RunOptions, type RunResult, createSandbox, defineTool, fixedClock, memoryDir, seededRandom, steppedClock } from '../../src/index.js'
import { threads } from '../../src/threads/engine.js'
import { fromSources } from '../support/thread-platform.js'

const inline = await createSandbox()
const thread = await createSandbox({ engines: [threads({ platform: fromSources, threads: 1 })] })
afterAll(async () => {
  for (const sandbox of [inline, thread]) await sandbox[Symbol.asyncDispose]()
})

const add = defineTool({ description: 'Adds', input: z.array(z.number()), execute: (numbers) => numbers.reduce((a, b) => a + b, 0) })
const fail = defineTool({ description: 'Fails', input: z.any(), execute: () => { throw new Error('secret') } })
const hang = defineTool({ description: 'Never answers', input: z.any(), execute: () => new Promise(() => {}) })
const tools = { add, fail, hang }
const files = () => memoryDir({ files: { 'a.txt': 'alpha', 'b/c.ts': 'export const c: number = 3', 'large.txt': 'é'.repeat(200_000), 'large.js': `export default ${JSON.stringify('ü'.repeat(100_000))}.length` } })

/** Programs with everything that crosses; options are made anew for each side. */
const PROGRAMS: [name: string, source: string, options?: () => RunOptions][] = [
  ['a value', 'return 1 + 1'],
  ['every kind of value', 'return [undefined, -0, 2n ** 70n, new Date(0), /a/g, new Map([[1, new Set([2])]]), new Uint8Array([1, 2]), "\\ud800", [,1]]'],
  ['input, args, env and stdin', 'return [input, process.argv.slice(2), process.env.A, process.stdin.text()]', () => ({ input: { b: new Uint8Array([1, 2, 3]).subarray(1) }, args: ['x'], grants: { env: { A: '1' }, stdin: 's' } })],
  ['a loop', 'let s = 0; for (let i = 0; i < 1e5; i++) s += i; return s'],
  ['an error with its frame', 'const f = () => { null.x }\nf()'],
  ['an error with a cause', 'throw new Error("a", { cause: new TypeError("b") })'],
  ['a syntax error', 'const = 1'],
  ['TypeScript', 'const a: number = 1; enum E { X = a + 1 } return E.X', () => ({ language: 'ts' })],
  ['a TypeScript error', 'const a: = 1', () => ({ language: 'ts' })],
  ['modules', 'import { a } from "./a.ts"\nimport b from "b"\nexport default [a, b]', () => ({ modules: { './a.ts': 'export const a: string = "a"', b: 'export default "b"' } })],
  ['a module that is not there', 'import "./none.js"'],
  ['a module of a mount', 'import { c } from "/d/b/c.ts"\nexport default c', () => ({ grants: { fs: { '/d': files() } } })],
  ['a module larger than the shared memory', 'return (await import("/d/large.js")).default', () => ({ grants: { fs: { '/d': files() } } })],
  ['files', 'import fs from "node:fs"\nfs.writeFileSync("/d/n", "x"); export default [fs.readFileSync("/d/a.txt", "utf8"), fs.readdirSync("/d"), fs.existsSync("/d/none")]', () => ({ grants: { fs: { '/d': files() } } })],
  ['an answer larger than the shared memory', 'import fs from "node:fs"\nconst t = fs.readFileSync("/d/large.txt", "utf8"); export default [t.length, fs.readFileSync("/d/large.txt").length, t[199_999]]', () => ({ grants: { fs: { '/d': files() } } })],
  ['a file that is denied', 'import fs from "node:fs"\nexport default fs.readFileSync("/etc/passwd")'],
  ['files by promises', 'import { readFile } from "node:fs/promises"\nexport default (await Promise.all(["a.txt", "b/c.ts"].map((n) => readFile("/d/" + n, "utf8"))))', () => ({ grants: { fs: { '/d': files() } } })],
  ['tools, one by one', 'let s = 0; for (let i = 0; i < 5; i++) s = await tools.add([s, i]); return s', () => ({ grants: { tools } })],
  ['tools side by side', 'return await Promise.all([1, 2, 3].map((n) => tools.add([n, n])))', () => ({ grants: { tools } })],
  ['a tool that fails', 'return await tools.fail().catch((e) => [e.name, e.code, e.message])', () => ({ grants: { tools } })],
  ['a tool that is not granted', 'await tools.none()'],
  ['a tool that never answers', 'tools.hang(1); return 2', () => ({ grants: { tools } })],
  ['URLs', 'const u = new URL("../b?c#d", "https://ü.example/a/"); u.port = "8"; return u.href'],
  ['timers', 'const o = []; setTimeout(() => o.push(2), 20); setTimeout(() => o.push(1), 10); await new Promise((r) => setTimeout(r, 30)); return o'],
  ['console lines and output', 'console.log("a"); process.stdout.write("b"); console.error("c", { d: 1 }); await 0; console.log("e")'],
  ['lines around host calls', 'console.log(1); await tools.add([1]); console.log(2); try { await tools.none() } catch {} console.log(3)', () => ({ grants: { tools } })],
  ['time and randomness of nobody', 'return [Date.now(), new Date(0).getHours(), Math.random(), Math.random(), crypto?.randomUUID?.()]'],
  ['a fixed clock', 'return [new Date().toISOString(), new Date().getTimezoneOffset()]', () => ({ grants: { clock: fixedClock('2026-10-01T12:00:00Z') } })],
  ['a stepped clock', 'return [Date.now(), Date.now(), performance.now()]', () => ({ grants: { clock: steppedClock({ stepMs: 7 }) } })],
  ['seeded randomness', 'return [Math.random(), Math.random()]', () => ({ grants: { random: seededRandom(9) } })],
  ['an exit', 'console.log("x"); process.exit(3)'],
  ['fuel used up', 'for (;;);', () => ({ limits: { fuel: 3_000_001 } })],
  ['fuel used up after a host call', 'await tools.add([1]); for (;;);', () => ({ grants: { tools }, limits: { fuel: 3_000_000 } })],
  ['memory used up', 'const a = []; for (;;) a.push(new Uint8Array(1 << 16))', () => ({ limits: { memoryBytes: 8 << 20 } })],
  ['too much output', 'for (let i = 0; ; i++) console.log("line", i)', () => ({ limits: { outputBytes: 5000 } })],
  ['output of exactly what is allowed', 'console.log("x".repeat(99)); console.log("y".repeat(99)); return 1', () => ({ limits: { outputBytes: 200 } })],
  ['empty writes without end', 'for (;;) process.stdout.write("")', () => ({ limits: { fuel: 5_000_000, outputBytes: 100 } })],
  ['too many host calls', 'for (;;) await tools.add([1]).catch(() => {})', () => ({ grants: { tools }, limits: { hostCalls: 5 } })],
  ['too many host calls nobody waits for', 'for (;;) tools.hang()', () => ({ grants: { tools }, limits: { hostCalls: 20 } })],
  ['too many host calls in flight', 'for (;;) tools.hang()', () => ({ grants: { tools }, limits: { hostCallsInFlight: 3 } })],
  ['as many host calls as allowed', 'for (let i = 0; i < 5; i++) await tools.add([i]); return 1', () => ({ grants: { tools }, limits: { hostCalls: 5, hostCallsInFlight: 1 } })],
  ['too many bytes to the host', 'for (let i = 0; i < 100; i++) await tools.add([i, ...Array(1000).fill(1)])', () => ({ grants: { tools }, limits: { hostBytesOut: 20_000 } })],
  ['too many bytes from the host', 'import fs from "node:fs"\nfor (;;) fs.readFileSync("/d/large.txt")', () => ({ grants: { fs: { '/d': files() } }, limits: { hostBytesIn: 1_000_000 } })],
  ['too many open files', 'import fs from "node:fs"\nfor (;;) fs.openSync("/d/a.txt", "r")', () => ({ grants: { fs: { '/d': files() } }, limits: { resources: 4 } })],
  ['too many timers', 'for (;;) setTimeout(() => {}, 1)', () => ({ limits: { timers: 5 } })],
  ['too large a result', 'return "x".repeat(2000)', () => ({ limits: { resultBytes: 1000 } })],
  ['a promise that nothing can settle', 'await new Promise(() => {})'],
  ['a rejection nobody handles', 'Promise.reject(new Error("r")); await 0'],
]

/** All of a result but the time it took. */
function toComparable({ usage, ...rest }: RunResult): object {
  const { wallMs: _, ...counted } = usage
  return { ...rest, usage: counted }
}

describe('fuel', () => {
  const used = new Set<number>()
  it.each([
    ['at once', () => 1],
    ['later', () => new Promise((resolve) => setTimeout(resolve, 5, 1))],
    ['one after the other', (n: unknown) => new Promise((resolve) => setTimeout(resolve, 3 * (n as number), 1))],
  ])('does not depend on when answers come: %s', async (_name, execute) => {
    const t = defineTool({ description: 'd', input: z.any(), execute })
    const source = 'setTimeout(() => {}, 5); const a = Promise.all([1, 2, 3].map((n) => tools.t(n))); await a; for (const n of [1, 2]) await tools.t(n); return 1'
    const results = [await inline.run(source, { grants: { tools: { t } } }), await thread.run(source, { grants: { tools: { t } } })]
    for (const { usage } of results) used.add(usage.fuel)
    expect(used.size).toBe(1)
  })
})

describe('a guest on a thread', () => {
  it.each(PROGRAMS)('gives the very result it gives inline, fuel and record included: %s', async (_name, source, options = () => ({})) => {
    const events: unknown[][] = [[], []]
    const onEvent = (side: number) => (event: unknown) => void events[side]!.push(event)
    const here = await inline.run(source, { ...options(), onEvent: onEvent(0) })
    const there = await thread.run(source, { ...options(), onEvent: onEvent(1) })
    expect(toComparable(there)).toEqual(toComparable(here))
    expect(events[1]).toEqual(events[0])
  })
})
