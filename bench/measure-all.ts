import { type BenchOptions, UsageError } from './args.js'
import { startArmProcess } from './arm-process.js'
import { CASES } from './cases/index.js'
import { createChildren } from './children.js'
import type { Surroundings } from './command.js'
import { CONTENDERS } from './contenders/index.js'
import { installContenders } from './install.js'
import { describeMachine, readLoad } from './machine.js'
import { ROOT, versionOf } from './packages.js'
import { namesOf, planSuite } from './plan.js'
import { createProgress } from './progress.js'
import { type Results, SCHEMA_VERSION, toResults } from './results.js'
import { NotInstalled, runSuite } from './run-suite.js'
import type { Case, Contender } from './suite.js'
import { runTrial } from './trial-process.js'

const ROUNDS = { full: 60, quick: 10 }
const MOST_PREPARING = 4

/** Measures what the options ask for. An interrupt gives what there is by then; a second one ends it at once. */
export async function measure({ quick, filter }: BenchOptions, { entry, stderr }: Surroundings, last: Results | undefined): Promise<Results> {
  const rounds = quick ? ROUNDS.quick : ROUNDS.full
  const plan = planSuite({ cases: CASES, contenders: CONTENDERS, quick: quick ? 'quick' : 'full', rounds, ...(filter === undefined ? {} : { filter }) })
  if (plan.cases.length === 0) {
    const names = namesOf(CASES, CONTENDERS).map(({ of, contender }) => `${of.name}/${contender.name}`)
    throw new UsageError(`Nothing${quick ? ' that --quick measures' : ''} has "${filter}" in its name; there is\n  ${names.join('\n  ')}`)
  }
  const now = (): number => performance.now()
  const tookMs = new Map(last?.cases.map((each) => [each.name, each.tookMs]))
  const cases = plan.cases.map(({ of: { name } }) => ({ name, ...(filter !== undefined || !tookMs.has(name) ? {} : { tookMs: tookMs.get(name)! }) }))
  const progress = createProgress({ stream: stderr, cases, now })
  const needsPackages = plan.cases.some(({ contenders }) => contenders.some((contender) => packagesOf(contender).some((name) => name !== 'glovebox')))
  const failures = needsPackages ? installContenders((line) => progress.line(line)) : {}
  const machine = describeMachine(now)
  const startedAt = new Date().toISOString()

  using children = createChildren(entry)
  const interrupt = new AbortController()
  const onInterrupt = (): void => {
    if (interrupt.signal.aborted) process.exit(130)
    progress.line('interrupted: ending the processes and writing what there is')
    interrupt.abort()
    children[Symbol.dispose]()
  }
  const onExit = (): void => children[Symbol.dispose]()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onInterrupt)
  process.on('exit', onExit)
  try {
    const reports = await runSuite({
      cases: plan.cases,
      start: async (contender, of, at) => {
        refuseMissing(contender, of, failures)
        return startArmProcess(contender, of, { children, ...(at === undefined ? {} : { at }) })
      },
      tryOut: async (contender, of, program) => {
        refuseMissing(contender, of, failures)
        return runTrial(contender, of, program, children)
      },
      onProgress: (step) => progress.step(step),
      signal: interrupt.signal,
      now,
      preparing: Math.min(MOST_PREPARING, machine.cores),
    })
    progress.clear()
    return withoutPlace({
      schemaVersion: SCHEMA_VERSION, startedAt, finishedAt: new Date().toISOString(), quick, interrupted: interrupt.signal.aborted,
      ...(filter === undefined ? {} : { filter }), leftOut: [...plan.leftOut], rounds,
      machine: { ...machine, load: [...machine.load] }, loadAfter: readLoad(), versions: readVersions(), cases: reports.map(toResults),
    })
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, onInterrupt)
    process.off('exit', onExit)
  }
}

/** Reasons may name files; where this copy of the repository lies is nobody's business. */
function withoutPlace(results: Results): Results {
  return JSON.parse(JSON.stringify(results).replaceAll(ROOT, '.')) as Results
}

function refuseMissing(contender: Contender, { opens }: Case, failures: Readonly<Record<string, string>>): void {
  const lacking = contender.open[opens] === undefined ? contender.lacks?.[opens] : undefined
  if (lacking !== undefined) throw new Error(lacking)
  const failure = packagesOf(contender).map((name) => failures[name]).find((each) => each !== undefined)
  if (failure !== undefined) throw new NotInstalled(failure)
}

export function packagesOf({ package: name = [] }: Pick<Contender, 'package'>): readonly string[] {
  return typeof name === 'string' ? [name] : name
}

function readVersions(): Record<string, string> {
  const names = new Set(CONTENDERS.flatMap(packagesOf))
  return Object.fromEntries([...names].flatMap((name) => {
    const version = versionOf(name)
    return version === undefined ? [] : [[name, version]]
  }))
}
