import { z } from 'zod'
import type { RunOptions } from '../../src/index.js'
import { type Curve, type Row, check, settledBytes } from './curve.js'

const STEPS = 10
const AT_ONCE = 20

export const steady: Curve = {
  name: 'steady',
  about: `many calls in one process, ${AT_ONCE} at once: short ones, ones with a tool, ones that throw, ones that are stopped`,
  axis: { title: 'calls so far', unit: 'count' },
  points: { full: [100_000], quick: [10_000] },
  columns: [
    { name: 'rssBytes', title: 'resident', unit: 'bytes' },
    { name: 'heapBytes', title: 'JavaScript heap', unit: 'bytes' },
    { name: 'callMs', title: 'each, since the line before', unit: 'time' },
  ],
  async measure({ createSandbox, defineTool }, at) {
    const count = Number(at)
    const echo = defineTool({ description: 'Echoes', input: z.number(), execute: async (n) => n })
    const late = defineTool({ description: 'Echoes later', input: z.number(), execute: (n) => new Promise<number>((resolve) => setImmediate(() => resolve(n))) })
    const grants = { tools: { echo, late } }
    const kinds: readonly { readonly source: string; readonly outcome: string; readonly options?: RunOptions }[] = [
      { source: 'return input', outcome: 'returned' },
      { source: 'return tools.echo(input)', outcome: 'returned' },
      { source: 'return tools.late(input)', outcome: 'returned' },
      { source: 'console.log(input); const rows = Array.from({ length: 200 }, (_, id) => ({ id })); return rows.length && input', outcome: 'returned' },
      { source: 'throw new Error(String(input))', outcome: 'threw' },
      { source: 'for (;;);', outcome: 'stopped', options: { limits: { fuel: 100_000 } } },
    ]
    // A pool that must set guests aside all the time.
    await using sandbox = await createSandbox({ pool: { maxWaiting: 4 } })
    const rows: Row[] = []
    let next = 0
    const worker = async (until: number): Promise<void> => {
      while (next < until) {
        const input = next++
        const { source, outcome, options } = kinds[input % kinds.length]!
        const result = await sandbox.run(source, { input, grants, ...options })
        check(result.outcome === outcome && (result.outcome !== 'returned' || result.value === input), `call ${input}: ${JSON.stringify(result).slice(0, 200)}`)
      }
    }
    for (let step = 0; step <= STEPS; step++) {
      const until = Math.round((count * step) / STEPS)
      const began = performance.now()
      const before = next
      await Promise.all(Array.from({ length: AT_ONCE }, () => worker(until)))
      const callMs = (performance.now() - began) / Math.max(1, next - before)
      const rssBytes = await settledBytes()
      rows.push({ at: until, figures: { rssBytes, heapBytes: process.memoryUsage().heapUsed, ...(step === 0 ? {} : { callMs }) } })
    }
    return rows
  },
}
