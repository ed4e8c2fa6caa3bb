import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { Denied, GuestVisibleError, type HostCall } from '../../../capabilities/capability.js'
import { createToolHandlers } from '../../../capabilities/tool/handlers.js'
import { type StandardSchema, type Tool, type ToolContext, defineTool } from '../../../capabilities/tool/tool.js'
import { DEFAULT_LIMITS } from '../../../src/limits.js'

/** One host call and what it counted. */
class FakeCall implements HostCall {
  target = ''
  bytesIn = 0
  bytesOut = 0
  readonly limits = DEFAULT_LIMITS
  readonly sources: string[] = []
  readonly spent = { in: 0, out: 0 }
  readonly controller = new AbortController()
  readonly signal = this.controller.signal

  source(label: string): void {
    this.sources.push(label)
  }

  spend(direction: 'in' | 'out', bytes: number): void {
    this.spent[direction] += bytes
  }
}

/** A timer that fires when the test says so. */
function createFakeTimeouts() {
  const started: { readonly ms: number | undefined; readonly fire: () => void; released: boolean }[] = []
  const withTimeout = (signal: AbortSignal, ms: number | undefined) => {
    const controller = new AbortController()
    signal.addEventListener('abort', () => controller.abort(), { once: true })
    if (signal.aborted) controller.abort()
    const timer = { ms, fire: () => controller.abort(), released: false }
    started.push(timer)
    return { signal: controller.signal, release: () => void (timer.released = true) }
  }
  return { started, withTimeout }
}

function serve(tools: Readonly<Record<string, Tool>>) {
  const timeouts = createFakeTimeouts()
  const handlers = createToolHandlers({ tools: new Map(Object.entries(tools)), sizeOf: (value) => JSON.stringify(value)?.length ?? 0, withTimeout: timeouts.withTimeout })
  const call = async (name: unknown, input?: unknown, fake = new FakeCall()) => ({ answer: await handlers['tool.call']!([name, input], fake), fake })
  const fail = async (name: unknown, input?: unknown, fake = new FakeCall()): Promise<Error & { readonly code: string }> =>
    call(name, input, fake).then(
      () => expect.unreachable('the call was answered'),
      (error: Error & { readonly code: string }) => error,
    )
  return { call, fail, timeouts }
}

const text = z.object({ q: z.string() })

