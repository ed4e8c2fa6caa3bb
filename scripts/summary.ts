import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

// Prints what the test runner counted as one line and exits with 1 when anything failed: node scripts/summary.ts STATUS [REPORT]
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[]
}

const status = Number(process.argv[2] ?? 1)
const file = process.argv[3] ?? resolve(import.meta.dirname, '../node_modules/.cache/glovebox/tests.json')
const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined
const passed = report?.numPassedTests ?? 0
const skipped = report?.numPendingTests ?? 0
// A file that fails to load has no tests to count: it is one failure of its own.
const broken = report?.testResults.filter((each) => each.status === 'failed' && !each.assertionResults.some((test) => test.status === 'failed')).length ?? 0
const counted = (report?.numFailedTests ?? 0) + broken
// A runner that ended badly for another reason has failed, too.
const failed = counted === 0 && status !== 0 ? 1 : counted
process.exitCode = failed === 0 ? 0 : 1
console.log(`${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`)
