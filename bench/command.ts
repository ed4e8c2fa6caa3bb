import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type BenchOptions, HELP, UsageError, parseArgs } from './args.js'
import { type Checked, checkBudgets, readBudgets } from './budgets.js'
import { CASES } from './cases/index.js'
import { compareRuns } from './compare.js'
import { CONTENDERS } from './contenders/index.js'
import { measure } from './measure-all.js'
import { BENCH } from './packages.js'
import { namesOf } from './plan.js'
import { renderChecks } from './report/checks.js'
import { renderComparison } from './report/comparison.js'
import { renderReport } from './report/text.js'
import { writeReport } from './report/write.js'
import { type Results, readResults, runName, writeResults } from './results.js'

export interface Surroundings {
  /** The program that each process of the bench runs. */
  readonly entry: string
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown }
}

const RESULTS = join(BENCH, 'results')
const BUDGETS = join(BENCH, 'budgets.json')
const INTERRUPTED = 130

/** The benchmark suite: its exit code. Throws `UsageError`. */
export async function command(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings
  const options = parseArgs(args)
  if (options.help) return stdout.write(HELP), 0
  if (options.list) return stdout.write(renderList()), 0
  if (options.compare !== undefined) return stdout.write(compare(options.compare, options)), 0
  const results = options.from === undefined ? await measure(options, surroundings, lastResults(options)) : read(options.from)
  if (options.from === undefined) {
    const file = join(RESULTS, `${runName(results)}.json`)
    writeResults(file, results)
    stderr.write(`bench: samples in ${file}\n`)
  }
  const checks = options.check ? checkBudgets(readBudgets(BUDGETS), results) : []
  // With --json nothing but JSON goes to standard output.
  const aside = options.json ? stderr : stdout
  stdout.write(options.json ? `${JSON.stringify(results)}\n` : renderReport(results))
  if (options.check) aside.write(`\n${renderChecks(checks, results)}`)
  if (options.report !== undefined) {
    const folder = options.report === 'default' ? join(RESULTS, runName(results)) : resolve(options.report)
    const { files, lacking } = await writeReport(folder, { results, checks, say: (line) => void stderr.write(`bench: ${line}\n`) })
    stderr.write(`bench: ${files.length} files of a report in ${folder}${lacking === undefined ? '' : `, without plots: ${lacking}`}\n`)
  }
  if (results.interrupted) return INTERRUPTED
  const isSound = options.check ? isKept(checks) : results.cases.some(({ measured }) => measured.length > 0)
  return isSound ? 0 : 1
}

/** Whether no budget is broken, and any was looked at. */
function isKept(checks: readonly Checked[]): boolean {
  return checks.every(({ status }) => status !== 'broken') && checks.some(({ status }) => status === 'holds')
}

function compare(files: readonly [string, string], { json }: BenchOptions): string {
  const runs = [read(files[0]), read(files[1])] as const
  const comparison = compareRuns(...runs)
  return json ? `${JSON.stringify(comparison)}\n` : renderComparison(comparison, runs)
}

function read(file: string): Results {
  try {
    return readResults(file)
  } catch (error) {
    throw new UsageError(`Cannot use "${file}": ${(error as Error).message}`)
  }
}

/** The newest run like this one, which tells how long cases take. */
function lastResults({ quick }: BenchOptions): Results | undefined {
  let files: string[] = []
  try {
    files = readdirSync(RESULTS).filter((name) => name.endsWith('.json')).sort().reverse().slice(0, 10)
  } catch {
    return undefined
  }
  for (const file of files) {
    try {
      const results = readResults(join(RESULTS, file))
      if (results.quick === quick && !results.interrupted) return results
    } catch {
      // Of another version, or half written.
    }
  }
  return undefined
}

function renderList(): string {
  return namesOf(CASES, CONTENDERS).map(({ of, contender }) => `kind:${of.kind}/${of.name}/${contender.name}\n`).join('')
}
