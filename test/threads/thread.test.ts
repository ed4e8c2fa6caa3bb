import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Sandbox, createSandbox, defineTool } from '../../src/index.js'
import { threads } from '../../src/threads/engine.js'
import type { ToThread } from '../../src/threads/protocol.js'
import { fromSources } from '../support/thread-platform.js'
import { type WatchOptions, type Watched, startRogue, watched } from './platforms.js'

const open: Sandbox[] = []
afterEach(async () => {
  for (const sandbox of open.splice(0)) {
    expect(sandbox.stats()).toMatchObject({ live: 0, running: 0 })
    await sandbox[Symbol.asyncDispose]()
  }
})

async function start(options: WatchOptions & { readonly most?: number } = {}): Promise<Watched & { readonly sandbox: Sandbox }> {
  const watch = watched(options)
  const sandbox = await createSandbox({ engines: [threads({ platform: watch.platform, threads: options.most ?? 1 })] })
  open.push(sandbox)
  return { ...watch, sandbox }
}

/** The first thread is a rogue, those behind it are the package's own. */
const rogueFirst = (onRun: string): WatchOptions => ({
  start: (number, events) => (number === 0 ? startRogue(events, onRun) : fromSources.startThread(events)),
})

const hanging = defineTool({ description: 'Never answers', input: z.any(), execute: () => new Promise(() => {}) })

describe('a thread that does not hear', () => {
  it('its deadline is ended within 50 ms of it and replaced', async () => {
    const { sandbox, threads } = await start(rogueFirst('for (;;);'))
    const result = await sandbox.run('return 1', { limits: { deadlineMs: 300 } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'deadline', usage: { fuel: 0 } })
    expect(result.usage.wallMs).toBeGreaterThanOrEqual(300)
    // 50 ms, and as much again for a busy machine.
    expect(result.usage.wallMs).toBeLessThan(400)
    expect(threads).toMatchObject([{ terminated: true }])
    expect(await sandbox.run('return 2')).toMatchObject({ outcome: 'returned', value: 2 })
    expect(threads).toMatchObject([{ ended: true }, { terminated: false }])
  })

  it('the signal is ended and replaced', async () => {
    const { sandbox, threads } = await start(rogueFirst("parentPort.postMessage({ type: 'report', acts: [{ act: 'call', id: 1, operation: 'tool.call', args: { text: '[]', blobs: [] } }], fuel: 7 }); for (;;);"))
    const controller = new AbortController()
    const abort = (): void => controller.abort()
    const result = await sandbox.run('return 1', { signal: controller.signal, onEvent: abort })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'aborted', usage: { fuel: 7, hostCalls: 1 } })
    expect(threads).toMatchObject([{ terminated: true }])
    expect(await sandbox.run('return 2')).toMatchObject({ value: 2 })
  })

  it('asleep for an answer is woken instead', async () => {
    const { sandbox, threads } = await start()
    const controller = new AbortController()
    // The host gives up in the middle of a question, before its answer.
    const tool = defineTool({ description: 'd', input: z.any(), execute: () => controller.abort() })
    const result = await sandbox.run('for (;;) { await tools.t() }', { signal: controller.signal, grants: { tools: { t: tool } }, limits: { hostCallsInFlight: 1 } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'aborted' })
    expect(threads).toMatchObject([{ terminated: false }])
  })
})

describe('a guest on a thread', () => {
  // A machine that is busy for longer than the grace makes any thread look deaf.
  it.each([
    ['spins', 'for (;;);'],
    ['spins in native code', 'Array.prototype.reverse.call({ length: 2 ** 53 - 1 })'],
    ['waits', 'await tools.hang()'],
  ])('that %s is stopped without an end of the thread', { retry: 3 }, async (_name, source) => {
    const { sandbox, threads } = await start()
    await sandbox.run('return 1')
    const result = await sandbox.run(source, { limits: { deadlineMs: 100 }, grants: { tools: { hang: hanging } } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'deadline' })
    expect(threads).toMatchObject([{ terminated: false }])
  })
})

describe('a thread that dies', () => {
  it.each([
    ['by an error', "throw new Error('x')"],
    ['by its end', 'process.exit(3)'],
    ['by too much memory', 'const all = []; for (;;) all.push(new Array(1e6).fill({}))'],
  ])('%s gives its call a result and is replaced', async (_name, onRun) => {
    const { sandbox, threads } = await start({
      start: (number, events) => (number === 0 ? startRogue(events, `require('node:v8').setFlagsFromString('--max-old-space-size=64'); ${onRun}`) : fromSources.startThread(events)),
    })
    expect(await sandbox.run('return 1')).toMatchObject({ outcome: 'stopped', reason: 'poisoned', message: expect.stringContaining('died') })
    expect(await sandbox.run('return 2')).toMatchObject({ value: 2 })
    expect(threads).toHaveLength(2)
  })

  it('while it is free is forgotten', async () => {
    const { sandbox, threads } = await start({
      start: (number, events) => {
        if (number > 0) return fromSources.startThread(events)
        const end = "parentPort.postMessage({ type: 'report', acts: [], fuel: 1, end: { kind: 'ended', ending: { outcome: 'returned', message: { text: '1', blobs: [] } }, usage: { fuel: 1, memoryPeakBytes: 0 } } }); process.exit(0)"
        return startRogue(events, end)
      },
    })
    expect(await sandbox.run('return 0')).toMatchObject({ value: 1 })
    await expect.poll(() => threads[0]!.ended).toBe(true)
    expect(await sandbox.run('return 2')).toMatchObject({ value: 2 })
  })

  it('before it is ready rejects the call that waits for it, and only that', async () => {
    const { sandbox } = await start({
      start: (number, events) => {
        const thread = fromSources.startThread(events)
        if (number === 0) void thread.terminate()
        return thread
      },
    })
    const [first, second] = await Promise.allSettled([sandbox.run('return 1'), sandbox.run('return 2')])
    expect(first).toMatchObject({ status: 'rejected', reason: { name: 'GloveboxError', code: 'internal' } })
    expect(second).toMatchObject({ status: 'fulfilled', value: { value: 2 } })
  })
})

