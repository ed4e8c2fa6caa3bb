import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { defineTool, memoryDir } from '../../src/index.js'
import { useAttacks } from './host.js'

const { run } = useAttacks()

const grants = {
  tools: { echo: defineTool({ description: 'Gives back its input', input: z.any(), execute: (input) => input }) },
  fs: { '/d': memoryDir({ files: { 'a.txt': 'a' } }) },
  env: { A: '1' },
  stdin: 'in',
}

/**
 * Every object, function and constructor that can be reached from the given value, by properties, accessors, prototypes
 * and what constructors make; each constructor is asked for a global object, and every one must give the guest's own.
 */
const WALK = (roots: string): string => `
  const found = { globals: new Set(), names: new Set(), visited: 0 }
  const seen = new Set()
  const edge = [${roots}]
  const ask = (make) => {
    let answer
    try { answer = make('return typeof globalThis === "object" ? globalThis : this') } catch { return }
    try {
      answer = answer()
      if (typeof answer === 'object' && answer !== null && typeof answer.then !== 'function') found.globals.add(answer)
    } catch {}
  }
  while (edge.length > 0 && found.visited < 6000) {
    const value = edge.pop()
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue
    seen.add(value)
    found.visited++
    try { look(value) } catch (error) { edge.push(error) }
  }
  function look(value) {
    edge.push(Object.getPrototypeOf(value))
    for (const key of Reflect.ownKeys(value)) {
      const { value: held, get, set } = Reflect.getOwnPropertyDescriptor(value, key) ?? {}
      edge.push(held, get, set)
      if (typeof get === 'function') {
        try {
          const got = get.call(value)
          if (got instanceof Promise) got.catch(() => {})
          edge.push(got)
        } catch (error) { edge.push(error) }
      }
    }
    const { constructor } = value
    if (typeof constructor === 'function') { ask(constructor); ask(constructor.constructor) }
  }
  const own = [...found.globals].filter((global) => global !== globalThis && Object.getPrototypeOf(global) === Object.getPrototypeOf(globalThis) && Object.hasOwn(global, 'Array'))
  const foreign = ['WebAssembly', 'Deno', 'Bun', '__filename__', 'gc', 'SharedArrayBuffer' ].filter((name) => [...found.globals].some((global) => name in global && global !== globalThis))
  return { globals: found.globals.has(globalThis), others: own.length, foreign, enough: found.visited > 20 }
`

describe('the host through what a guest can touch', () => {
  it.each([
    ['all globals', 'globalThis'],
    ['require, module and process', 'require, module, process, require("process"), process.constructor, require.cache'],
    ['Buffer', 'Buffer, Buffer.from("a"), Buffer.from("a").buffer'],
    ['Intl', 'Intl, new Intl.NumberFormat(), new Intl.DateTimeFormat().formatToParts(0), new Intl.Segmenter().segment("ab")'],
    ['Temporal', 'Temporal, Temporal.Now.instant(), Temporal.PlainDate.from("2026-01-01")'],
    ['streams', 'ReadableStream, new ReadableStream(), new TransformStream(), new ReadableStream().getReader()'],
    ['events', 'new EventTarget(), new Event("e"), new AbortController().signal, AbortSignal.abort().reason, new MessageChannel()'],
    ['tools and what they answer', 'tools, tools.echo, tools.missing, await tools.echo({ a: [new Map([[1, new Date(0)]]), /x/] }), tools.echo(1), await tools.missing().catch((e) => e)'],
    ['files and their errors', 'require("fs"), require("fs").statSync("/d/a.txt"), require("fs").promises, (() => { try { require("fs").readFileSync("/x") } catch (e) { return e } })()'],
    ['errors of the engine', '(() => { try { null.x } catch (e) { return e } })(), (() => { try { new Array(-1) } catch (e) { return e } })(), new AggregateError([new Error("a")], "b", { cause: {} })'],
    ['cryptography', 'crypto, crypto.subtle, await crypto.subtle.digest("SHA-256", new Uint8Array(1)), require("crypto").createHash("md5")'],
    ['fetch and its refusal', 'fetch, Request, new Headers(), new Response("a"), await fetch("https://a.example/").catch((e) => e)'],
    ['asynchronous functions and generators', '(async () => {}), (function* () {}), (async function* () {}), (async function* () {})(), Promise.resolve(), [][Symbol.iterator](), "a".matchAll(/a/g)'],
    ['imported modules', 'await import("node:fs"), await import("node:util"), await import("node:events"), await import("node:module"), import.meta ?? {}'],
    ['callers of callbacks', '(() => { let self; [1].forEach(function () { self = this }); return self })(), (() => { let args; [2, 1].sort(function () { args = arguments; return 0 }); return args })(), await new Promise((ok) => setTimeout(function () { ok(this ?? {}) })), await new Promise((ok) => queueMicrotask(function () { ok(arguments) }))'],
  ])('%s: every constructor is the guest\'s own', async (_name, roots) => {
    const source = roots.includes('import.meta') ? `const walk = async () => {${WALK(roots)}}\nexport default walk()` : WALK(roots)
    const result = await run(source, { grants })
    expect(result.outcome === 'returned' ? result.value : result).toEqual({ globals: true, others: 0, foreign: [], enough: true })
  })
})

describe('the host through values that cross', () => {
  it('answers have the prototypes of the guest, whatever the host\'s were', async () => {
    const source = `
      const answer = await tools.echo({ a: [1], m: new Map(), s: new Set(), d: new Date(0), e: new TypeError('x'), b: new Uint8Array(1), n: null })
      return [answer.constructor === Object, answer.a instanceof Array, answer.m instanceof Map, answer.s instanceof Set, answer.d instanceof Date, answer.e instanceof TypeError, answer.b instanceof Uint8Array]`
    expect(await run(source, { grants })).toMatchObject({ value: Array(7).fill(true) })
  })

  it('a tool gets plain data of the host\'s own, with no way back', async () => {
    const got: unknown[] = []
    const keep = defineTool({ description: 'Keeps its input', input: z.any(), execute: (input) => void got.push(input) })
    const source = `
      globalThis.called = 0
      class Trap { get x() { called++; return 1 } valueOf() { called++; return 1 } toJSON() { called++; return { json: 1 } } [Symbol.toPrimitive]() { called++; return 1 } }
      const trap = new Trap(); trap.own = 1
      for (const value of [{ a: [trap] }, Object.create({ inherited: 1 }), JSON.parse('{"__proto__":{"p":1},"constructor":{"prototype":{"p":1}}}')]) await tools.keep(value).catch(() => {})
      return called`
    await run(source, { grants: { tools: { keep } } })
    const all: object[] = []
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      all.push(value)
      Object.values(value).forEach(collect)
    }
    got.forEach(collect)
    expect(got.length).toBeGreaterThan(0)
    for (const value of all) {
      expect([Object.prototype, Array.prototype, null]).toContain(Object.getPrototypeOf(value))
      for (const descriptor of Object.values(Object.getOwnPropertyDescriptors(value))) expect(descriptor.get ?? descriptor.set ?? (typeof descriptor.value === 'function')).toBe(false)
    }
    expect(({} as { p?: unknown }).p).toBeUndefined()
  })
})
