import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openArm } from '../../bench/arm.js'
import { CASES } from '../../bench/cases/index.js'
import { CONTENDERS } from '../../bench/contenders/index.js'
import type { Case } from '../../bench/suite.js'
import { fakeClock } from './fakes.js'
import { keptIsolate } from './kept-isolate.js'

const dependencies = Object.keys((JSON.parse(readFileSync('bench/package.json', 'utf8')) as { dependencies: Record<string, string> }).dependencies)

describe('CONTENDERS', () => {
  it('have names of their own', () => {
    expect(new Set(CONTENDERS.map(({ name }) => name)).size).toBe(CONTENDERS.length)
  })

  it('need nothing that is not installed for them, and nothing is installed for none', () => {
    const needed = CONTENDERS.flatMap(({ package: name }) => (name === undefined || name === 'glovebox' ? [] : [name]))
    expect(new Set(needed)).toEqual(new Set(dependencies))
  })

  it.each(CASES)('have glovebox and a baseline in $name', ({ name }) => {
    const taking = CONTENDERS.filter(({ open }) => open[name] !== undefined)
    expect(taking.map((contender) => contender.name)).toContain('glovebox')
    expect(taking.some(({ arm }) => arm === 'baseline')).toBe(true)
  })
})

/** Contenders that need nothing installed and no process of their own. */
const ALWAYS_THERE = new Set(['node:vm', 'new Function'])
const once = (of: Case): Case => ({ ...of, pace: { fast: { warmUp: 0, burst: 1 }, slow: { warmUp: 0, burst: 1 } } })

describe.each(CASES)('$name', (of) => {
  it.each(CONTENDERS.filter(({ name, open }) => ALWAYS_THERE.has(name) && open[of.name] !== undefined))('is answered right by $name', async (contender) => {
    const arm = await openArm(contender, once(of), fakeClock().now)
    expect(await arm.burst()).toEqual([0])
  })
})

describe('the proofs of fresh-isolate', () => {
  it('find out a contender that keeps its isolate', async () => {
    await expect(openArm(keptIsolate, once(CASES[0]!), fakeClock().now)).rejects.toThrow('wrong: "number" instead of "undefined"')
  })
})
