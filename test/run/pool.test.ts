import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { createSandbox, defineTool } from '../../src/index.js'
import { threads } from '../../src/threads/engine.js'
import { fromSources } from '../support/thread-platform.js'

/** A tool whose answers the test hands out one by one. */
function gate() {
  const waiting: (() => void)[] = []
  const tool = defineTool({ description: 'Waits', input: z.any(), execute: () => new Promise<number>((resolve) => waiting.push(() => resolve(1))) })
  const until = async (count: number): Promise<void> => {
    while (waiting.length < count) await new Promise((resolve) => setImmediate(resolve))
  }
  return { tool, waiting, until }
}

describe('pool.maxLive', () => {
  it('lets calls beyond it wait in the order they came', async () => {
    await using sandbox = await createSandbox({ pool: { maxLive: 1, maxSetAside: 0 } })
    const { tool, waiting, until } = gate()
    const order: number[] = []
    const calls = [0, 1, 2, 3, 4].map(async (input) => {
      const result = await sandbox.run('await tools.gate(); return input', { input, grants: { tools: { gate: tool } } })
      order.push(input)
      return result.outcome
    })
    await until(1)
    expect(sandbox.stats()).toMatchObject({ running: 5, live: 1, waiting: 4 })
    for (let answered = 0; answered < 5; answered++) {
      await until(1)
      waiting.shift()!()
      while (order.length <= answered) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await Promise.all(calls)).toEqual(Array(5).fill('returned'))
    expect(order).toEqual([0, 1, 2, 3, 4])
    expect(sandbox.stats()).toMatchObject({ running: 0, live: 0, waiting: 0, runs: 5 })
  })

  it('counts all that wait', async () => {
    await using sandbox = await createSandbox({ pool: { maxLive: 1, maxSetAside: 0 } })
    const { tool, waiting, until } = gate()
    const calls = Array.from({ length: 50 }, () => sandbox.run('return tools.gate()', { grants: { tools: { gate: tool } } }))
    await until(1)
    expect(sandbox.stats()).toMatchObject({ running: 50, live: 1, waiting: 49 })
    for (let answered = 0; answered < 50; answered++) {
      await until(1)
      waiting.shift()!()
    }
    expect((await Promise.all(calls)).every(({ outcome }) => outcome === 'returned')).toBe(true)
    expect(sandbox.stats()).toMatchObject({ running: 0, live: 0, waiting: 0 })
  })

  it('a call that waits ends at its deadline, and its place is not lost', async () => {
    await using sandbox = await createSandbox({ pool: { maxLive: 1, maxSetAside: 0 } })
    const { tool, waiting, until } = gate()
    const first = sandbox.run('await tools.gate(); return 1', { grants: { tools: { gate: tool } } })
    await until(1)
    const late = await sandbox.run('return 2', { limits: { deadlineMs: 30 } })
    expect(late).toMatchObject({ outcome: 'stopped', reason: 'deadline', usage: { fuel: 0 } })
    const aborted = new AbortController()
    const cancelled = sandbox.run('return 3', { signal: aborted.signal })
    const next = sandbox.run('return 4')
    aborted.abort()
    expect(await cancelled).toMatchObject({ outcome: 'stopped', reason: 'aborted' })
    waiting[0]!()
    expect(await first).toMatchObject({ outcome: 'returned', value: 1 })
    expect(await next).toMatchObject({ outcome: 'returned', value: 4 })
    expect(sandbox.stats()).toMatchObject({ running: 0, live: 0, waiting: 0 })
  })

  it('a call that is stopped after it got its slot gives it back once', async () => {
    await using sandbox = await createSandbox({ pool: { maxLive: 1 } })
    const results = await Promise.all([1, 2, 3, 4].map((i) => sandbox.run(i % 2 ? 'for (;;);' : 'return 1', { limits: { fuel: 3_000_000 } })))
    expect(results.map(({ outcome }) => outcome)).toEqual(['stopped', 'returned', 'stopped', 'returned'])
    const after = await Promise.all([1, 2, 3].map(() => sandbox.run('return 5')))
    expect(after.map(({ outcome }) => outcome)).toEqual(['returned', 'returned', 'returned'])
  })
})

