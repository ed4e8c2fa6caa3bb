import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createSandbox } from '../src/index.js'
import { quickjs } from '../src/quickjs/index.js'
import { collectTests, findRoot } from './wpt/files.js'
import { toFigures, toSum, toText } from './wpt/report.js'
import { type TestResult, runTest } from './wpt/run-test.js'

// Runs web-platform tests that need no document in a sandbox, from a folder of them that is not part of this project:
// npm run wpt -- DIR... [--filter TEXT] [--json]
const args = process.argv.slice(2)
const paths: string[] = []
let filter = ''
let isJson = false
for (let i = 0; i < args.length; i++) {
  const arg = args[i]!
  if (arg === '--json') isJson = true
  else if (arg === '--filter') filter = args[++i] ?? ''
  else if (arg.startsWith('-')) usage(`Unknown option "${arg}"`)
  else paths.push(arg)
}
if (paths.length === 0) usage('No folder of tests')

const harness = readFileSync(resolve('scripts/wpt/harness.js'), 'utf8')
const module = await WebAssembly.compile(readFileSync(resolve('dist/quickjs.wasm')))
const results: TestResult[] = []
await using sandbox = await createSandbox({ engines: [quickjs({ module })] })
for (const path of paths) {
  const root = findRoot(path)
  for (const test of collectTests(path, root)) {
    if (!`${test.path}${test.variant}`.includes(filter)) continue
    if (process.stderr.isTTY) process.stderr.write(`${test.path}${test.variant}\n`)
    results.push(await runTest(sandbox, test, root, harness))
  }
}
const { failed } = toSum(results)
process.stdout.write(isJson ? `${JSON.stringify({ folders: toFigures(results), results }, null, 1)}\n` : toText(results))
process.exitCode = failed === 0 ? 0 : 1

function usage(message: string): never {
  console.error(`wpt: ${message}; use: npm run wpt -- DIR... [--filter TEXT] [--json]`)
  process.exit(2)
}