describe('tool.call', () => {
  it('passes what the schema made of the input, and gives what the schema made of the output', async () => {
    const execute = vi.fn(({ n }: { n: number }) => ({ doubled: n * 2, secret: 'left out' }))
    const tool = defineTool({ description: 'd', input: z.object({ n: z.coerce.number() }), output: z.object({ doubled: z.number() }) as unknown as StandardSchema<unknown, { doubled: number; secret: string }>, execute })
    const { call } = serve({ double: tool })
    const { answer, fake } = await call('double', { n: '21', extra: true })
    expect(answer).toEqual({ doubled: 42 })
    expect(execute.mock.calls[0]![0]).toEqual({ n: 21 })
    expect(fake.target).toBe('double')
    expect(fake.sources).toEqual(['tool:double'])
    expect(fake.spent).toEqual({ in: '{"doubled":42}'.length, out: '{"n":"21","extra":true}'.length })
  })

  it('refuses input its schema forbids, says why and never executes', async () => {
    const execute = vi.fn(() => 1)
    const { fail } = serve({ search: defineTool({ description: 'd', input: z.object({ q: z.string(), page: z.object({ n: z.int() }) }), execute }) })
    const error = await fail('search', { q: 1, page: { n: 'x' } })
    expect(error).toBeInstanceOf(GuestVisibleError)
    expect(error).toMatchObject({ name: 'TypeError', code: 'invalid-input' })
    expect(error.message).toMatch(/^Tool "search" refused its input: q: .*; page\.n: /)
    expect(execute).not.toHaveBeenCalled()
  })

  it('names at most eight of a thousand issues', async () => {
    const { fail } = serve({ t: defineTool({ description: 'd', input: z.array(z.string()), execute: () => 1 }) })
    expect((await fail('t', Array.from({ length: 1000 }, () => 1))).message.split('; ')).toHaveLength(8)
  })

  it('hides output its schema forbids, and why, since issues may quote it', async () => {
    const { fail } = serve({ t: defineTool({ description: 'd', input: text, output: z.literal('public') as unknown as StandardSchema<unknown, string>, execute: () => 'hunter2-private' }) })
    const error = await fail('t', { q: '' })
    expect(error).toMatchObject({ code: 'invalid-output', message: 'Tool "t" answered what its schema forbids' })
  })

  it('gives nothing of what a tool throws but its own words for the guest', async () => {
    const throwing = (thrown: unknown) => defineTool({ description: 'd', input: text, execute: () => { throw thrown } })
    const { fail } = serve({
      error: throwing(new Error('/home/ana/.pgpass: hunter2')),
      nothing: throwing(undefined),
      rejecting: defineTool({ description: 'd', input: text, execute: () => Promise.reject(new Error('hunter2')) }),
      told: throwing(new GuestVisibleError('NotFound', 'no-such-item', 'There is no item 7')),
    })
    for (const name of ['error', 'nothing', 'rejecting']) {
      expect(await fail(name, { q: '' })).toMatchObject({ code: 'tool-failed', message: `Tool "${name}" failed` })
    }
    expect(await fail('told', { q: '' })).toMatchObject({ name: 'NotFound', code: 'no-such-item', message: 'There is no item 7' })
  })

  it('leaves a hanging tool behind when its time is over, and tells it', async () => {
    let context: ToolContext | undefined
    const { fail, timeouts } = serve({ hang: defineTool({ description: 'd', input: text, timeoutMs: 250, execute: (_, given) => ((context = given), new Promise(() => {})) }) })
    const failing = fail('hang', { q: '' })
    await vi.waitFor(() => expect(context).toBeDefined())
    expect(timeouts.started[0]!.ms).toBe(250)
    expect(context!.signal.aborted).toBe(false)
    timeouts.started[0]!.fire()
    expect(await failing).toMatchObject({ code: 'tool-timeout' })
    expect(context!.signal.aborted).toBe(true)
    expect(timeouts.started[0]!.released).toBe(true)
  })

  it('ends with the run, whose signal reaches the tool', async () => {
    let context: ToolContext | undefined
    const { fail, timeouts } = serve({ hang: defineTool({ description: 'd', input: text, execute: (_, given) => ((context = given), new Promise(() => {})) }) })
    const fake = new FakeCall()
    const failing = fail('hang', { q: '' }, fake)
    await vi.waitFor(() => expect(context).toBeDefined())
    fake.controller.abort()
    expect(await failing).toMatchObject({ code: 'tool-timeout' })
    expect(context!.signal.aborted).toBe(true)
    expect(timeouts.started[0]!.ms).toBeUndefined()
  })

  it('does not start for a run that has ended', async () => {
    const execute = vi.fn(() => 1)
    const { fail } = serve({ t: defineTool({ description: 'd', input: text, execute }) })
    const fake = new FakeCall()
    fake.controller.abort()
    await fail('t', { q: '' }, fake)
    expect(execute).not.toHaveBeenCalled()
  })

  it('denies the call after maxCalls, which refused input counts towards', async () => {
    const execute = vi.fn(() => 1)
    const { call, fail } = serve({ t: defineTool({ description: 'd', input: text, maxCalls: 2, execute }), none: defineTool({ description: 'd', input: text, maxCalls: 0, execute }) })
    await fail('t', {})
    await call('t', { q: '' })
    const denied = await fail('t', { q: '' })
    expect(denied).toBeInstanceOf(Denied)
    expect(denied).toMatchObject({ reason: 'it was called 2 times already' })
    expect(await fail('none', { q: '' })).toBeInstanceOf(Denied)
    expect(execute).toHaveBeenCalledTimes(1)
  })

  it('counts calls of each run apart', async () => {
    const tool = defineTool({ description: 'd', input: text, maxCalls: 1, execute: () => 1 })
    for (let each = 0; each < 3; each++) expect((await serve({ tool }).call('tool', { q: '' })).answer).toBe(1)
  })

  it('gives every call an id of its own, and the secrets of the edge', async () => {
    const contexts: ToolContext[] = []
    const { call } = serve({ t: defineTool({ description: 'd', input: text, secrets: { key: 'hunter2' }, execute: (_, context) => void contexts.push(context) }) })
    await Promise.all([call('t', { q: 'a' }), call('t', { q: 'b' })])
    expect(contexts.map(({ callId }) => callId)).toEqual(['t:1', 't:2'])
    expect(contexts[0]!.secrets).toEqual({ key: 'hunter2' })
    expect(Object.isFrozen(contexts[0])).toBe(true)
  })

  it('refuses input and output beyond their caps before they are used', async () => {
    const execute = vi.fn(() => 'x'.repeat(100))
    const { fail } = serve({ small: defineTool({ description: 'd', input: text, maxInputBytes: 20, execute }), large: defineTool({ description: 'd', input: text, maxOutputBytes: 50, execute }) })
    expect(await fail('small', { q: 'x'.repeat(20) })).toMatchObject({ name: 'RangeError', code: 'too-large' })
    expect(execute).not.toHaveBeenCalled()
    const fake = new FakeCall()
    expect(await fail('large', { q: '' }, fake)).toMatchObject({ code: 'too-large', message: 'Output of tool "large" has 102 bytes, more than 50' })
    expect(fake.spent.in).toBe(0)
    expect(fake.sources).toEqual([])
  })

  it('waits for schemas that take time', async () => {
    const slow: StandardSchema<unknown, { q: string }> = { '~standard': { version: 1, vendor: 'fixture', validate: async (value) => (await Promise.resolve(), { value: { q: `${(value as { q: string }).q}!` } }) } }
    const refusing: StandardSchema<unknown, { q: string }> = { '~standard': { version: 1, vendor: 'fixture', validate: async () => ({ issues: [{ message: 'no', path: ['a', { key: 'b' }] }] }) } }
    const { call, fail } = serve({ slow: defineTool({ description: 'd', input: slow, execute: ({ q }) => q }), refusing: defineTool({ description: 'd', input: refusing, execute: () => 1 }) })
    expect((await call('slow', { q: 'x' })).answer).toBe('x!')
    expect(await fail('refusing', {})).toMatchObject({ message: 'Tool "refusing" refused its input: a.b: no' })
  })

  it.each([['search'], ['__proto__'], ['constructor'], [7], [undefined], [{ toString: () => 'search' }]])('denies %s when no such tool was granted', async (name) => {
    const { fail } = serve({ other: defineTool({ description: 'd', input: text, execute: () => 1 }) })
    const denied = await fail(name, { q: '' })
    expect(denied).toBeInstanceOf(Denied)
    expect(denied).toMatchObject({ reason: 'no such tool was granted' })
  })
})

