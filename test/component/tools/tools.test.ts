import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toTools } from '../../../src/component/index.js'
import { type Component, type Sandbox, createSandbox, describeTools, memoryDir, quickjs, readOnly } from '../../../src/index.js'
import { canSuspend, componentFromSources, valueOf, wat } from '../components.js'
import { CANON, LIBC, echo } from '../fixtures.js'

/** Functions with texts, errors, loops, and one that reads the environment it was granted. */
const WORDS = `(component ${LIBC}
  (import "wasi:cli/environment@0.2.0" (instance $env (export "get-environment" (func (result (list (tuple string string)))))))
  (core func $env (canon lower (func $env "get-environment") ${CANON}))
  (core module $m
    (import "l" "memory" (memory 1))
    (import "h" "env" (func $env (param i32)))
    (func (export "twice") (param i32 i32) (result i32)
      (memory.copy (i32.add (local.get 0) (local.get 1)) (local.get 0) (local.get 1))
      (i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (i32.mul (i32.const 2) (local.get 1))) (i32.const 8))
    (func (export "check") (param i32) (result i32)
      (i32.store8 (i32.const 8) (i32.gt_u (local.get 0) (i32.const 9))) (i32.store8 (i32.const 9) (i32.const 1)) (i32.const 8))
    (func (export "spin") (loop (br 0)))
    (func (export "variables") (result i32) (call $env (i32.const 8)) (i32.load (i32.const 12))))
  (core instance $i (instantiate $m (with "l" (instance $l)) (with "h" (instance (export "env" (func $env))))))
  (func $twice (param "the-text" string) (result string) (canon lift (core func $i "twice") ${CANON}))
  (type $problem (enum "none" "too-large"))
  (func $check (param "size" u32) (result (result (error $problem))) (canon lift (core func $i "check") ${CANON}))
  (func $spin (canon lift (core func $i "spin")))
  (func $variables (result u32) (canon lift (core func $i "variables")))
  (component $named
    (type $problem0 (enum "none" "too-large")) (import "problem" (type $problem (eq $problem0)))
    (import "check" (func $check (param "size" u32) (result (result (error $problem)))))
    (import "twice" (func $twice (param "the-text" string) (result string)))
    (import "spin" (func $spin)) (import "variables" (func $variables (result u32)))
    (export $out "problem" (type $problem))
    (export "check" (func $check) (func (param "size" u32) (result (result (error $out)))))
    (export "say-twice" (func $twice)) (export "spin" (func $spin)) (export "variables" (func $variables)))
  (instance $words (instantiate $named (with "problem" (type $problem)) (with "check" (func $check)) (with "twice" (func $twice)) (with "spin" (func $spin)) (with "variables" (func $variables))))
  (export "acme:text/words@1.0.0" (instance $words)))`

let sandbox: Sandbox
let words: Component
beforeAll(async () => {
  sandbox = await createSandbox({ engines: [quickjs(), componentFromSources()] })
  words = await sandbox.load(await wat(WORDS))
})
afterAll(() => sandbox[Symbol.asyncDispose]())

