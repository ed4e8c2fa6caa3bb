import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { createSandbox, defineTool } from '../../src/index.js'

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
    await using sandbox = await createSandbox({ pool: { maxLive: 2, maxSetAside: 0 } })
    const { tool, waiting, until } = gate()
    const order: number[] = []
    const calls = [0, 1, 2, 3, 4].map(async (input) => {
      const result = await sandbox.run('await tools.gate(); return input', { input, grants: { tools: { gate: tool } } })
      order.push(input)
      return result.outcome
    })
    await until(2)
    expect(sandbox.stats()).toMatchObject({ running: 5, live: 2, waiting: 3 })
    for (let answered = 0; answered < 5; answered++) {
      await until(1)
      waiting.shift()!()
      while (order.length <= answered) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await Promise.all(calls)).toEqual(Array(5).fill('returned'))
    expect(order).toEqual([0, 1, 2, 3, 4])
    expect(sandbox.stats()).toMatchObject({ running: 0, live: 0, waiting: 0, runs: 5 })
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
