import { describe, expect, it } from 'vitest'
import { memoryDir } from '../../src/index.js'
import { useAttacks } from './host.js'

const { run } = useAttacks()

/** Work that is done by native code of the engine, by guest libraries or by the host, asked for in one call of a function. */
const LOOPS: readonly [name: string, source: string][] = [
  ['structuredClone of a wide value', 'const a = Array.from({ length: 2e4 }, (_, i) => ({ i, m: new Map([[i, i]]) })); for (;;) structuredClone(a)'],
  ['JSON both ways', 'const t = JSON.stringify(Array.from({ length: 2e4 }, (_, i) => ({ i }))); for (;;) JSON.stringify(JSON.parse(t))'],
  ['JSON with a huge indent', 'const a = Array(1e4).fill([[[1]]]); for (;;) JSON.stringify(a, null, 10)'],
  ['digests', 'const b = new Uint8Array(1 << 20); for (;;) await crypto.subtle.digest("SHA-512", b)'],
  ['a hash of node:crypto', 'const c = require("crypto"); const h = c.createHash("md5"); const b = new Uint8Array(1 << 20); for (;;) h.update(b)'],
  ['SHA-3, all guest code', 'const c = require("crypto"); const b = new Uint8Array(1 << 18); for (;;) c.createHash("sha3-512").update(b).digest()'],
  ['PBKDF2', 'require("crypto").pbkdf2Sync("a", "b", 2e9, 64, "sha512")'],
  ['scrypt', 'require("crypto").scryptSync("a", "b", 64, { N: 1 << 14, r: 8, p: 1e4, maxmem: 1e12 })'],
  ['AES', 'const k = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]); const b = new Uint8Array(1 << 20); for (;;) await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, k, b)'],
  ['timingSafeEqual and random bytes', 'const c = require("crypto"); for (;;) c.timingSafeEqual(c.randomBytes(65536), c.randomBytes(65536))'],
  ['a regular expression with a back reference', 'return /^(a*)*\\1b/.test("a".repeat(3e4))'],
  ['a regular expression with a look behind', 'return /(?<=(a+)+)b/.test("a".repeat(40) + "c")'],
  ['replaceAll of nothing', 'let s = "a".repeat(1e5); for (;;) s.replaceAll("", "b")'],
  ['normalisation of marks', 'for (;;) ("a" + "\\u0323\\u0301".repeat(2e5)).normalize("NFD")'],
  ['split and join', 'const s = "a,".repeat(2e5); for (;;) s.split(",").join(";")'],
  ['sorting with locale', 'const a = Array.from({ length: 2e4 }, (_, i) => "\\u00e9" + (i * 7919) % 2e4); for (;;) a.sort((x, y) => x.localeCompare(y, "fr"))'],
  ['a hundred thousand digits', 'let n = 3n ** 100000n; for (;;) BigInt(String(n))'],
  ['BigInt powers', 'return (2n ** 10_000_000n).toString().length'],
  ['BigInt.asUintN', 'for (;;) BigInt.asUintN(2 ** 31, -1n)'],
  ['Atomics.wait', 'return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'],
  ['a typed array from an endless list', 'return new Uint8Array({ length: 2 ** 31 })'],
  ['lastIndexOf of a long array-like', 'return Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)'],
  ['fill and copyWithin', 'const a = new Uint8Array(8 << 20); for (;;) a.copyWithin(1, 0).fill(1)'],
  ['URL parsing', 'for (;;) new URL("../".repeat(2e4), "https://a.example/" + "b/".repeat(2e4))'],
  ['URLPattern', 'const p = new URLPattern({ pathname: "/:a(.*)*/:b(.*)*/:c(.*)*" }); return p.test({ pathname: "/" + "a/".repeat(40) + "\\n" })'],
  ['URLSearchParams', 'const u = new URLSearchParams("a=1&".repeat(2e4)); for (;;) { u.sort(); u.delete("b"); String(u) }'],
  ['Temporal over millions of days', 'let d = Temporal.PlainDate.from("-271821-04-20"); for (;;) d = d.until("+275760-09-13", { largestUnit: "months" }) && d.add({ days: 1 })'],
  ['Temporal rounding relative to a zone', 'for (;;) Temporal.Duration.from({ hours: 1e7 }).round({ largestUnit: "years", relativeTo: "2026-01-01[Europe/Berlin]" })'],
  ['Buffer searches', 'const b = Buffer.alloc(4 << 20, 97); for (;;) b.indexOf("a".repeat(1e5) + "b")'],
  ['Buffer encodings', 'const b = Buffer.alloc(1 << 20, 97); for (;;) for (const e of ["hex", "base64", "latin1", "utf16le"]) Buffer.from(b.toString(e), e)'],
  ['TextDecoder of other labels', 'const d = new TextDecoder("utf-16le"); const b = new Uint8Array(1 << 20); for (;;) d.decode(b)'],
  ['assert.deepStrictEqual of sets', 'const make = () => new Set(Array.from({ length: 3000 }, (_, i) => ({ i, a: [i] }))); return require("assert").deepStrictEqual(make(), make())'],
  ['the diff of a failed assertion', 'const a = Array.from({ length: 2e4 }, (_, i) => i); require("assert").deepStrictEqual(a, a.toReversed())'],
  ['util.format', 'const s = "%s%d%j%o".repeat(1e4); for (;;) require("util").format(s, {}, [])'],
  ['util.inspect of shared objects', 'let o = {}; for (let i = 0; i < 40; i++) o = { a: o, b: o }; return require("util").inspect(o, { depth: Infinity }).length'],
  ['parseArgs and styleText', 'const u = require("util"); for (;;) u.parseArgs({ args: Array(1e4).fill("-a"), options: { a: { type: "boolean", short: "a", multiple: true } } })'],
  ['TypeScript at run time', 'for (;;) await import("data:text/javascript,1").catch(() => {})'],
  ['streams that feed themselves', 'const t = new TransformStream(); const w = t.writable.getWriter(); const r = t.readable.getReader(); for (;;) { w.write(1); await r.read() }'],
  ['directory walks', 'const fs = require("fs"); for (let i = 0; i < 50; i++) fs.mkdirSync("/d/" + "x/".repeat(i + 1)); for (;;) fs.readdirSync("/d", { recursive: true })'],
  ['globs', 'const p = require("path"); return p.matchesGlob?.("/" + "a/".repeat(60), "**/a/**/a/**/a/**/a/**/a/**/a/**/b") ?? (() => { for (;;); })()'],
  ['path.normalize', 'const p = require("path"); for (;;) p.normalize("a/../".repeat(2e4))'],
  ['a tower of getters', 'let o = { get v() { return 1 } }; for (let i = 0; i < 40; i++) { const p = o; o = { get v() { return p.v + p.v } } } return o.v'],
  ['a comparator that lies', 'const a = [...Array(1e5).keys()]; for (;;) a.sort(() => Math.random() - 0.5)'],
  ['weak collections', 'const w = new WeakMap(); for (let k = {}; ; k = {}) w.set(k, k)'],
]

describe('the host\'s time taken by work that is asked for at once', () => {
  it.each(LOOPS)('%s ends within the limits', async (_name, source) => {
    const began = performance.now()
    const result = await run(source, { limits: { fuel: 200_000_000, deadlineMs: 1500, hostCalls: 200 }, grants: { fs: { '/d': memoryDir() } } })
    if (result.outcome === 'stopped') expect(['fuel', 'deadline', 'memory', 'stack', 'host-calls']).toContain(result.reason)
    else expect(['returned', 'threw']).toContain(result.outcome)
    // The deadline, and what a busy machine takes for one look at it.
    expect(performance.now() - began).toBeLessThan(3500)
  })
})
