import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Arm, toComplaint } from './arm.ts'
import { type Baseline, baseline } from './baseline.ts'
import { findCases } from './cases.ts'
import { type Mounts, createSuiteSandbox, glovebox } from './glovebox.ts'

const USAGE = `Usage: npm run conformance -- DIR [--mounts=memory|host] [--filter=TEXT] [--baseline=node-wasi|jco] [--json]

Runs the programs of WASI preview 1 of a directory laid out as the public wasi-testsuite, and says which pass.
`

const { values, positionals } = readArguments()
const [directory] = positionals
if (values.help === true) end(0, USAGE)
if (directory === undefined || positionals.length > 1 || !existsSync(directory)) end(2, directory === undefined ? USAGE : `No directory ${directory}\n`)
const cases = findCases(resolve(directory!)).filter(({ name }) => name.includes(values.filter ?? ''))
if (cases.length === 0) end(2, `No programs of WASI preview 1 in ${directory}${values.filter === undefined ? '' : ` have "${values.filter}" in their names`}\n`)

const results: { readonly arm: string; readonly name: string; readonly passed: boolean; readonly why?: string }[] = []
await using sandbox = await createSuiteSandbox(cases.length)
for (const arm of chooseArms()) {
  say(`${arm.name}\n`)
  for (const program of cases) {
    const why = toComplaint(program, await arm.run(program))
    results.push({ arm: arm.name, name: program.name, passed: why === undefined, ...(why === undefined ? {} : { why }) })
    say(`  ${why === undefined ? 'pass' : 'FAIL'}  ${program.name}${why === undefined ? '' : `: ${toLine(why)}`}\n`)
  }
  const passed = results.filter((each) => each.arm === arm.name && each.passed).length
  say(`${passed} of ${cases.length} pass\n\n`)
}
if (values.json === true) process.stdout.write(`${JSON.stringify(results)}\n`)
const own = results.filter(({ arm }) => arm.startsWith('glovebox'))
process.exitCode = own.every(({ passed }) => passed) ? 0 : 1

function chooseArms(): readonly Arm[] {
  const mounts: readonly Mounts[] = values.mounts === undefined ? ['memory', 'host'] : [values.mounts as Mounts]
  const others = (values.baseline ?? []) as readonly Baseline[]
  return [...mounts.map((each) => glovebox(each, sandbox)), ...others.map(baseline)]
}

function readArguments() {
  try {
    const parsed = parseArgs({
      allowPositionals: true,
      options: {
        mounts: { type: 'string' },
        filter: { type: 'string' },
        baseline: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
    const { mounts, baseline: others = [] } = parsed.values
    if (mounts !== undefined && mounts !== 'memory' && mounts !== 'host') end(2, `--mounts is "${mounts}": expected memory or host\n`)
    const unknown = others.find((each) => each !== 'node-wasi' && each !== 'jco')
    if (unknown !== undefined) end(2, `--baseline is "${unknown}": expected node-wasi or jco\n`)
    return parsed
  } catch (error) {
    return end(2, `${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  }
}

/** Reports go to standard output, unless it belongs to the JSON. */
function say(text: string): void {
  (values.json === true ? process.stderr : process.stdout).write(text)
}

function toLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(/[^\x20-\x7e]/g, '?')
  return line.length > 300 ? `${line.slice(0, 300)}...` : line
}

function end(code: number, text: string): never {
  (code === 0 ? process.stdout : process.stderr).write(text)
  process.exit(code)
}
