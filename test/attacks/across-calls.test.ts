import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, createSandbox, defineTool, quickjs } from '../../src/index.js'
import { isolation } from '../support/sandbox.js'
import { useAttacks } from './host.js'

const { run } = useAttacks()

/** Ways of leaving something behind in an isolate, or of ending so that it might not be put back. */
const LEAVINGS: readonly [name: string, source: string][] = [
  ['globals and prototypes', 'globalThis.left = input; Object.prototype.left = input; Function.prototype.call = () => input; return 1'],
  ['libraries of ours', 'const lib = globalThis[Symbol.for("glovebox.library")]; for (const name of ["fs", "intl", "events", "packages", "node-util"]) { const l = lib(name); for (const k of Object.keys(l)) try { l[k].left = input; l[k] = () => input } catch {} } return 1'],
  ['packages by name', 'globalThis[Symbol.for("glovebox.library")].addPackages(["left"], [{ default: input }]); return 1'],
  ['what `import` has loaded', 'const fs = await import("node:fs"); fs.default.left = input; require.cache["/left.js"] = { exports: input }; return 1'],
  ['registered symbols', 'Symbol.for("left").toString(); globalThis[Symbol.for("left")] = input; return 1'],
  ['bytes that were freed', 'for (let i = 0; i < 50; i++) (input + i).repeat(20_000); return 1'],
  ['bytes at the end of memory', 'const a = new Uint8Array(6 << 20); for (let i = 0; i < a.length; i += 8) a.set([76, 69, 65, 75, 69, 68, 33, 33], i); return a.length'],
  ['bytes behind a memory that grew and failed', 'const a = []; try { for (;;) a.push((input + a.length).repeat(10_000)) } catch { return 1 }'],
  ['jobs and timers', 'setTimeout(() => { globalThis.left = input }); queueMicrotask(() => { globalThis.left = input }); new Promise(() => {}); return 1'],
  ['the seed of Math.random', 'for (let i = 0; i < 1000; i++) Math.random(); crypto.getRandomValues(new Uint8Array(64)); return 1'],
  ['regular expressions\' last match', '/(LEAKED)/.exec("LEAKED"); RegExp.left = input; return 1'],
  ['an error that is being thrown', 'throw Object.assign(new Error(input), { left: input })'],
  ['a stack that was full', 'const f = () => { globalThis.left = input; f() }; f()'],
  ['fuel that ran out in native code', 'globalThis.left = input; for (;;) input.repeat(1000).split("")'],
  ['an exit in a finally', 'try { throw 1 } finally { globalThis.left = input; process.exit(1) }'],
  ['weak references and finalizers', 'const r = new FinalizationRegistry((v) => { globalThis.left = v }); for (let i = 0; i < 1e4; i++) r.register({}, input); return 1'],
  ['listeners of the global', 'addEventListener("error", () => input); globalThis.onunhandledrejection = () => input; return 1'],
]

/** Text no other part of a process has. */
const SECRET = 'LEAKED-9c41f0e7'

const LOOK = `
  const text = [typeof left, Object.keys(Object.prototype).join(), String(globalThis[Symbol.for('left')]), RegExp.left, Object.keys(require.cache).join(), Object.keys(require('fs')).includes('left')].join()
  const lib = globalThis[Symbol.for('glovebox.library')]
  let met = 0
  // Memory that the engine hands out without filling it would show here.
  for (let n = 1; n < 20; n++) { const a = new Uint8Array(n * 65_536); for (let i = 0; i < a.length; i += 61) if (a[i] !== 0) met++ }
  let imported = 'none'
  try { imported = typeof (await import('left')) } catch {}
  return [text, met, imported, Object.keys(lib('fs')).includes('left')]`

describe('what a guest leaves for the next', () => {
  it.each(LEAVINGS)('%s: nothing', async (_name, source) => {
    const clean = await run(LOOK)
    const left = await run(source, { input: SECRET, limits: { fuel: 300_000_000 } })
    expect(['returned', 'threw', 'stopped']).toContain(left.outcome)
    const next = await run(LOOK)
    expect(next).toEqual({ ...clean, usage: { ...clean.usage, wallMs: expect.any(Number) } })
    expect(JSON.stringify(next)).not.toContain(SECRET)
  })

  // On threads every guest holds one while it waits, and there are fewer than guests.
  if (isolation === 'thread') console.log('across-calls.test.ts: guests that wait for each other are skipped on threads, of which there are fewer than guests')
  it.skipIf(isolation === 'thread')('guests that wait for each other\'s answers, many at once, each with its own', async () => {
    const meet: (() => void)[] = []
    const wait = defineTool({ description: 'Waits for all', input: z.any(), execute: () => new Promise<number>((resolve) => {
      meet.push(() => resolve(1))
      if (meet.length === 20) for (const go of meet) go()
    }) })
    const source = 'globalThis.own = [input]; Math.shared = input; await tools.wait(); return [own[0], Math.shared, typeof left]'
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => run(source, { input: i, grants: { tools: { wait } }, limits: { memoryBytes: 8 << 20 } })))
    results.forEach((result, i) => expect(result).toMatchObject({ outcome: 'returned', value: [i, i, 'undefined'] }))
  })
})

describe('a guest that is set aside beside hostile ones', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await createSandbox({ engines: [quickjs({ pool: { maxWaiting: 1, maxIdle: 1, verifyEvery: 1 } })] })
  })
  afterAll(() => sandbox[Symbol.asyncDispose]())

  it.each(LEAVINGS.slice(0, 13))('%s meanwhile: it finds all as it left it, and nothing else', async (_name, source) => {
    const held: (() => void)[] = []
    const wait = defineTool({ description: 'Waits', input: z.any(), execute: () => new Promise<number>((resolve) => void held.push(() => resolve(1))) })
    const own = 'globalThis.mine = "mine" + input; const big = new Uint8Array(100_000).fill(input); await tools.wait(); return [mine, big.every((b) => b === input), typeof left, ({}).left ?? null]'
    const waiting = [1, 2, 3].map((input) => sandbox.run(own, { input, grants: { tools: { wait } } }))
    while (held.length < 3) await new Promise((resolve) => setImmediate(resolve))
    await sandbox.run(source, { input: SECRET, limits: { fuel: 300_000_000, memoryBytes: 24 << 20 } })
    for (const go of held) go()
    const results = await Promise.all(waiting)
    results.forEach((result, i) => expect(result).toMatchObject({ outcome: 'returned', value: [`mine${i + 1}`, true, 'undefined', null] }))
  })
})

describe('an image with packages', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await createSandbox({ engines: [quickjs({ packages: { kept: 'export const list = []\nexport const make = () => ({})\nexport default { list }' }, pool: { verifyEvery: 1, maxIdle: 1 } })] })
  })
  afterAll(() => sandbox[Symbol.asyncDispose]())

  it.each(LEAVINGS)('%s: the packages are as they were', async (_name, source) => {
    const look = 'import * as kept from "kept"\nexport default [kept.list.length, Object.keys(kept.make()).length, ({}).left ?? null, typeof left, kept.default.list === kept.list]'
    await sandbox.run(`const kept = await import("kept"); kept.list.push(input); kept.default.left = input; kept.make.prototype = null; ${source}`, { input: SECRET, limits: { fuel: 300_000_000, memoryBytes: 24 << 20 } })
    expect(await sandbox.run(look)).toMatchObject({ outcome: 'returned', value: [0, 0, null, 'undefined', true] })
  })
})
