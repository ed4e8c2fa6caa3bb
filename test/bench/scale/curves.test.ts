import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeMachine } from '../../../bench/machine.js'
import { CURVES } from '../../../bench/scale/curves.js'
import { renderScale } from '../../../bench/scale/report.js'
import * as glovebox from '../../../src/index.js'

describe('CURVES', () => {
  beforeAll(() => {
    setFlagsFromString('--expose-gc')
    ;(globalThis as { gc?: () => void }).gc = runInNewContext('gc') as () => void
  })

  it('have names of their own, and columns too', () => {
    expect(new Set(CURVES.map(({ name }) => name)).size).toBe(CURVES.length)
    for (const { columns, points } of CURVES) {
      expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length)
      expect(points.full.length).toBeGreaterThanOrEqual(points.quick.length)
    }
  })

  it.each([['waiting', 140], ['live', 5], ['sizes', 64], ['steady', 120]] as const)('%s gives a figure for each column, or none that applies', async (name, at) => {
    const curve = CURVES.find((each) => each.name === name)!
    const rows = await curve.measure(glovebox, at)
    expect(rows.length).toBeGreaterThan(0)
    const { figures } = rows.at(-1)!
    expect(Object.keys(figures).sort()).toEqual(curve.columns.map((column) => column.name).sort())
    for (const figure of Object.values(figures)) expect(Number.isFinite(figure)).toBe(true)
    if (name === 'waiting') {
      expect(figures['live']).toBe(128)
      expect(figures['keptBytes']).toBeGreaterThan(10_000)
      expect(figures['keptBytes']).toBeLessThan(100_000)
    }
  }, 30_000)
})

describe('renderScale()', () => {
  it('says every figure in its unit, and what was not measured', () => {
    const machine = describeMachine(() => performance.now())
    const { name, about, axis, columns } = CURVES[0]!
    const figures = { startMs: 0.25, answerMs: 2, rssBytes: 3 << 20, eachBytes: 2048, live: 1234 }
    const text = renderScale({
      schemaVersion: 1, startedAt: '', quick: true, machine, loadAfter: [0, 0, 0], version: '0.0.0',
      curves: [{ name, about, axis, columns, rows: [{ at: 1000, figures }], missing: [{ at: 5000, reason: 'takes too much' }] }],
    })
    for (const part of ['1,000', '250 µs', '2.00 ms', '3.00 MB', '2.00 KB', '1,234', '–', 'not measured: 5,000: takes too much']) expect(text).toContain(part)
  })
})