describe('a thread that says what none says', () => {
  it.each([
    ['an answer that there is not', "{ type: 'report', acts: [], fuel: 0, question: { ask: 'again', into: new SharedArrayBuffer(8) } }"],
    ['no acts', "{ type: 'report', fuel: 0 }"],
    ['nothing', 'null'],
    ['a result that nobody encoded', "{ type: 'report', acts: [], fuel: 0, end: { kind: 'ended', ending: { outcome: 'returned', message: { text: '{', blobs: [] } }, usage: { fuel: 0, memoryPeakBytes: 0 } } }"],
  ])('%s poisons its call, not the host', async (_name, message) => {
    const { sandbox } = await start(rogueFirst(`parentPort.postMessage(${message})`))
    expect(await sandbox.run('return 1', { limits: { deadlineMs: 3000 } })).toMatchObject({ outcome: 'stopped', reason: 'poisoned' })
  })

  it('calls beyond its limits are stopped by the host', async () => {
    const call = "{ act: 'call', id: 1, operation: 'tool.call', args: { text: '[]', blobs: [] } }"
    const { sandbox } = await start(rogueFirst(`parentPort.postMessage({ type: 'report', acts: Array(100).fill(${call}), fuel: 0 })`))
    const result = await sandbox.run('return 1', { limits: { hostCalls: 10, deadlineMs: 3000 } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'host-calls' })
    expect(result.ledger.length).toBeLessThanOrEqual(10)
  })

  it('output beyond its limits is stopped by the host', async () => {
    const { sandbox } = await start(rogueFirst("parentPort.postMessage({ type: 'report', acts: Array(100).fill({ act: 'write', level: 'log', text: 'x'.repeat(99) }), fuel: 0 })"))
    const result = await sandbox.run('return 1', { limits: { outputBytes: 1000, deadlineMs: 3000 } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'output' })
    expect(result.stdout).toHaveLength(1000)
  })
})

describe('the queue for threads', () => {
  it('serves in the order of the calls, on no more threads than given', async () => {
    const { sandbox, threads, sent } = await start({ most: 2 })
    const names = Array.from({ length: 20 }, (_, place) => `${place}.js`)
    await Promise.all(names.map((filename) => sandbox.run('return 1', { filename })))
    const runs = (sent as ToThread[]).filter((message) => message.type === 'run')
    expect(runs.map(({ program }) => program.filename)).toEqual(names)
    expect(threads).toHaveLength(2)
  })

  it('counts the wait into the deadline, and gives up at it', async () => {
    const { sandbox, threads } = await start()
    const long = sandbox.run('await tools.hang()', { limits: { deadlineMs: 1000 }, grants: { tools: { hang: hanging } } })
    const short = await sandbox.run('return 1', { limits: { deadlineMs: 100 } })
    expect(short).toMatchObject({ outcome: 'stopped', reason: 'deadline', usage: { fuel: 0 } })
    expect(short.usage.wallMs).toBeLessThan(500)
    expect(await long).toMatchObject({ reason: 'deadline' })
    expect(threads).toHaveLength(1)
  })

  it('lets go of a call that is aborted while it waits', async () => {
    const { sandbox } = await start()
    const controller = new AbortController()
    const first = sandbox.run('await tools.hang()', { limits: { deadlineMs: 200 }, grants: { tools: { hang: hanging } } })
    const second = sandbox.run('return 1', { signal: controller.signal })
    const third = sandbox.run('return 3')
    controller.abort()
    expect(await second).toMatchObject({ outcome: 'stopped', reason: 'aborted' })
    expect(await first).toMatchObject({ reason: 'deadline' })
    expect(await third).toMatchObject({ value: 3 })
  })
})

describe('the end of a sandbox', () => {
  it('ends its threads, what runs on them and what waits for them', async () => {
    const watch = watched()
    const sandbox = await createSandbox({ engines: [threads({ platform: watch.platform, threads: 1 })] })
    await sandbox.run('return 1')
    const spinning = sandbox.run('for (;;);')
    const waiting = sandbox.run('return 1')
    await new Promise((resolve) => setImmediate(resolve))
    await sandbox[Symbol.asyncDispose]()
    expect(await spinning).toMatchObject({ outcome: 'stopped', reason: 'aborted', message: expect.stringContaining('disposed') })
    expect(await waiting).toMatchObject({ outcome: 'stopped', reason: 'aborted' })
    expect(watch.threads).toMatchObject([{ terminated: true, ended: true }])
  })

  it('needs no thread to have been started', async () => {
    const watch = watched()
    const sandbox = await createSandbox({ engines: [threads({ platform: watch.platform })] })
    await sandbox[Symbol.asyncDispose]()
    expect(watch.threads).toHaveLength(0)
  })
})

describe('threads keep a process alive', () => {
  it('only while they run a guest', async () => {
    const { sandbox, threads } = await start()
    let held: boolean | undefined
    const look = defineTool({ description: 'd', input: z.any(), execute: () => void (held = threads[0]!.held) })
    await sandbox.run('await tools.look()', { grants: { tools: { look } } })
    expect(held).toBe(true)
    expect(threads).toMatchObject([{ held: false }])
  })
})