describe('toTools()', () => {
  it('lets a program call a component', async () => {
    const tools = toTools(words)
    const result = await sandbox.run("return tools.sayTwice({ theText: 'Grüße ' })", { grants: { tools } })
    expect(result).toMatchObject({ outcome: 'returned', value: 'Grüße Grüße ', ledger: [{ capability: 'tool', operation: 'call', target: 'sayTwice', decision: 'allowed' }], sources: ['tool:sayTwice'] })
    expect(sandbox.stats()).toMatchObject({ live: 0, running: 0 })
  })

  it('tells the program of its mistakes and the component\'s errors', async () => {
    const program = (call: string): string => `try { await tools.${call}; return 'fine' } catch (error) { return error.name + ' ' + error.code + ': ' + error.message }`
    const grants = { tools: toTools(words, { limits: { fuel: 1_000_000 } }) }
    expect(valueOf(await sandbox.run(program('check({ size: 5 })'), { grants }))).toBe('fine')
    expect(valueOf(await sandbox.run(program('check({ size: 10 })'), { grants }))).toBe('ComponentError too-large: too-large')
    expect(valueOf(await sandbox.run(program('check({ size: -1 })'), { grants }))).toBe('TypeError invalid-input: Tool "check" refused its input: input.size: expected a whole number from 0 to 4294967295 (u32), got -1')
    expect(valueOf(await sandbox.run(program('check({ bytes: 1 })'), { grants }))).toBe('TypeError invalid-input: Tool "check" refused its input: input has the unknown key "bytes"; its keys are size')
    expect(valueOf(await sandbox.run(program('spin({})'), { grants }))).toBe('Error component-stopped: The component was stopped (fuel): The call used its fuel of 1000000 units; raise limits.fuel if the work is worth it')
  })

  it('declares itself to the model with the types of the interface', () => {
    expect(describeTools(toTools(words, { only: ['acme:text/words@1.0.0#say-twice', 'acme:text/words@1.0.0#check'] }))).toBe(
      `declare const tools: {
  /** Calls acme:text/words@1.0.0#say-twice. */
  sayTwice(input: {
    theText: string
  }): Promise<string>
  /** Calls acme:text/words@1.0.0#check. */
  check(input: {
    /**
     * @minimum 0
     * @maximum 4294967295
     */
    size: number
  }): Promise<undefined>
}
`)
  })

  it('passes values of every kind between the engines', async () => {
    const tool = await sandbox.load(await wat(echo({ u64: 'u64', lists: '(list u8)', maybe: '(option string)', outcome: '(result u8 (error string))', pairs: '(tuple bool f64)' })))
    const program = `
      const results = {}
      results.u64 = await tools.u64({ value: [1n, 2] })
      results.lists = await tools.lists({ value: [new Uint8Array([1, 2]), [3]] })
      results.maybe = await tools.maybe({ value: ['x', undefined, null] })
      results.outcome = await tools.outcome({ value: [{ tag: 'ok', val: 1 }, { tag: 'err', val: 'no' }] })
      results.pairs = await tools.pairs({ value: [[true, 0.5]] })
      return results`
    expect(valueOf(await sandbox.run(program, { grants: { tools: toTools(tool) } }))).toEqual({
      u64: new BigUint64Array([1n, 2n]),
      lists: [new Uint8Array([1, 2]), new Uint8Array([3])],
      maybe: ['x', undefined, undefined],
      outcome: [{ tag: 'ok', val: 1 }, { tag: 'err', val: 'no' }],
      pairs: [[true, 0.5]],
    })
    expect(describeTools(toTools(tool))).toContain('u64(input: {\n    value: (bigint | number)[] | BigUint64Array\n  }): Promise<BigUint64Array>')
  })

  it('gives the component what it was granted, and only to a call that has as much itself', async () => {
    const env = { A: '1', B: '2' }
    const tools = toTools(words, { grants: { env }, only: ['acme:text/words@1.0.0#variables'] })
    expect(valueOf(await sandbox.run('return tools.variables({})', { grants: { env, tools } }))).toBe(2)
    await expect(sandbox.run('return tools.variables({})', { grants: { tools } })).rejects.toMatchObject({
      code: 'exceeds-ceiling', message: 'Cannot grant tool "variables": behind it a guest reaches env A: read, which the call itself is not granted; grant it to the call too, or less to the tool',
    })
    const dir = memoryDir()
    const writing = toTools(words, { grants: { fs: { '/data': dir } } })
    await expect(sandbox.run('return 1', { grants: { tools: writing, fs: { '/data': readOnly(dir) } } })).rejects.toMatchObject({ code: 'exceeds-ceiling' })
    expect(valueOf(await sandbox.run('return 1', { grants: { tools: writing, fs: { '/data': dir } } }))).toBe(1)
    expect(sandbox.describe({ tools }).text).toBe('tool variables: call\nenv A: read\nenv B: read')
  })

  it.runIf(canSuspend)('ends the component with the program that called it', async () => {
    const tools = toTools(words, { only: ['acme:text/words@1.0.0#spin'] })
    expect(await sandbox.run('return tools.spin({})', { grants: { tools }, limits: { deadlineMs: 60 } })).toMatchObject({ outcome: 'stopped', reason: 'deadline' })
    for (let turns = 0; sandbox.stats().running > 0 && turns < 200; turns++) await new Promise((resolve) => setTimeout(resolve, 1))
    expect(sandbox.stats()).toMatchObject({ live: 0, running: 0 })
  })

  it('refuses unknown options and exports', () => {
    expect(() => toTools(words, { names: [] } as never)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
    expect(() => toTools(words, { only: ['say-twice'] })).toThrow(expect.objectContaining({ code: 'missing-export' }))
    expect(() => toTools(words, { grants: { fs: './here' } as never })).toThrow(expect.objectContaining({ code: 'invalid-grant' }))
  })
})
