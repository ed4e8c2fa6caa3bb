import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Results, readResults, resultsSchema, runName, writeResults } from '../../bench/results.js'
import { latencyReport, namesReport, outcomeReport, seriesReport } from './reports.fixture.js'
import { fakeResults } from './results.fixture.js'

describe('writeResults()', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-results-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const file = (): string => join(folder, 'results/run.json')
  const all = (): Results => fakeResults([
    latencyReport([{ contender: 'glovebox', ms: 0.25 }], { missing: [{ contender: 'x', cause: 'failed', reason: 'y' }] }),
    seriesReport([64, 1024], [{ contender: 'glovebox', values: [1, 2] }], { quantity: 'rate' }),
    namesReport(['fib', 'sort'], [{ contender: 'glovebox', values: [1, 2] }]),
    outcomeReport([{ contender: 'glovebox', trials: [{ program: 'loop' }, { program: 'grow', outcome: 'killed', by: 'the harness', detail: 'hung' }] }]),
  ])

  it('keeps every sample and every trial of every kind of case', () => {
    writeResults(file(), all())
    expect(readResults(file())).toEqual(all())
  })

  it('refuses to write what its schema does not describe', () => {
    const wrong = { ...fakeResults([]), surprise: true } as Results
    expect(() => writeResults(file(), wrong)).toThrow('surprise')
    expect(readdirSync(folder)).toEqual([])
  })

  it('refuses a sample that is no number, which JSON would turn into null', () => {
    const wrong = fakeResults([latencyReport([{ contender: 'glovebox', ms: Number.NaN }])])
    expect(() => writeResults(file(), wrong)).toThrow('NaN')
  })
})

describe('readResults()', () => {
  it('refuses a file of another version, and says which', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-results-'))
    try {
      writeFileSync(join(folder, 'old.json'), '{"schemaVersion":1}')
      expect(() => readResults(join(folder, 'old.json'))).toThrow('is of schema version 1; this is 2')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('runName()', () => {
  it('is the time of the run, as a file may be called', () => {
    expect(runName({ startedAt: '2026-01-02T03:04:05.678Z' })).toBe('2026-01-02T03-04-05-678Z')
  })
})

describe('results.schema.json', () => {
  it('is the schema of the code', async () => {
    await expect(`${JSON.stringify(z.toJSONSchema(resultsSchema), null, 2)}\n`).toMatchFileSnapshot('../../bench/results.schema.json')
  })
})