describe('defineTool()', () => {
  const good = { description: 'd', input: text, execute: () => 1 }
  it.each<readonly [string, unknown]>([
    ['no options', undefined],
    ['an unknown option', { ...good, maxCals: 1 }],
    ['no description', { ...good, description: '' }],
    ['no function', { ...good, execute: 'search' }],
    ['a JSON Schema for a schema', { ...good, input: { type: 'object' } }],
    ['no input', { description: 'd', execute: () => 1 }],
    ['an output that is no schema', { ...good, output: null }],
    ['a bound that is no number', { ...good, maxCalls: '3' }],
    ['a bound below zero', { ...good, timeoutMs: -1 }],
    ['a bound that is no whole number', { ...good, maxInputBytes: 1.5 }],
  ])('refuses %s', (_, options) => {
    expect(() => defineTool(options as typeof good)).toThrow(expect.objectContaining({ name: 'GloveboxError', code: 'invalid-tool' }))
  })

  it('is frozen, lists itself and is not changed by what its options become later', () => {
    const options = { ...good, labels: ['external'] as const, maxCalls: 1 as number }
    const tool = defineTool(options)
    options.maxCalls = 1000
    expect(tool.options.maxCalls).toBe(1)
    expect(Object.isFrozen(tool) && Object.isFrozen(tool.options)).toBe(true)
    expect(tool.reach()).toEqual([{ capability: 'tool', target: '', acts: 'call', labels: ['external'] }])
  })
})
