import { describe, expect, it } from 'vitest'
import { type Interfaces, type LedgerEntry } from '../../../src/index.js'
import { canSuspend, useComponents, valueOf } from '../components.js'
import { CANON, LIBC } from '../fixtures.js'

/** Asks `acme:host/kv` for a key and gives back what it says, and calls two more functions. */
const ASK = `(component ${LIBC}
  (import "acme:host/kv@1.0.0" (instance $kv
    (export "get" (func (param "key" string) (result (result string (error u32)))))
    (export "count-up" (func (param "by" u32) (result u64)))))
  (core func $get (canon lower (func $kv "get") ${CANON}))
  (core func $up (canon lower (func $kv "count-up")))
  (core module $m
    (import "l" "memory" (memory 1))
    (import "h" "get" (func $get (param i32 i32 i32)))
    (import "h" "up" (func $up (param i32) (result i64)))
    (func (export "ask") (param i32 i32) (result i32) (call $get (local.get 0) (local.get 1) (i32.const 8)) (i32.const 8))
    (func (export "up") (param i32) (result i64) (call $up (local.get 0))))
  (core instance $i (instantiate $m (with "l" (instance $l)) (with "h" (instance (export "get" (func $get)) (export "up" (func $up))))))
  (func (export "ask") (param "key" string) (result (result string (error u32))) (canon lift (core func $i "ask") ${CANON}))
  (func (export "up") (param "by" u32) (result u64) (canon lift (core func $i "up"))))`

const kv = (functions: Interfaces[string]): { interfaces: Interfaces } => ({ interfaces: { 'acme:host/kv': { get: () => '', countUp: () => 0n, ...functions } } })

describe.each(['auto', 'sync'] as const)('functions of the embedder in mode %s', (mode) => {
  const { load } = useComponents({ mode })

  it('get and give values of the types of the interface, and are host calls of the kind tool', async () => {
    const tool = await load(ASK, kv({ get: (key: string) => `${key}!`, countUp: (by: number) => BigInt(by) + 1n }))
    const events: LedgerEntry[] = []
    const result = await tool.call('ask', ['Grüße'], { onEvent: (event) => void (event.type === 'host-call' && events.push(event.entry)) })
    expect(valueOf(result)).toBe('Grüße!')
    expect(result).toMatchObject({ ledger: events, sources: ['tool:acme:host/kv@1.0.0#get'], usage: { hostCalls: 1 } })
    expect(events).toMatchObject([{ capability: 'tool', operation: 'call', target: 'acme:host/kv@1.0.0#get', decision: 'allowed' }])
    expect(valueOf(await tool.call('up', [41]))).toBe(42n)
    expect(tool.imports).toEqual(['acme:host'])
  })

  it('tell the guest their own error by a payload', async () => {
    const tool = await load(ASK, kv({ get: () => { throw Object.assign(new Error('no'), { payload: 7 }) } }))
    expect(await tool.call('ask', ['x'])).toMatchObject({ outcome: 'threw', error: { payload: 7 } })
  })

  it.each<readonly [string, () => unknown]>([
    ['throw', () => { throw new Error('secret of the host /etc') }],
    ['give what is no text', () => 5],
    ['give text that is not well-formed', () => '\ud800'],
    ['throw a payload that is none', () => { throw Object.assign(new Error('no'), { payload: 'seven' }) }],
    ['give a getter', () => ({ get then(): never { throw new Error('secret of the host /etc') } })],
  ])('that %s end the call, and nothing of the host is told', async (_what, get) => {
    const tool = await load(ASK, kv({ get }))
    const result = await tool.call('ask', ['x'])
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'trap', message: 'A function of the host failed below the component, which was dropped', ledger: [{ reason: 'host failure' }] })
    expect(JSON.stringify(result)).not.toContain('secret')
  })

  it('may take time where the runtime can suspend, and need it otherwise', async () => {
    const tool = await load(ASK, kv({ get: async (key: string) => new Promise((resolve) => setTimeout(() => resolve(`${key} later`), 5)) }))
    const result = await tool.call('ask', ['x'])
    if (canSuspend && mode === 'auto') expect(result).toMatchObject({ outcome: 'returned', value: 'x later' })
    else expect(result).toMatchObject({ outcome: 'stopped', reason: 'needs-jspi', message: expect.stringContaining('Node 24') })
  })

  it('are bounded like all host calls', async () => {
    const tool = await load(ASK, kv({ get: () => 'x'.repeat(2000) }))
    expect(await tool.call('ask', ['x'], { limits: { hostCalls: 0 } })).toMatchObject({ outcome: 'stopped', reason: 'host-calls' })
    expect(await tool.call('ask', ['x'], { limits: { hostBytesIn: 1000 } })).toMatchObject({ outcome: 'stopped', reason: 'host-calls' })
    expect(await tool.call('ask', ['x'.repeat(2000)], { limits: { hostBytesOut: 1000 } })).toMatchObject({ outcome: 'stopped', reason: 'host-calls' })
  })

  it('are denied by a sink that fails', async () => {
    let calls = 0
    const tool = await load(ASK, kv({ countUp: () => BigInt(++calls) }))
    const result = await tool.call('up', [1], { onEvent: () => { throw new Error('full') } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'trap' })
  })

  it('can be others in each call, under names the component was loaded with', async () => {
    const tool = await load(ASK, kv({}))
    expect(valueOf(await tool.call('up', [1], kv({ countUp: () => 9n })))).toBe(9n)
    expect(valueOf(await tool.call('up', [1]))).toBe(0n)
    await expect(tool.call('up', [1], { interfaces: { 'acme:other/kv': {} } })).rejects.toMatchObject({ code: 'invalid-option' })
  })

  it('can be single functions of the world, as "default" of their name', async () => {
    const text = `(component
      (import "next-number" (func $next (param "after" u32) (result u32)))
      (core func $next (canon lower (func $next)))
      (core module $m (import "h" "next" (func $next (param i32) (result i32))) (func (export "f") (result i32) (call $next (i32.const 5))))
      (core instance $i (instantiate $m (with "h" (instance (export "next" (func $next))))))
      (func (export "f") (result u32) (canon lift (core func $i "f"))))`
    const tool = await load(text, { interfaces: { 'next-number': { default: (after: number) => after + 1 } } })
    expect(await tool.call('f')).toMatchObject({ outcome: 'returned', value: 6, ledger: [{ target: 'next-number' }] })
    if (!canSuspend || mode === 'sync') return
    const later = await load(text, { interfaces: { 'next-number': { default: async (after: number) => after + 1 } } })
    expect(await later.call('f', [], { limits: { deadlineMs: 2000 } })).toMatchObject({ outcome: 'returned', value: 6 })
  })

  it('must be there when the component is loaded', async () => {
    await expect(load(ASK)).rejects.toMatchObject({ code: 'unknown-import' })
    const tool = await load(ASK, { interfaces: { 'acme:host/kv': { get: () => '' } } })
    await expect(tool.call('up', [1])).rejects.toMatchObject({ code: 'unknown-import', message: expect.stringContaining('acme:host/kv@1.0.0#count-up') })
    await expect(load(ASK, { interfaces: { 'acme:host/kv': { get: 5 } } as never })).rejects.toMatchObject({ code: 'invalid-option' })
  })
})
