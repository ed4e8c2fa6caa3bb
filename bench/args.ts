/** What the command line asks for. */
export interface BenchOptions {
  readonly quick: boolean
  readonly json: boolean
  readonly help: boolean
  /** Part of a `case/contender` name. @default all */
  readonly filter?: string
}

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const HELP = `Usage: npm run bench -- [options]

Measures glovebox beside other ways of running code somebody else wrote, in the
same run. Every contender must answer right before it is timed. Contenders are
installed into bench/node_modules on first use; a missing one is named with the
reason. Raw samples are kept in bench/results/.

  --quick         fewer rounds, done within a minute
  --filter=TEXT   only what has TEXT in its case/contender name,
                  such as --filter=host-call or --filter=fresh-isolate/quickjs
  --json          print the results as JSON instead of tables
  --help          print this

Exit: 0 measured, 1 failed, 2 wrong usage.
`

const SWITCHES = new Set(['--quick', '--json', '--help'])

/** Values only after `=`, each option once, nothing else. Throws `UsageError`. */
export function parseArgs(args: readonly string[]): BenchOptions {
  const seen = new Set<string>()
  let filter: string | undefined
  for (const arg of args) {
    const equals = arg.indexOf('=')
    const name = equals < 0 ? arg : arg.slice(0, equals)
    const value = equals < 0 ? undefined : arg.slice(equals + 1)
    if (name !== '--filter' && !SWITCHES.has(name)) throw new UsageError(`Unknown option "${arg}"; use --quick, --filter=TEXT, --json or --help`)
    if (seen.has(name)) throw new UsageError(`Option "${name}" is given twice`)
    seen.add(name)
    if (name !== '--filter') {
      if (value !== undefined) throw new UsageError(`Option "${name}" takes no value, got "${arg}"`)
    } else {
      if (value === undefined || value === '') throw new UsageError('Option "--filter" needs text: --filter=host-call')
      filter = value
    }
  }
  return { quick: seen.has('--quick'), json: seen.has('--json'), help: seen.has('--help'), ...(filter === undefined ? {} : { filter }) }
}