describe('pool.maxBytes', () => {
  const MiB = 1 << 20

  it('counts guests that wait with what they have grown to, and lets the others wait for it', async () => {
    await using sandbox = await createSandbox({ pool: { maxBytes: 64 * MiB }, limits: { memoryBytes: 16 * MiB } })
    const { tool, waiting, until } = gate()
    // Too much of it is the guest's own to be set aside.
    const source = 'const held = new Uint8Array(10_000_000).fill(input + 1); await tools.gate(); return held[9_999_999]'
    const calls = Array.from({ length: 9 }, (_, input) => sandbox.run(source, { input, grants: { tools: { gate: tool } } }))
    await until(3)
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
    const held = waiting.length
    expect(held).toBeLessThanOrEqual(5)
    expect(sandbox.stats()).toMatchObject({ live: held, waiting: 9 - held, running: 9, setAside: 0 })
    const late = await sandbox.run('return 1', { limits: { deadlineMs: 30, memoryBytes: 16 * MiB } })
    expect(late).toMatchObject({ outcome: 'stopped', reason: 'deadline', usage: { fuel: 0 } })
    for (let answered = 0; answered < 9; answered++) {
      await until(1)
      waiting.shift()!()
    }
    expect((await Promise.all(calls)).map((result) => result.outcome === 'returned' && result.value)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(sandbox.stats()).toMatchObject({ live: 0, waiting: 0, running: 0 })
  })

  it('counts guests that run with all they may grow to', async () => {
    await using sandbox = await createSandbox({ pool: { maxBytes: 32 * MiB }, limits: { memoryBytes: 8 * MiB } })
    let most = 0
    const results = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const result = await sandbox.run('let n = 0; for (let i = 0; i < 300_000; i++) n += i; return n')
        most = Math.max(most, sandbox.stats().live)
        return result.outcome
      }),
    )
    expect(results).toEqual(Array(12).fill('returned'))
    expect(most).toBeLessThanOrEqual(4)
  })

  it('sets small guests aside for others\' bytes, and brings all back', async () => {
    await using sandbox = await createSandbox({ pool: { maxBytes: 20 * MiB }, limits: { memoryBytes: 8 * MiB } })
    const { tool, waiting, until } = gate()
    const calls = Array.from({ length: 40 }, (_, input) => sandbox.run('await tools.gate(); return input', { input, grants: { tools: { gate: tool } } }))
    await until(40)
    expect(sandbox.stats().setAside).toBeGreaterThan(30)
    for (const answer of waiting.splice(0)) answer()
    expect((await Promise.all(calls)).every((result, input) => result.outcome === 'returned' && result.value === input)).toBe(true)
  })

  it('lets a call run alone that may take more than there is', async () => {
    await using sandbox = await createSandbox({ pool: { maxBytes: 8 * MiB } })
    const results = await Promise.all([1, 2, 3].map((input) => sandbox.run('const a = new Uint8Array(20_000_000); await 0; return input', { input })))
    expect(results.map((result) => result.outcome === 'returned' && result.value)).toEqual([1, 2, 3])
  })

  it('bounds threads as well', async () => {
    await using sandbox = await createSandbox({ engines: [threads({ platform: fromSources, threads: 3 })], pool: { maxBytes: 16 * MiB }, limits: { memoryBytes: 16 * MiB } })
    let most = 0
    const results = await Promise.all(
      [1, 2, 3].map(async (input) => {
        const result = await sandbox.run('let n = input; for (let i = 0; i < 100_000; i++) n += 0; return n', { input })
        most = Math.max(most, sandbox.stats().live)
        return result.outcome === 'returned' && result.value
      }),
    )
    expect(results).toEqual([1, 2, 3])
    expect(most).toBeLessThanOrEqual(1)
  })
})

describe('many calls at once', () => {
  it('share few isolates when each ends in its first turn', async () => {
    await using sandbox = await createSandbox()
    await sandbox.run('return 0')
    let most = 0
    const results = await Promise.all(Array.from({ length: 300 }, async (_, input) => {
      const result = await sandbox.run('await 0; return input', { input })
      most = Math.max(most, sandbox.stats().live)
      return result.outcome === 'returned' && result.value === input
    }))
    expect(results.every(Boolean)).toBe(true)
    expect(most).toBeLessThanOrEqual(8)
    expect(sandbox.stats()).toMatchObject({ live: 0, running: 0 })
  })

  it('that wait hold nobody up', async () => {
    await using sandbox = await createSandbox()
    const { tool, waiting, until } = gate()
    const held = Array.from({ length: 40 }, () => sandbox.run('await tools.gate(); return 1', { grants: { tools: { gate: tool } } }))
    await until(40)
    expect(sandbox.stats().live).toBe(40)
    expect(await sandbox.run('return 2')).toMatchObject({ outcome: 'returned', value: 2 })
    for (const answer of waiting) answer()
    expect((await Promise.all(held)).every(({ outcome }) => outcome === 'returned')).toBe(true)
  })
})

describe('dispose', () => {
  it('ends the calls that are still running, and waits for them', async () => {
    const sandbox = await createSandbox({ pool: { maxLive: 2 } })
    const { tool, until } = gate()
    const waiting = sandbox.run('await tools.gate()', { grants: { tools: { gate: tool } } })
    await until(1)
    const sleeping = sandbox.run('await tools.gate()', { grants: { tools: { gate: tool } } })
    await until(2)
    const queued = sandbox.run('return 1')
    await sandbox[Symbol.asyncDispose]()
    expect(sandbox.stats()).toMatchObject({ running: 0, live: 0, waiting: 0 })
    for (const call of [waiting, sleeping, queued]) expect(await call).toMatchObject({ outcome: 'stopped', reason: 'aborted', message: expect.stringContaining('disposed') })
  })
})

describe('pool', () => {
  it('keeps at most maxIdle instances', async () => {
    await using sandbox = await createSandbox({ pool: { maxIdle: 2 } })
    await Promise.all(Array.from({ length: 6 }, () => sandbox.run('await 0; return 1')))
    expect(sandbox.stats().idle).toBeLessThanOrEqual(2)
    expect(sandbox.stats().idle).toBeGreaterThan(0)
  })

  it.each([
    ['an unknown key', { maxLife: 1 }],
    ['no slot', { maxLive: 0 }],
    ['less than one call may take', { maxBytes: 1 << 20 }],
    ['endless bytes', { maxBytes: Infinity }],
    ['waiting guests below none', { maxWaiting: -1 }],
    ['set-aside guests that are no number', { maxSetAside: '1' }],
    ['a fraction', { maxIdle: 1.5 }],
    ['threads inline', { threads: 2 }],
  ])('refuses %s', async (_name, pool) => {
    await expect(createSandbox({ pool: pool as never })).rejects.toMatchObject({ code: 'invalid-option' })
  })

  it('refuses what threads do not have', async () => {
    for (const pool of [{ maxIdle: 1 }, { maxWaiting: 1 }, { maxSetAside: 1 }]) {
      await expect(createSandbox({ isolation: 'thread', pool })).rejects.toMatchObject({ code: 'invalid-option' })
    }
  })
})
