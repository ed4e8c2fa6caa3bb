/** What the command line asks for. */
export interface BenchOptions {
  readonly quick: boolean
  readonly json: boolean
  readonly help: boolean
  readonly list: boolean
  readonly check: boolean
  /** Part of a `case/contender` name. @default all */
  readonly filter?: string
  /** Directory of the report. @default one named after the time of the run; absent when no report is asked for */
  readonly report?: string | 'default'
  /** Results of an earlier run to use in place of a new one. */
  readonly from?: string
  /** Results of two runs to compare. */
  readonly compare?: readonly [before: string, after: string]
}

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const HELP = `Usage: npm run bench -- [options]
       npm run bench -- --compare BEFORE.json AFTER.json

Measures glovebox beside other ways of running code somebody else wrote, in the
same run. Every contender must answer right before it is timed. Contenders are
installed into bench/node_modules on first use; a missing one is named with the
reason. Raw samples are kept in bench/results/.

  --quick         the main cases and fewer rounds, done within a minute
  --filter=TEXT   only what has TEXT in its case/contender name, such as
                  --filter=host-call or --filter=fresh-isolate/quickjs;
                  --filter=kind:outcome takes the cases of a kind
                  (latency, series, outcome)
  --check         compare ratios with bench/budgets.json; exit 1 when one
                  does not hold
  --report[=DIR]  write a Markdown report, SVG plots and one self-contained
                  HTML page; by default into bench/results/
  --from=FILE     use the results of an earlier run instead of measuring
  --compare A B   say what got faster and slower from results A to results B
  --json          print the results as JSON instead of tables
  --list          print the cases and contenders there are
  --help          print this

Ctrl-C ends it early and writes what it has.
Exit: 0 measured, 1 failed or over budget, 2 wrong usage, 130 interrupted.
`

const SWITCHES = ['quick', 'json', 'help', 'list', 'check'] as const
const NAMES = new Set<string>([...SWITCHES, 'filter', 'report', 'from', 'compare'].map((name) => `--${name}`))

/** Values only after `=`, each option once, nothing else. Throws `UsageError`. */
export function parseArgs(args: readonly string[]): BenchOptions {
  const given = new Map<string, string | undefined>()
  const files: string[] = []
  for (const arg of args) {
    const equals = arg.indexOf('=')
    const name = equals < 0 ? arg : arg.slice(0, equals)
    const value = equals < 0 ? undefined : arg.slice(equals + 1)
    if (!arg.startsWith('-') && arg !== '' && given.has('--compare')) {
      files.push(arg)
      continue
    }
    if (!NAMES.has(name)) throw new UsageError(`Unknown option "${arg}"; see --help`)
    if (given.has(name)) throw new UsageError(`Option "${name}" is given twice`)
    given.set(name, value)
    if (name === '--filter' || name === '--from') {
      if (value === undefined || value === '') throw new UsageError(`Option "${name}" needs a value: ${name}=${name === '--filter' ? 'host-call' : 'FILE.json'}`)
    } else if (name === '--report' ? value === '' : value !== undefined) {
      throw new UsageError(`Option "${name}" takes no ${name === '--report' ? 'empty ' : ''}value, got "${arg}"`)
    }
  }
  const switches = Object.fromEntries(SWITCHES.map((name) => [name, given.has(`--${name}`)])) as { [K in (typeof SWITCHES)[number]]: boolean }
  const [filter, from] = [given.get('--filter'), given.get('--from')]
  if (given.has('--compare')) {
    const [before, after] = files
    if (before === undefined || after === undefined || files.length > 2) throw new UsageError('Option "--compare" needs two files: --compare BEFORE.json AFTER.json')
    const others = [...given.keys()].filter((name) => name !== '--compare' && name !== '--json' && name !== '--help')
    if (others.length > 0) throw new UsageError(`Option "--compare" measures nothing and goes with no "${others[0]}"`)
    return { ...switches, compare: [before, after] }
  }
  const clash = (['--quick', '--filter'] as const).find((name) => given.has(name))
  if (from !== undefined && clash !== undefined) throw new UsageError(`Option "--from" measures nothing and goes with no "${clash}"`)
  return {
    ...switches,
    ...(filter === undefined ? {} : { filter }),
    ...(from === undefined ? {} : { from }),
    ...(given.has('--report') ? { report: given.get('--report') ?? 'default' } : {}),
  }
}
