import { createRequire } from 'node:module'
import { expect } from 'vitest'
import { useSandbox, valueOf } from '../../../support/sandbox.js'

const require = createRequire(import.meta.url)

/** Program text that gives each case's answer as text, or the error that it ended in. */
const program = (setup: string, cases: readonly string[]): string => `
${setup}
const show = (value) => JSON.stringify(value, (_key, inner) =>
  inner === undefined ? '<undefined>' : typeof inner === 'bigint' ? inner + 'n' : typeof inner === 'function' ? '<function ' + inner.name + '>' :
  typeof inner === 'number' && !Number.isFinite(inner) ? '<' + inner + '>' : Object.is(inner, -0) ? '<-0>' : inner)
const answers = []
for (const run of [${cases.map((code) => `async () => (${code})`).join(',\n')}]) {
  try {
    answers.push(show(await run()))
  } catch (error) {
    // The words of the engine's own errors are the engine's.
    answers.push('threw ' + error.name + (error.code === undefined ? '' : ' ' + error.code + ': ' + error.message))
  }
}
return answers`

/**
 * Expects expressions to come to the same in a guest and in the Node that the tests run on, whose answers are the
 * source of truth. `setup` is text before them; both may use `require`.
 */
export function useSame(): (setup: string, cases: readonly string[]) => Promise<void> {
  const { run } = useSandbox()
  return async (setup, cases) => {
    const code = program(setup, cases)
    const expected = (await new Function('require', `return (async () => {${code}})()`)(require)) as string[]
    const answers = valueOf(await run<string[]>(code, { limits: { fuel: 2_000_000_000, deadlineMs: 20_000 } }))
    const pair = (list: readonly string[]): string[] => cases.map((text, index) => `${text}\n  ${list[index]}`)
    expect(pair(answers)).toEqual(pair(expected))
  }
}
