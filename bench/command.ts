import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BenchOptions, HELP, UsageError, parseArgs } from './args.js'
import { CASES } from './cases/index.js'
import { CONTENDERS } from './contenders/index.js'
import { measure } from './measure-all.js'
import { BENCH } from './packages.js'
import { namesOf } from './plan.js'
import { renderReport } from './report/text.js'
import { type Results, readResults, runName, writeResults } from './results.js'

export interface Surroundings {
  /** The program that each process of the bench runs. */
  readonly entry: string
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown }
}

const RESULTS = join(BENCH, 'results')
const INTERRUPTED = 130

/** The benchmark suite: its exit code. Throws `UsageError`. */
export async function command(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings
  const options = parseArgs(args)
  if (options.help) return stdout.write(HELP), 0
  if (options.list) return stdout.write(renderList()), 0
  const results = options.from === undefined ? await measure(options, surroundings, lastResults(options)) : read(options.from)
  if (options.from === undefined) {
    const file = join(RESULTS, `${runName(results)}.json`)
    writeResults(file, results)
    stderr.write(`bench: samples in ${file}\n`)
  }
  stdout.write(options.json ? `${JSON.stringify(results)}\n` : renderReport(results))
  if (results.interrupted) return INTERRUPTED
  return results.cases.some(({ measured }) => measured.length > 0) ? 0 : 1
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
