import { beforeAll, describe, expect, it } from 'vitest'
import { type Component, createSandbox, quickjs } from '../../../src/index.js'
import { componentFromSources, useComponents, valueOf, wat } from '../components.js'
import { CANON, LIBC, lift, single } from '../fixtures.js'

const ADD = single('(func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))', lift('add', '(param "a" u32) (param "b" u32) (result u32)'))

describe.each(['auto', 'sync'] as const)('Component.call() in mode %s', (mode) => {
  const { load, sandbox } = useComponents({ mode })

  it('returns what the function gives, in a result like any other', async () => {
    const tool = await load(ADD)
    expect(await tool.call('add', [2, 3])).toEqual({
      outcome: 'returned', value: 5, stdout: '', stderr: '', console: [], ledger: [], sources: [],
      usage: { fuel: expect.any(Number), wallMs: expect.any(Number), memoryPeakBytes: 131_072, hostCalls: 0, hostBytesIn: 0, hostBytesOut: 0 },
    })
    expect(valueOf(await tool.call('add', [4_294_967_295, 1]))).toBe(0)
  })

  it('gives undefined for a function that gives nothing', async () => {
    const tool = await load(single('(func (export "nothing"))', lift('nothing')))
    expect(valueOf(await tool.call('nothing'))).toBe(undefined)
  })

  it('ends as threw with the payload as data when the function gives an error', async () => {
    const tool = await load(`(component ${LIBC}
      (core module $m
        (import "l" "memory" (memory 1))
        (data (i32.const 100) "no such word")
        (func (export "text") (param i32) (result i32)
          (i32.store8 (i32.const 8) (local.get 0))
          (i32.store (i32.const 12) (i32.const 100)) (i32.store (i32.const 16) (i32.const 12)) (i32.const 8))
        (func (export "bare") (param i32) (result i32) (local.get 0)))
      (core instance $i (instantiate $m (with "l" (instance $l))))
      (func (export "text") (param "fail" bool) (result (result (error string))) (canon lift (core func $i "text") ${CANON}))
      (func (export "bare") (param "fail" bool) (result (result)) (canon lift (core func $i "bare"))))`)
    expect(await tool.call('text', [true])).toMatchObject({ outcome: 'threw', error: { name: 'ComponentError', message: 'no such word', payload: 'no such word' } })
    expect(await tool.call('bare', [true])).toMatchObject({ outcome: 'threw', error: { name: 'ComponentError', message: 'The function returned an error' } })
    expect(valueOf(await tool.call('text', [false]))).toBe(undefined)
    expect(valueOf(await tool.call('bare', [false]))).toBe(undefined)
  })

  it('calls an export named "then" like any other, and never by itself', async () => {
    const tool = await load(single('(global $calls (mut i32) (i32.const 0)) (func (export "then") (result i32) (global.set $calls (i32.add (global.get $calls) (i32.const 1))) (global.get $calls))', lift('then', '(result u32)')))
    expect(valueOf(await tool.call('then'))).toBe(1)
  })

  it('finds functions of interfaces with and without their version', async () => {
    const tool = await load(`(component
      (core module $m (func (export "f") (result i32) (i32.const 7)))
      (core instance $i (instantiate $m))
      (func $f (result u8) (canon lift (core func $i "f")))
      (instance $one (export "lucky-number" (func $f)))
      (export "acme:numbers/lucky@1.2.0" (instance $one)))`)
    expect(tool.exports).toEqual(['acme:numbers/lucky@1.2.0#lucky-number'])
    expect(valueOf(await tool.call('acme:numbers/lucky@1.2.0#lucky-number'))).toBe(7)
    expect(valueOf(await tool.call('acme:numbers/lucky#lucky-number'))).toBe(7)
  })

  it.each([
    ['add', 'acme:text/words#add', 'The component has no export "acme:text/words#add"; it has add'],
    ['a missing one', 'sub', 'The component has no export "sub"; it has add'],
    ['a name of every object', 'constructor', 'The component has no export "constructor"; it has add'],
    ['the prototype', '__proto__', 'The component has no export "__proto__"; it has add'],
    ['a method of nothing', '__proto__#toString', 'The component has no export "__proto__#toString"; it has add'],
  ])('refuses to call %s', async (_what, name, message) => {
    const tool = await load(ADD)
    await expect(tool.call(name, [1, 2])).rejects.toMatchObject({ code: 'missing-export', message })
  })

  it('refuses too few and too many arguments', async () => {
    const tool = await load(ADD)
    await expect(tool.call('add', [1])).rejects.toMatchObject({ code: 'invalid-input', message: 'Cannot call "add" with 1 arguments: it takes 2 (a, b)' })
    await expect(tool.call('add', [1, 2, 3])).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(tool.call('add', 5 as never)).rejects.toMatchObject({ code: 'invalid-input' })
  })

  it('refuses unknown options, and grants beyond the ceiling, before anything is made', async () => {
    const tool = await load(ADD)
    await expect(tool.call('add', [1, 2], { grant: {} } as never)).rejects.toMatchObject({ code: 'invalid-option' })
    await expect(tool.call('add', [1, 2], { grants: { fs: { '/': 'here' } } as never })).rejects.toMatchObject({ code: 'invalid-grant' })
    await using narrow = await createSandbox({ engines: [componentFromSources({ mode })], ceiling: {} })
    const held = await narrow.load(await wat(ADD))
    await expect(held.call('add', [1, 2], { grants: { env: { A: 'b' } } })).rejects.toMatchObject({ code: 'exceeds-ceiling' })
    expect(sandbox().stats().live).toBe(0)
  })

  it('is no command and serves no requests without the exports for it', async () => {
    const tool = await load(ADD)
    await expect(tool.run()).rejects.toMatchObject({ code: 'missing-export', message: 'The component is no command: it does not export "wasi:cli/run"' })
    await expect(tool.fetch(new Request('http://localhost/'))).rejects.toMatchObject({ code: 'missing-export' })
  })

  it('refuses functions that take or give resources', async () => {
    const tool = await load(`(component
      (core module $m (func (export "make") (result i32) (i32.const 0)))
      (core instance $i (instantiate $m))
      (type $thing0 (resource (rep i32)))
      (core func $new (canon resource.new $thing0))
      (core module $n (import "h" "new" (func $new (param i32) (result i32))) (func (export "make") (result i32) (call $new (i32.const 1))))
      (core instance $j (instantiate $n (with "h" (instance (export "new" (func $new))))))
      (func $make (result (own $thing0)) (canon lift (core func $j "make")))
      (component $c
        (import "thing" (type $thing (sub resource)))
        (import "func-make" (func $make (result (own $thing))))
        (export $out "thing" (type $thing))
        (export "make" (func $make) (func (result (own $out)))))
      (instance $things (instantiate $c (with "thing" (type $thing0)) (with "func-make" (func $make))))
      (export "acme:lab/things" (instance $things)))`)
    await expect(tool.call('acme:lab/things#make')).rejects.toMatchObject({ code: 'missing-export', message: 'Cannot call "acme:lab/things#make" from outside: it has own<thing> among its types, which cannot leave an instance' })
  })

  it('is refused after the component was disposed', async () => {
    const tool = await load(ADD)
    await tool[Symbol.asyncDispose]()
    await tool[Symbol.asyncDispose]()
    await expect(tool.call('add', [1, 2])).rejects.toMatchObject({ code: 'disposed', message: 'This component was disposed; load it again with sandbox.load()' })
  })
})

