import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../support/source-files.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'glovebox-summary-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const passed = { status: 'passed', assertionResults: [{ status: 'passed' }] }
const failed = { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] }
const broken = { status: 'failed', assertionResults: [] }

describe('the last line of a run', () => {
  it.each<readonly [what: string, report: object | undefined, status: number, line: string, exitCode: number]>([
    ['all passed', { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, testResults: [passed] }, 0, '3 passed, 0 failed', 0],
    ['some were skipped', { numPassedTests: 3, numFailedTests: 0, numPendingTests: 2, testResults: [passed] }, 0, '3 passed, 0 failed, 2 skipped', 0],
    ['some failed', { numPassedTests: 3, numFailedTests: 1, numPendingTests: 0, testResults: [failed] }, 1, '3 passed, 1 failed', 1],
    ['a file could not be loaded', { numPassedTests: 3, numFailedTests: 1, numPendingTests: 0, testResults: [failed, broken] }, 1, '3 passed, 2 failed', 1],
    ['the runner failed though no test did', { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, testResults: [passed] }, 1, '3 passed, 1 failed', 1],
    ['there is no report', undefined, 1, '0 passed, 1 failed', 1],
  ])('says so when %s', (what, report, status, line, exitCode) => {
    const file = join(folder, `${what}.json`)
    if (report !== undefined) writeFileSync(file, JSON.stringify(report))
    const { stdout, status: code } = spawnSync(process.execPath, ['scripts/summary.ts', String(status), file], { cwd: ROOT, encoding: 'utf8', timeout: 10_000 })
    expect(stdout).toBe(`${line}\n`)
    expect(code).toBe(exitCode)
  })
})
