import { describe, expect, it } from 'vitest'
import { useAttacks } from './host.js'

const { run } = useAttacks()

/** Ways to nest that need no loop; what plain recursion comes to is in the tests of limits. */
const WAYS: readonly [name: string, source: string][] = [
  ['valueOf', 'const o = { valueOf() { return +o } }; return +o'],
  ['toString', 'const o = { toString() { return `${o}` } }; return `${o}`'],
  ['Symbol.toPrimitive', 'const o = { [Symbol.toPrimitive]() { return o + 1 } }; return o + 1'],
  ['a setter', 'const o = { set a(v) { this.a = v } }; o.a = 1'],
  ['a proxy of itself', 'const p = new Proxy({}, { get: (t, k, r) => r[k] }); return p.x'],
  ['a proxy whose handler is a proxy', 'let h = {}; for (let i = 0; i < 5e4; i++) h = new Proxy({}, h); return new Proxy({}, h).x'],
  ['instanceof', 'class A { static [Symbol.hasInstance](v) { return v instanceof A } }; return 1 instanceof A'],
  ['a chain of prototypes', 'let o = {}; for (let i = 0; i < 2e5; i++) o = Object.create(o); return o.missing'],
  ['Reflect.construct', 'function F() { return Reflect.construct(F, []) } return new F()'],
  ['Function.prototype.apply', 'function f() { return f.apply(null, arguments) } return f(...Array(100))'],
  ['map', 'const f = () => [1].map(f); return f()'],
  ['flatMap and flat', 'const a = []; a.push(a); return a.flat(Infinity)'],
  ['Array.from', 'const f = () => Array.from([1], f); return f()'],
  ['forEach of a Map', 'const m = new Map([[1, 1]]); const f = () => m.forEach(f); return f()'],
  ['an iterator', 'const o = { *[Symbol.iterator]() { yield* o } }; return [...o]'],
  ['generators in generators', 'function* g(n) { yield* g(n + 1) } return [...g(0)]'],
  ['asynchronous functions', 'const f = async () => { await f() }; return f()'],
  ['asynchronous generators', 'async function* g() { yield* g() } for await (const x of g()) return x'],
  ['thenables', 'const t = { then(ok) { ok(t) } }; return t'],
  ['class fields', 'class A { a = new A() } return new A()'],
  ['default parameters', 'const f = (a = f()) => a; return f()'],
  ['destructuring', 'const o = { get a() { const { a } = o; return a } }; const { a } = o; return a'],
  ['tagged templates', 'const f = (s) => f`x`; return f`x`'],
  ['eval in eval', 'globalThis.again = () => (0, eval)("again()"); return again()'],
  ['new Function in new Function', 'globalThis.again = () => new Function("return again()")(); return again()'],
  ['JSON.parse with a reviver', 'const f = () => JSON.parse("[1]", f); return f()'],
  ['JSON of a deep array', 'let a = []; for (let i = 0; i < 2e5; i++) a = [a]; return JSON.stringify(a).length'],
  ['JSON text of a deep array', 'return JSON.parse("[".repeat(1e5) + "]".repeat(1e5)).length'],
  ['structuredClone of a deep object', 'let a = {}; for (let i = 0; i < 1e5; i++) a = { a }; return typeof structuredClone(a)'],
  ['util.inspect of a deep object', 'let a = {}; for (let i = 0; i < 1e5; i++) a = { a }; return require("util").inspect(a, { depth: Infinity }).length'],
  ['util.isDeepStrictEqual of deep objects', 'const make = () => { let a = {}; for (let i = 0; i < 1e5; i++) a = { a }; return a }; return require("util").isDeepStrictEqual(make(), make())'],
  ['a deep value for a tool', 'let a = {}; for (let i = 0; i < 1e5; i++) a = { a }; await tools.none(a)'],
  ['a deep result', 'let a = {}; for (let i = 0; i < 1e5; i++) a = { a }; return a'],
  ['listeners', 'const e = new (require("events"))(); e.on("a", () => e.emit("a")); e.emit("a")'],
  ['dispatched events', 'const t = new EventTarget(); t.addEventListener("a", () => t.dispatchEvent(new Event("a"))); t.dispatchEvent(new Event("a"))'],
  ['console.log of what logs itself', 'const o = { get [Symbol.toStringTag]() { console.log(o); return "x" }, [Symbol.for("nodejs.util.inspect.custom")]() { console.log(o); return "y" } }; console.log(o)'],
  ['a rope of strings', 'let s = "a"; for (let i = 0; i < 3e5; i++) s = i % 2 ? s + "b" : "b" + s; return s.charCodeAt(1000)'],
  ['a deep regular expression', 'return new RegExp("(?:a|".repeat(3e4) + "b" + ")".repeat(3e4)).test("b")'],
  ['backtracking', 'return /^(?:(a)|b|(?:\\1c))*$/.test("a".repeat(1e6) + "x")'],
  ['nested source of many kinds', 'return ["[", "{a:", "(()=>", "`${", "!", "a?b:", "async()=>", "new "].map((t) => { try { return (0, eval)(t.repeat(2e4)) } catch (e) { return e.name } }).length'],
  ['error causes', 'let e = new Error("x"); for (let i = 0; i < 5e4; i++) e = new Error("x", { cause: e }); console.log(e); throw e'],
  ['freed chains', 'let a = null; for (let i = 0; i < 3e5; i++) a = { a }; a = null; return 1'],
]

describe('nesting until the host\'s stack is full', () => {
  it.each(WAYS)('%s', async (_name, source) => {
    const result = await run(source, { limits: { fuel: 600_000_000, deadlineMs: 3000 } })
    if (result.outcome === 'stopped') expect(['stack', 'memory', 'fuel', 'deadlock', 'output', 'deadline']).toContain(result.reason)
    // Behind each, a probe of the next guest tells that nothing of it is left.
    else expect(['returned', 'threw']).toContain(result.outcome)
    expect(result.usage.wallMs).toBeLessThan(5000)
    expect(JSON.stringify(result)).not.toMatch(/wasm-function|node_modules/)
  })
})
