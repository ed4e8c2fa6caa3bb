import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, createSandbox, memoryDir, quickjs, seededRandom } from '../../src/index.js'
import { valueOf } from '../support/sandbox.js'

/** As `bundle()` makes them: ES modules by name, what they share by path. */
const PACKAGES = {
  counter: 'import { step } from "./chunk-A.js"\nexport let count = 0\nexport const next = () => (count += step)',
  '/chunk-A.js': 'export const step = 1',
  'old-style': 'var lib = { add: (a, b) => a + b, default: 1, "not a name": 2 }\nexport default lib',
  curious: `export const seen = { env: { ...process.env }, argv: process.argv.length, random: Math.random(), time: Date.now(), tools: Object.keys(tools) }
    export const lateEnv = () => process.env.LATE\nexport const random = () => Math.random()`,
  'uses-node': 'import { join } from "node:path"\nexport const joined = join("a", "b")',
  '@scope/one/part': 'export default "part"',
}

describe('quickjs({ packages })', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await createSandbox({ engines: [quickjs({ packages: PACKAGES })] })
  })
  afterAll(() => sandbox[Symbol.asyncDispose]())
  const value = async (source: string, options = {}) => valueOf(await sandbox.run(source, options))

  it.each([
    ['a part', 'import { next } from "counter"\nexport default next()', 1],
    ['a part of a CommonJS package', 'import lib, { add } from "old-style"\nexport default [add(1, 2), lib.add === add, typeof lib.default]', [3, true, 'number']],
    ['all', 'import * as all from "counter"\nexport default Object.keys(all).sort()', ['count', 'next']],
    ['import()', 'return (await import("counter")).next()', 1],
    ['require() of an ES module', 'return require("counter").next()', 1],
    ['require() of a CommonJS package', 'return require("old-style").add(2, 2)', 4],
    ['a built-in module inside', 'import { joined } from "uses-node"\nexport default joined', 'a/b'],
    ['a path behind a scope', 'import part from "@scope/one/part"\nexport default part', 'part'],
  ])('gives programs %s', async (_name, source, expected) => {
    expect(await value(source)).toEqual(expected)
  })

  it('gives modules in mounts and passed ones', async () => {
    const fs = { '/m': memoryDir({ files: { 'x.js': 'import { next } from "counter"\nexport default next() + 10' } }) }
    expect(await value('import x from "/m/x.js"\nimport y from "./y.js"\nexport default [x, y]', { grants: { fs }, modules: { './y.js': 'import { count } from "counter"\nexport default count' } })).toEqual([11, 1])
  })

  it('are in the state they were loaded in, in every call', async () => {
    for (let i = 0; i < 5; i++) expect(await value('import { next } from "counter"\nnext()\nexport default next()')).toBe(2)
  })

  it('a passed module of the same name is preferred', async () => {
    expect(await value('import x from "counter"\nexport default x', { modules: { counter: 'export default "mine"' } })).toBe('mine')
  })

  it('are loaded with nothing granted, and nothing of that stays', async () => {
    const grants = { env: { LATE: 'yes' }, random: seededRandom(7) }
    const result = await value('import { seen, lateEnv, random } from "curious"\nexport default [seen.env, seen.argv, seen.tools, lateEnv(), process.env.LATE, process.argv.length, random()]', { grants, args: ['a', 'b'] })
    const [env, argv, tools, late, own, count, random] = result as unknown[]
    expect([env, argv, tools, late, own, count]).toEqual([{}, 2, [], 'yes', 'yes', 4])
    expect(random).toBe(await value('return Math.random()', { grants: { random: seededRandom(7) } }))
  })

  it('cost a program nothing that names none', async () => {
    const bare = await createSandbox()
    const one = await bare.run('return 1')
    await bare[Symbol.asyncDispose]()
    const other = await sandbox.run('return 1')
    expect([other.usage.fuel, other.usage.memoryPeakBytes]).toEqual([one.usage.fuel, one.usage.memoryPeakBytes])
  })

  it('cost no host call, and fuel is the same each time', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => sandbox.run('import { next } from "counter"\nexport default next()')))
    expect(new Set(runs.map(({ usage }) => usage.fuel)).size).toBe(1)
    expect(runs.map(({ usage }) => usage.hostCalls)).toEqual([0, 0, 0])
  })

  it('one guest that changes a package changes nothing for the next', async () => {
    await value('const lib = require("old-style"); lib.add = () => "hacked"; Object.prototype.x = 1; return 1')
    expect(await value('import { add } from "old-style"\nexport default [add(1, 1), require("old-style").add(1, 1), ({}).x ?? null]')).toEqual([2, 2, null])
  })
})

describe('a package that cannot be loaded', () => {
  it.each([
    ['throws', { bad: 'throw new TypeError("no luck")' }, 'no luck'],
    ['has broken text', { bad: 'export const = 1' }, 'SyntaxError'],
    ['imports what is not in the set', { bad: 'import "elsewhere"' }, 'imports "elsewhere"'],
    ['calls the host', { bad: 'import { readFileSync } from "node:fs"\nreadFileSync("/x")' }, 'nothing is granted'],
  ])('is named when it %s', async (_name, packages, message) => {
    await using sandbox = await createSandbox({ engines: [quickjs({ packages: packages as never })] })
    await expect(sandbox.run('return 1')).rejects.toMatchObject({ code: 'invalid-module', message: expect.stringContaining(message) })
  })

  it.each([['a text', 'x'], ['a number inside', { a: 1 }], ['an empty name', { '': 'x' }]])('%s is no set', (_name, packages) => {
    expect(() => quickjs({ packages: packages as never })).toThrow(expect.objectContaining({ code: 'invalid-option' }))
  })
})
