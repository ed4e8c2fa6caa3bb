import { beforeAll, describe, expect, it } from 'vitest'
import type { Component, RunResult } from '../../../src/index.js'
import { canSuspend, useComponents } from '../components.js'
import { ECHO, proxy } from './proxy.js'

const HELLO = `
  (local $body i32) (local $stream i32)
  (local.set $body (call $answer (local.get $out) (i32.const 200)))
  (local.set $stream (call $open (local.get $body)))
  (call $write (local.get $stream) (i32.const 1024) (i32.const 5) (i32.const 16))
  (call $close (local.get $body) (local.get $stream))`
const ENDLESS = `
  (local $body i32) (local $stream i32)
  (local.set $body (call $answer (local.get $out) (i32.const 200)))
  (local.set $stream (call $open (local.get $body)))
  (loop $again
    (call $write (local.get $stream) (i32.const 1024) (i32.const 4096) (i32.const 16))
    (br_if $again (i32.eqz (i32.load8_u (i32.const 16)))))`

const request = (body?: BodyInit): Request => new Request('http://localhost/path?query', { method: 'POST', ...(body === undefined ? {} : { body, duplex: 'half' }) } as RequestInit)

/** How the call behind a response ended, once it did. */
function watched(): { readonly onResult: (result: RunResult<undefined>) => void; readonly result: Promise<RunResult<undefined>> } {
  const { promise, resolve } = Promise.withResolvers<RunResult<undefined>>()
  return { onResult: resolve, result: promise }
}

describe.each(['auto', 'sync'] as const)('Component.fetch() in mode %s', (mode) => {
  const { sandbox } = useComponents({ mode })
  const load = async (body: string, data?: string): Promise<Component> => sandbox().load(await proxy(body, data))
  let hello: Component
  beforeAll(async () => {
    hello = await load(HELLO, '(data (i32.const 1024) "hello")')
  })

  it('answers a request', async () => {
    const { onResult, result } = watched()
    const response = await hello.fetch(request(), { onResult })
    expect([response.status, await response.text()]).toEqual([200, 'hello'])
    expect(await result).toMatchObject({ outcome: 'returned', value: undefined, ledger: [{ capability: 'net', operation: 'respond', decision: 'allowed', bytesOut: 5 }] })
    expect(sandbox().stats()).toMatchObject({ live: 0, running: 0 })
  })

  it('answers each request in an instance of its own', async () => {
    const tool = await load(`
      (local $body i32) (local $stream i32)
      (local.set $body (call $answer (local.get $out) (i32.const 200)))
      (local.set $stream (call $open (local.get $body)))
      (i32.store8 (i32.const 1024) (i32.add (i32.const 1) (i32.load8_u (i32.const 1024))))
      (call $write (local.get $stream) (i32.const 1024) (i32.const 1) (i32.const 16))
      (call $close (local.get $body) (local.get $stream))`, '(data (i32.const 1024) "a")')
    const answers = await Promise.all(Array.from({ length: 8 }, async () => (await tool.fetch(request())).text()))
    expect(answers).toEqual(Array(8).fill('b'))
  })

  it.runIf(canSuspend && mode === 'auto')('streams both ways: a piece comes back before the next is sent', async () => {
    const tool = await load(ECHO)
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const { onResult, result } = watched()
    const response = await tool.fetch(request(readable as never), { onResult })
    expect(response.status).toBe(201)
    const reader = response.body!.getReader()
    for (const word of ['one', 'two', 'three']) {
      await writer.write(new TextEncoder().encode(word))
      const { value } = await reader.read()
      expect(new TextDecoder().decode(value)).toBe(word)
    }
    await writer.close()
    expect(await reader.read()).toMatchObject({ done: true })
    expect(await result).toMatchObject({ outcome: 'returned', usage: { hostBytesIn: expect.any(Number) } })
  })

  it.runIf(canSuspend && mode === 'auto')('ends when the reader cancels a body that has no end', async () => {
    const tool = await load(ENDLESS)
    const { onResult, result } = watched()
    const response = await tool.fetch(request(), { onResult, limits: { deadlineMs: 5000 } })
    const reader = response.body!.getReader()
    expect((await reader.read()).value!.length).toBeGreaterThan(0)
    await reader.cancel()
    const ended = await result
    expect(ended.usage.wallMs).toBeLessThan(2000)
    expect(sandbox().stats().live).toBe(0)
  })

  it.runIf(canSuspend && mode === 'auto')('stops a body that has no end by its budget of bytes, and by its deadline when nobody reads', async () => {
    const tool = await load(ENDLESS)
    const first = watched()
    const greedy = await tool.fetch(request(), { onResult: first.onResult, limits: { hostBytesOut: 100_000, deadlineMs: 5000 } })
    await expect(greedy.arrayBuffer()).rejects.toThrow()
    expect(await first.result).toMatchObject({ outcome: 'stopped', reason: 'host-calls' })
    const second = watched()
    await tool.fetch(request(), { onResult: second.onResult, limits: { deadlineMs: 60 } })
    expect(await second.result).toMatchObject({ outcome: 'stopped', reason: 'deadline' })
  })

  it.each([
    ['trap', 'unreachable', 500, { outcome: 'stopped', reason: 'trap' }],
    ['return without an answer', '', 500, { outcome: 'returned' }],
    ['answer with an error', '(call $set (local.get $out) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))', 500, { outcome: 'returned' }],
    ['spin', '(loop (br 0))', 504, { outcome: 'stopped', reason: 'deadline' }],
  ])('gives a response of the host for guests that %s', async (_what, body, status, expected) => {
    const tool = await load(body)
    const { onResult, result } = watched()
    const response = await tool.fetch(request(), { onResult, limits: { deadlineMs: 100 } })
    expect([response.status, await response.text()]).toEqual([status, ''])
    expect(await result).toMatchObject(expected)
  })

  it('refuses what is no request, and bodies that were read', async () => {
    await expect(hello.fetch('http://localhost/' as never)).rejects.toMatchObject({ code: 'invalid-option', message: 'fetch: expected a Request, got string' })
    const read = request('x')
    await read.text()
    await expect(hello.fetch(read)).rejects.toMatchObject({ code: 'invalid-option' })
    await expect(hello.fetch(request(), { onResult: 1 as never })).rejects.toMatchObject({ code: 'invalid-option' })
  })
})