describe('a sandbox without the engine that is asked for', () => {
  it('refuses to load components', async () => {
    await using sandbox = await createSandbox()
    await expect(sandbox.load(await wat(ADD))).rejects.toMatchObject({ code: 'missing-engine' })
  })

  it('refuses to run programs', async () => {
    await using sandbox = await createSandbox({ engines: [componentFromSources()] })
    await expect(sandbox.run('return 1')).rejects.toMatchObject({ code: 'missing-engine', message: 'This sandbox runs no programs; make it with createSandbox({ engines: [quickjs(), component()] })' })
  })
})

describe('a sandbox with both engines', () => {
  let tool: Component
  let sandbox: Awaited<ReturnType<typeof createSandbox>>
  beforeAll(async () => {
    sandbox = await createSandbox({ engines: [quickjs(), componentFromSources()] })
    tool = await sandbox.load(await wat(ADD))
    return () => sandbox[Symbol.asyncDispose]()
  })

  it('runs programs and calls components', async () => {
    expect(valueOf(await sandbox.run('return 1 + 1'))).toBe(2)
    expect(valueOf(await tool.call('add', [1, 1]))).toBe(2)
    expect(sandbox.stats()).toMatchObject({ live: 0, running: 0, runs: 2 })
  })

  it('ends what is still running when it is disposed', async () => {
    const own = await createSandbox({ engines: [componentFromSources()] })
    const spinning = await own.load(await wat(single('(func (export "spin") (loop (br 0)))', lift('spin'))))
    const result = spinning.call('spin', [], { limits: { deadlineMs: 2000 } })
    await own[Symbol.asyncDispose]()
    expect(await result).toMatchObject({ outcome: 'stopped', reason: 'Suspending' in WebAssembly ? 'aborted' : 'deadline' })
    await expect(spinning.call('spin')).rejects.toMatchObject({ code: 'disposed' })
  })
})
