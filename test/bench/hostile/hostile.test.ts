import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { ESCAPES } from '../../../bench/hostile/escape.js'
import { RUNAWAYS } from '../../../bench/hostile/runaway.js'

const ALL = [...RUNAWAYS, ...ESCAPES]

describe('hostile programs', () => {
  it('are of many kinds, each with a name and a threat of its own', () => {
    expect(RUNAWAYS.length).toBeGreaterThanOrEqual(12)
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length)
    expect(new Set(ALL.map(({ threat }) => threat)).size).toBe(ALL.length)
  })

  it.each(ALL)('$name is an expression', ({ program }) => {
    expect(() => new Function(`return (${program})`)).not.toThrow()
  })

  // Only those that V8 can interrupt: the native ones hold whoever runs them.
  it.each(RUNAWAYS.filter(({ name }) => ['loop', 'finally'].includes(name)))('$name does not come to an end', ({ program }) => {
    expect(() => runInNewContext(program, {}, { timeout: 100 }) as unknown).toThrow('timed out')
  })

  // A function made of text can import nothing under the test runner.
  it.each(ESCAPES.filter(({ name, escaped }) => escaped !== undefined && name !== 'import'))('$name tells when it got out', async ({ program, escaped }) => {
    const origin = 'data:application/json,{"name":"item"}#'
    // Here it is let out, and so has to notice.
    expect(await (new Function(`return (${program.replaceAll('__ORIGIN__', origin)})`)() as Promise<unknown>)).toEqual(escaped)
  })
})
