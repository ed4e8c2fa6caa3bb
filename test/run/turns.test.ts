import { z } from 'zod'
import { beforeAll, describe, expect, it } from 'vitest'
import { defineTool } from '../../src/index.js'
import { isolation, useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()
/** A guest on another thread needs no suspending to let this one go on. */
const suspends = isolation === 'thread' || typeof (WebAssembly as { Suspending?: unknown }).Suspending === 'function'

const programs: [name: string, source: string][] = [
  ['an endless loop', 'for (;;);'],
  ['a native loop', 'Array.prototype.reverse.call({ length: 2 ** 53 - 1 })'],
  ['a loop in a job', 'await 0; for (;;);'],
  ['a loop in a timer', 'setTimeout(() => { for (;;); }); await new Promise(() => {})'],
  ['a loop in a module', 'for (;;);\nexport default 1'],
  ['a loop in the evaluation of an arrow', 'x => x, (() => { for (;;); })()'],
  ['a loop in a thrown value', 'throw { name: "E", message: { toString() { for (;;); } } }'],
  ['a loop after a host call', 'await tools.t(); for (;;);'],
  ['microtasks without end', 'const f = () => Promise.resolve().then(f); await f()'],
]
const t = defineTool({ description: 'd', input: z.any(), execute: () => 1 })

describe.runIf(suspends)('while a guest spins', () => {
  // Compiling the engine is the host's own work.
  beforeAll(async () => void (await run('return 1')))

  it.each(programs)('the event loop turns: %s', async (_name, source) => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    const result = await run(source, { limits: { deadlineMs: 300 }, grants: { tools: { t } } })
    clearInterval(timer)
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'deadline' })
    // A guest that kept its thread would let none happen; how often turns come is for the benchmarks to say.
    expect(ticks).toBeGreaterThan(5)
  })

  it.each(programs)('its signal stops it in the middle: %s', async (_name, source) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 30)
    const result = await run(source, { signal: controller.signal, limits: { deadlineMs: 5000 }, grants: { tools: { t } } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'aborted' })
    expect(result.usage.wallMs).toBeLessThan(1000)
  })

  it('other calls make progress', async () => {
    const spinning = run('for (;;);', { limits: { deadlineMs: 1500, fuel: Number.MAX_SAFE_INTEGER } })
    const values = []
    for (let i = 0; i < 10; i++) values.push(valueOf(await run('return input + 1', { input: i })))
    expect(values).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(await Promise.race([spinning, 'still spinning'])).toBe('still spinning')
    expect(await spinning).toMatchObject({ reason: 'deadline' })
  })

  it('guests suspended side by side get the results of guests alone', async () => {
    const source = 'let s = input; for (let i = 0; i < 300_000; i++) s = (s * 31 + i) % 1000003; const d = await tools.t(); return [s, d]'
    const alone = await Promise.all([1, 2, 3].map(async (input) => await run(source, { input, grants: { tools: { t } } })))
    const together = await Promise.all([1, 2, 3, 1, 2, 3].map((input) => run(source, { input, grants: { tools: { t } } })))
    together.forEach((result, i) => {
      expect(valueOf(result)).toEqual(valueOf(alone[i % 3]!))
      expect(result.usage.fuel).toBe(alone[i % 3]!.usage.fuel)
    })
  })

  it('recursion is bounded on a suspended stack too', async () => {
    const result = await run('const spin = () => { for (let i = 0; i < 2e6; i++); }; let n = 0; const f = () => { n++; return 1 + f() }; spin(); try { f() } catch {} spin(); return n')
    if (result.outcome === 'returned') expect(result.value).toBeGreaterThan(2000)
    else expect(result).toMatchObject({ outcome: 'stopped', reason: 'stack' })
  })
})

if (!suspends) console.log('turns.test.ts: skipped, this engine has no JavaScript Promise Integration')

describe('an answer of a tool', () => {
  it('reaches the guest however many turns of the microtask queue it takes', async () => {
    const later = defineTool({
      description: 'd',
      input: z.number(),
      execute: async (turns) => {
        for (let turn = 0; turn < turns; turn++) await undefined
        return turns
      },
    })
    const source = 'let sum = 0; for (let turns = 0; turns < 40; turns++) sum += await tools.later(turns); return sum'
    expect(valueOf(await run(source, { grants: { tools: { later } }, limits: { deadlineMs: 5000 } }))).toBe(780)
  })
})
