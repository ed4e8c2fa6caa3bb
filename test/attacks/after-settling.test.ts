import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { type Tool, defineTool } from '../../src/index.js'
import { isolation } from '../support/sandbox.js'
import { useAttacks } from './host.js'

const { run } = useAttacks()

/** A tool that counts its calls, at once or late. */
function counter(): { readonly tool: ReturnType<typeof defineTool>; readonly calls: unknown[] } {
  const calls: unknown[] = []
  return { calls, tool: defineTool({ description: 'Counts', input: z.any(), execute: (input) => (calls.push(input), setTimeout(5, input)) }) }
}

describe('a guest that goes on after its call has ended', () => {
  it.each([
    ['by a timer', 'setTimeout(() => tools.t("late"), 1); setInterval(() => tools.t("late"), 1); return "done"'],
    ['by a thenable that is resolved twice', 'return { then(ok) { ok("done"); ok("again"); setTimeout(() => { ok("x"); tools.t("late") }) } }'],
    ['by a getter of what it returned', 'return new Proxy({ a: 1 }, { ownKeys() { setTimeout(() => tools.t("late")); return [] } })'],
    ['by an abort signal', 'AbortSignal.timeout(1).onabort = () => tools.t("late"); return "done"'],
    ['by a message', 'const { port1, port2 } = new MessageChannel(); port2.onmessage = () => setTimeout(() => tools.t("late")); port1.postMessage(1); return "done"'],
    ['by a stream that is pulled', 'new ReadableStream({ pull() { return new Promise((ok) => setTimeout(() => { tools.t("late"); ok() })) } }); return "done"'],
    ['by an answer that comes late', 'tools.t("early").then(() => tools.t("late")); return "done"'],
    ['by finalizers', 'new FinalizationRegistry(() => tools.t("late")).register({}, 1); return "done"'],
    ['by an exit handler', 'process.on?.("exit", () => setTimeout(() => tools.t("late"))); return "done"'],
  ])('%s: nothing of it happens', async (_name, source) => {
    const { tool, calls } = counter()
    const events: unknown[] = []
    const result = await run(source, { grants: { tools: { t: tool } }, onEvent: (event) => events.push(event) })
    expect(['returned', 'threw']).toContain(result.outcome)
    const heard = events.length
    await setTimeout(30)
    expect(calls).not.toContain('late')
    expect(events).toHaveLength(heard)
  })

  it.each([
    ['stopped for fuel', 'tools.t("early").finally(() => tools.t("late")); for (;;);', 'fuel'],
    ['ended by itself', 'tools.t("early").finally(() => tools.t("late")); process.exit(3)', 'exit'],
    ['stopped for timers', 'tools.t("early").finally(() => tools.t("late")); for (;;) setTimeout(() => tools.t("late"), 1)', 'timers'],
    ['stopped for output', 'tools.t("early").finally(() => tools.t("late")); for (;;) console.log("x".repeat(1e4))', 'output'],
  ])('when it was %s', async (_name, source, reason) => {
    const { tool, calls } = counter()
    expect(await run(source, { grants: { tools: { t: tool } }, limits: { fuel: 20_000_000 } })).toMatchObject({ outcome: 'stopped', reason })
    await setTimeout(20)
    expect(calls).not.toContain('late')
  })
})

describe('re-entrancy', () => {
  it('a getter, a toJSON and a proxy that call the host while a host call is read', async () => {
    const { tool, calls } = counter()
    const source = `
      const seen = []
      const value = { get a() { tools.t("inner"); return 1 }, p: new Proxy({}, { ownKeys() { tools.t("inner"); return [] } }), toJSON() { tools.t("inner"); return 2 } }
      await tools.t(value).catch((e) => seen.push(e.name))
      return seen.length`
    const result = await run(source, { grants: { tools: { t: tool } } })
    expect(result.outcome).toBe('returned')
    // Every call that was made is recorded, and none was made that is not.
    expect(result.ledger.filter(({ decision }) => decision === 'allowed').length).toBeGreaterThanOrEqual(calls.length)
  })

  // On threads every level holds one while it waits, and a machine may have fewer than levels.
  if (isolation === 'thread') console.log('after-settling.test.ts: guests within guests are skipped on threads, of which there are fewer than levels')
  it.skipIf(isolation === 'thread')('a tool that runs another guest in the same sandbox, which runs another', async () => {
    const nested: Tool = defineTool<number, unknown>({
      description: 'Runs a program', input: z.number(),
      execute: async (depth) => {
        const inner = await run('return globalThis.mark === undefined ? (globalThis.mark = 1, input === 0 ? 0 : 1 + await tools.nest(input - 1)) : "met"', { input: depth, grants: { tools: { nest: nested } } })
        return 'value' in inner ? inner.value : inner.outcome
      },
    })
    expect(await run('globalThis.mark = 1; return tools.nest(5)', { grants: { tools: { nest: nested } } })).toMatchObject({ outcome: 'returned', value: 5 })
  })

  it('a result that would run code when it is looked at is refused, and its code is not run', async () => {
    const { tool, calls } = counter()
    const result = await run('return { toJSON() { tools.t("late") }, get a() { tools.t("late"); process.exit(4) } }', { grants: { tools: { t: tool } } })
    expect(result).toMatchObject({ outcome: 'threw', error: { name: 'EncodeError' }, ledger: [] })
    expect(calls).toEqual([])
  })
})
