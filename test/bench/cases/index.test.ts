import { describe, expect, it } from 'vitest'
import { CASES } from '../../../bench/cases/index.js'
import { CONTENDERS } from '../../../bench/contenders/index.js'
import { KERNELS } from '../../../bench/kernels/index.js'
import type { Case } from '../../../bench/suite.js'

const names = new Set(CONTENDERS.map(({ name }) => name))

/** Places on the axis, or programs, by name. */
function placesOf(of: Case): readonly (string | number)[] {
  if (of.kind === 'latency') return []
  return of.kind === 'series' ? of.points.map(({ at }) => at) : of.programs.map(({ name }) => name)
}

describe('CASES', () => {
  it('have names of their own, and each has somebody to take part', () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length)
    expect(CASES.filter(({ opens }) => !CONTENDERS.some(({ open }) => open[opens] !== undefined))).toEqual([])
  })

  it.each(CASES)('$name leaves to a quick run only contenders and places that there are', ({ opens, quick, ...of }) => {
    const { contenders = [], at = [] } = quick === undefined || quick === 'nothing' ? {} : quick
    expect(contenders.filter((name) => !names.has(name))).toEqual([])
    expect(at.filter((each) => !placesOf({ opens, ...of } as Case).includes(each))).toEqual([])
    if (contenders.length > 0) expect(CONTENDERS.some(({ name, open }) => contenders.includes(name) && open[opens] !== undefined)).toBe(true)
  })

  it.each(CASES.filter(({ kind }) => kind !== 'latency'))('$name has every place once', (of) => {
    const places = placesOf(of)
    expect(new Set(places).size).toBe(places.length)
  })

  it('take two samples at least of everything, also in a quick run: one has no median', () => {
    const few = CASES.filter((of) => of.kind !== 'outcome' && of.rounds !== undefined && Math.min(of.rounds.full, of.rounds.quick) < 2)
    expect(few.map(({ name }) => name)).toEqual([])
  })
})

describe('KERNELS', () => {
  it('are ten', () => {
    expect(KERNELS).toHaveLength(10)
  })

  it.each(KERNELS)('$name comes to its answer', ({ source, answer }) => {
    expect(new Function(`return (${source})`)()).toBe(answer)
  })
})
