import { describe, expect, it } from 'vitest'
import { memoryDir } from '../../src/index.js'
import { useAttacks } from './host.js'

const { run } = useAttacks()

const LIMIT = 12 << 20

/** Growth that the tests of limits do not have: by other holders, behind caught errors, and in libraries of ours. */
const GROWTH: readonly [name: string, source: string][] = [
  ['rope strings', 'let s = "a"; for (;;) s = s + s + "b"'],
  ['rope strings that are never flat', 'const a = []; let s = "ab"; for (let i = 0; ; i++) a.push((s = s + i))'],
  ['slices that keep their whole', 'const a = []; for (let i = 0; ; i++) a.push(("x".repeat(1e5) + i).slice(1, 9e4))'],
  ['wide strings', 'let s = "\\u20ac"; const a = []; for (;;) a.push(s = s.padEnd(s.length + 1e5, "\\u20ac"))'],
  ['a growable buffer', 'const b = new ArrayBuffer(1, { maxByteLength: 2 ** 31 - 1 }); const v = new Uint8Array(b); for (let n = 1; ; n *= 2) { b.resize(n); v.fill(1) }'],
  ['one huge buffer', 'return new ArrayBuffer(2 ** 31 - 1).byteLength'],
  ['one huge array', 'return new Array(2 ** 32 - 1).fill(1).length'],
  ['holes', 'const a = []; for (let i = 1; ; i *= 2) a[i % 2 ** 31] = new Array(1e3).fill(i)'],
  ['growth under a caught error', 'const a = []; for (;;) try { a.push(new Array(1e4).fill(a.length)) } catch { a.push(1) }'],
  ['growth in a finally', 'const a = []; const f = () => { try { for (;;) a.push("x".repeat(1e5) + a.length) } finally { f() } }; f()'],
  ['growth while an error is described', 'const a = []; try { for (;;) a.push({ a: [a.length] }) } catch (e) { Object.defineProperty(e, "message", { get() { for (;;) a.push({}) } }); throw e }'],
  ['a deep value at the ceiling', 'let a = {}; for (let i = 0; ; i++) a = { a, b: structuredClone({ i }) }'],
  ['structuredClone at the ceiling', 'let a = {}; for (let i = 0; i < 45000; i++) a = { a }; return typeof structuredClone(a)'],
  ['symbols', 'const a = []; for (let i = 0; ; i++) a.push(Symbol.for("s" + i))'],
  ['properties', 'const o = {}; for (let i = 0; ; i++) o["k" + i] = i'],
  ['shapes', 'const a = []; for (let i = 0; ; i++) a.push({ ["k" + i]: 1, ["j" + i]: 2 })'],
  ['functions', 'const a = []; for (let i = 0; ; i++) a.push(new Function("return " + i))'],
  ['classes', 'const a = []; for (;;) a.push(class { static x = a.length; #y = 1; m() {} })'],
  ['generators', 'const a = []; function* g() { yield* g() } for (;;) { const i = g(); a.push(i) }'],
  ['promises', 'const a = []; for (;;) a.push(new Promise(() => {}).then(() => {}))'],
  ['queued jobs', 'for (;;) queueMicrotask(() => {})'],
  ['big integers', 'const a = []; for (let n = 1n; ; n = (n << 4096n) | 1n) a.push(n)'],
  ['regular expressions', 'const a = []; for (let i = 0; ; i++) a.push(new RegExp("(?:a|b){0,200}" + i))'],
  ['matches', 'return "a".repeat(3e6).match(/a/g).length'],
  ['sets of maps', 'const s = new Set(); for (let i = 0; ; i++) s.add(new Map([[i, new WeakRef({})]]))'],
  ['modules', 'for (let i = 0; ; i++) await import("./m" + i + ".js").catch(() => {})'],
  ['streams', 'new ReadableStream({ start(c) { for (;;) c.enqueue(new Uint8Array(1e5)) } }, { highWaterMark: Infinity }); await new Promise(() => {})'],
  ['messages', 'const { port1 } = new MessageChannel(); for (;;) port1.postMessage("x".repeat(1e5))'],
  ['listeners', 'const t = new EventTarget(); for (;;) t.addEventListener("a", () => {})'],
  ['timers that are cleared', 'const a = []; for (;;) { const f = () => a; clearTimeout(setTimeout(f, 1)); a.push(f) }'],
  ['performance marks', 'for (let i = 0; ; i++) performance.mark("m" + i, { detail: new Array(100).fill(i) })'],
  ['console counters', 'for (let i = 0; ; i++) console.time("t" + i)'],
  ['blobs', 'const a = []; for (let b = new Blob(["x".repeat(1e4)]); ; b = new Blob([b, b])) a.push(b)'],
  ['form data', 'const f = new FormData(); for (let i = 0; ; i++) f.append("k" + i, "v".repeat(1000))'],
  ['search parameters', 'const u = new URLSearchParams(); for (let i = 0; ; i++) u.append("k" + i, "v")'],
  ['buffers', 'const a = []; for (;;) a.push(Buffer.alloc(1 << 20, 1))'],
  ['hashes', 'const c = require("crypto"); const a = []; for (;;) a.push(c.createHash("sha256").update("x"))'],
  ['formatters', 'const a = []; for (let i = 0; ; i++) a.push(new Intl.NumberFormat("en", { minimumIntegerDigits: 1 + i % 21 }))'],
  ['inspected values', 'return require("util").inspect(Array.from({ length: 1e5 }, () => ({ a: { b: {} } })), { maxArrayLength: Infinity }).length'],
  ['texts decoded', 'const d = new TextDecoder(); const b = new Uint8Array(2 << 20); const a = []; for (;;) a.push(d.decode(b))'],
  ['files read again and again', 'const fs = require("fs"); fs.writeFileSync("/d/f", "x".repeat(1e6)); const a = []; for (;;) a.push(fs.readFileSync("/d/f"))'],
]

