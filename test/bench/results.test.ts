import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Results, resultsSchema, writeResults } from '../../bench/results.js'
import { fakeResults } from './results.fixture.js'

describe('writeResults()', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-results-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('keeps every sample under the time of the run', () => {
    const results = fakeResults([{ name: 'fresh-isolate', measured: [{ contender: 'glovebox', arm: 'contained', limits: 'fuel', samples: [0.25, 0.125, -1e-9] }], missing: [{ contender: 'x', reason: 'y' }] }])
    const name = writeResults(join(folder, 'results'), results)
    expect(name).toBe('2026-01-02T03-04-05-678Z.json')
    expect(resultsSchema.parse(JSON.parse(readFileSync(join(folder, 'results', name), 'utf8')))).toEqual(results)
  })

  it('refuses to write what its schema does not describe', () => {
    const wrong = { ...fakeResults([]), surprise: true } as Results
    expect(() => writeResults(folder, wrong)).toThrow('surprise')
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('results.schema.json', () => {
  it('is the schema of the code', async () => {
    await expect(`${JSON.stringify(z.toJSONSchema(resultsSchema), null, 2)}\n`).toMatchFileSnapshot('../../bench/results.schema.json')
  })
})
