import { z } from 'zod'
import type { Sandbox, SandboxOptions } from '../../src/index.js'
import { type Glovebox, check, turn } from './curve.js'

/** Far beyond what is measured: a curve ends where the machine does. */
const PATIENT = { deadlineMs: 3_600_000 }

/** No bound but those a curve sets. */
export const ENDLESS: NonNullable<SandboxOptions['pool']> = { maxLive: 1_000_000, maxBytes: Number.MAX_SAFE_INTEGER }

const SEARCH = `const found = await tools.search({ query: 'page ' + input })
const titles = found.map(({ title }) => title)
return titles.join() + input`

export interface Crowd {
  /** Answers the first `count` of those that wait. */
  answer(count: number): void
  /** Waits for all to end; throws when one came to another's answer. */
  end(): Promise<void>
}

/** Starts guests that ask a tool for a small answer, and waits until all of them wait for it. */
export async function gather({ defineTool }: Glovebox, sandbox: Sandbox, count: number): Promise<Crowd> {
  const asked: (() => void)[] = []
  const search = defineTool({
    description: 'Searches',
    input: z.object({ query: z.string() }),
    execute: ({ query }) =>
      new Promise((resolve) => {
        asked.push(() => resolve([{ title: `${query}: one`, score: 1 }, { title: `${query}: two`, score: 0.5 }]))
      }),
  })
  const calls = Array.from({ length: count }, (_, input) => sandbox.run(SEARCH, { input, grants: { tools: { search } }, limits: PATIENT }))
  while (asked.length < count) await turn()
  // Asked, and then waited.
  await turn()
  await turn()
  return {
    answer: (first) => asked.splice(0, first).forEach((answer) => answer()),
    async end() {
      const results = await Promise.all(calls)
      results.forEach((result, input) => {
        const expected = `page ${input}: one,page ${input}: two${input}`
        check(result.outcome === 'returned' && result.value === expected, `guest ${input} of ${count} came to ${JSON.stringify(result).slice(0, 200)}`)
      })
    },
  }
}

/** Starts guests that compute without end, and waits until all have had a turn. */
export async function gatherRunning({ defineTool }: Glovebox, sandbox: Sandbox, count: number): Promise<{ end(): Promise<void> }> {
  let begun = 0
  const begin = defineTool({ description: 'Counts', input: z.any(), execute: () => ++begun })
  const controller = new AbortController()
  const limits = { ...PATIENT, fuel: Number.MAX_SAFE_INTEGER }
  const calls = Array.from({ length: count }, () => sandbox.run('await tools.begin(1); for (;;);', { grants: { tools: { begin } }, limits, signal: controller.signal }))
  while (begun < count || sandbox.stats().live < count) await turn()
  return {
    async end() {
      controller.abort()
      for (const result of await Promise.all(calls)) check(result.outcome === 'stopped' && result.reason === 'aborted', 'a guest ended by itself')
    },
  }
}
