import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { HELP, UsageError, parseArgs } from './args.js'
import { startArmProcess } from './arm-process.js'
import { CASES } from './cases/index.js'
import { CONTENDERS } from './contenders/index.js'
import { installContenders } from './install.js'
import { describeMachine, readLoad } from './machine.js'
import { BENCH, versionOf } from './packages.js'
import { createProgress } from './progress.js'
import { renderReport } from './report.js'
import { type Results, writeResults } from './results.js'
import { runSuite } from './run-suite.js'
import { SERVE_ARM, serveArm } from './serve-arm.js'
import type { Case, Contender } from './suite.js'

const ROUNDS = { full: 60, quick: 10 }

const [first, ...rest] = process.argv.slice(2)
if (first === SERVE_ARM && process.send !== undefined) await serveArm(rest[0] ?? '', rest[1] ?? '')
else process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  try {
    return await bench(args)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`bench: ${error.message}\n`)
    return 2
  }
}

async function bench(args: readonly string[]): Promise<number> {
  const options = parseArgs(args)
  if (options.help) {
    process.stdout.write(HELP)
    return 0
  }
  const { filter, quick } = options
  const wants = (of: Case, contender: Contender): boolean => filter === undefined || `${of.name}/${contender.name}`.includes(filter)
  const names = CASES.flatMap((of) => CONTENDERS.filter(({ open }) => open[of.name] !== undefined).map((contender) => `${of.name}/${contender.name}`))
  if (filter !== undefined && !names.some((name) => name.includes(filter))) throw new UsageError(`Nothing has "${filter}" in its name; there is\n  ${names.join('\n  ')}`)

  const progress = createProgress(process.stderr)
  const failures = installContenders((line) => progress.line(line))
  const machine = describeMachine(() => performance.now())
  const startedAt = new Date().toISOString()
  const rounds = quick ? ROUNDS.quick : ROUNDS.full
  const entry = fileURLToPath(import.meta.url)
  const reports = await runSuite({
    cases: CASES,
    contenders: CONTENDERS,
    rounds,
    wants,
    start: async (contender, of) => {
      const failure = contender.package === undefined || contender.package === 'glovebox' ? undefined : (failures[contender.package] ?? failures['*'])
      if (failure !== undefined) throw new Error(failure)
      return startArmProcess(contender, of, entry)
    },
    onProgress: (what) => progress.show(what),
  })
  progress.clear()
  const results: Results = {
    schemaVersion: 1,
    startedAt,
    finishedAt: new Date().toISOString(),
    quick,
    ...(filter === undefined ? {} : { filter }),
    rounds,
    machine: { ...machine, load: [...machine.load] },
    loadAfter: readLoad(),
    versions: readVersions(),
    cases: reports.map(({ name, measured, missing }) => ({
      name,
      about: CASES.find((of) => of.name === name)!.about,
      measured: measured.map((each) => ({ ...each, samples: [...each.samples] })),
      missing: [...missing],
    })),
  }
  const file = writeResults(join(BENCH, 'results'), results)
  process.stdout.write(options.json ? `${JSON.stringify(results)}\n` : renderReport(results))
  if (!options.json) process.stdout.write(`\nSamples: bench/results/${file}\n`)
  return reports.some(({ measured }) => measured.length > 0) ? 0 : 1
}

function readVersions(): Record<string, string> {
  const versions: Record<string, string> = {}
  for (const { package: name } of CONTENDERS) {
    const version = name === undefined ? undefined : versionOf(name)
    if (name !== undefined && version !== undefined) versions[name] = version
  }
  return versions
}