describe('filling memory', () => {
  it.each(GROWTH)('%s stay below the ceiling, and the call says so', async (_name, source) => {
    const before = process.memoryUsage().rss
    const result = await run(source, { limits: { memoryBytes: LIMIT, fuel: 2_000_000_000, deadlineMs: 4000 }, grants: { fs: { '/d': memoryDir() } } })
    expect(result.usage.memoryPeakBytes).toBeLessThanOrEqual(LIMIT)
    const ending = result.outcome === 'stopped' ? result.reason : result.outcome === 'threw' ? `threw ${result.error.name}` : 'returned'
    expect(['memory', 'stack', 'fuel', 'deadline', 'host-calls', 'threw RangeError', 'threw InternalError', 'threw DataCloneError']).toContain(ending)
    expect(process.memoryUsage().rss - before).toBeLessThan(300 << 20)
  })

  it('what the engine throws when it has no memory for an error is no value of another kind', async () => {
    const source = 'const o = {}; let caught = []; try { for (let i = 0; ; i++) o["k" + i] = i } catch (e) { caught.push(e) } for (const k in o) delete o[k]; return caught'
    const result = await run(source, { limits: { memoryBytes: LIMIT } })
    expect(result.outcome === 'stopped' ? result.reason : result.outcome).toMatch(/^(?:memory|threw|returned)$/)
    if (result.outcome === 'returned') expect(JSON.stringify(result.value).length).toBeLessThan(1000)
  })

  it('an error of memory that is caught leaves a guest that can go on', async () => {
    const source = 'let a = []; try { for (;;) a.push(new Array(1e4).fill(1)) } catch (e) { a = null } let n = 0; for (let i = 0; i < 1000; i++) n += [i].length; return n'
    expect(await run(source, { limits: { memoryBytes: LIMIT } })).toMatchObject({ outcome: 'returned', value: 1000 })
  })
})
