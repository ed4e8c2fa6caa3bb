import { z } from 'zod'
import type { RunOptions, Sandbox } from '../../src/index.js'
import { type Curve, check } from './curve.js'

const WARM_UP_MS = 300
const MEASURE_MS = 1500
const TOOL_MS = 10

/** Calls that ended within a time, with so many under way at all times; returns how many a second. */
async function rateOf(sandbox: Sandbox, concurrency: number, { source, options, isRight }: { readonly source: string; readonly options: RunOptions; readonly isRight: (value: unknown) => boolean }): Promise<number> {
  let ended = 0
  let isOver = false
  const worker = async (): Promise<void> => {
    while (!isOver) {
      const result = await sandbox.run(source, options)
      check(result.outcome === 'returned' && isRight(result.value), JSON.stringify(result).slice(0, 200))
      ended++
      // A call that never waits would leave no turn for what ends the measurement.
      if (ended % 64 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const workers = Array.from({ length: concurrency }, worker)
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS))
  const before = ended
  const began = performance.now()
  await new Promise((resolve) => setTimeout(resolve, MEASURE_MS))
  const rate = ((ended - before) * 1000) / (performance.now() - began)
  isOver = true
  await Promise.all(workers)
  return rate
}

export const throughput: Curve = {
  name: 'throughput',
  about: `calls a second, with so many under way at all times: that add two numbers, and that wait for a tool of ${TOOL_MS} ms`,
  axis: { title: 'under way', unit: 'count' },
  points: { full: [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024], quick: [1, 16, 256] },
  columns: [
    { name: 'addRate', title: 'add', unit: 'rate' },
    { name: 'toolRate', title: 'wait for a tool', unit: 'rate' },
    { name: 'toolLiveRate', title: 'the same, none set aside', unit: 'rate' },
  ],
  async measure({ createSandbox, defineTool }, at) {
    const concurrency = Number(at)
    const slow = defineTool({ description: 'Waits', input: z.number(), execute: (n) => new Promise((resolve) => setTimeout(() => resolve(n + 1), TOOL_MS)) })
    await using sandbox = await createSandbox()
    await using keeping = await createSandbox({ pool: { maxSetAside: 0, maxLive: 100_000 } })
    const add = { source: 'return 1 + 1', options: {}, isRight: (value: unknown) => value === 2 }
    const wait = { source: 'return tools.slow(41)', options: { grants: { tools: { slow } }, limits: { deadlineMs: 600_000 } }, isRight: (value: unknown) => value === 42 }
    return [{
      at,
      figures: { addRate: await rateOf(sandbox, concurrency, add), toolRate: await rateOf(sandbox, concurrency, wait), toolLiveRate: await rateOf(keeping, concurrency, wait) },
    }]
  },
}
