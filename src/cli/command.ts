import { nearest } from '../policy-file/nearest.js'
import { callCommand } from './call-command.js'
import { EXIT } from './exit-code.js'
import { parseFlags } from './flags.js'
import { MAIN_HELP } from './help.js'
import { neutraliseLine } from './neutralise.js'
import { toRefusal } from './perform.js'
import { policyCommand } from './policy-command.js'
import { runCommand } from './run-command.js'
import { PLAIN_FLAGS } from './run-flags.js'
import type { Surroundings } from './surroundings.js'
import { UsageError } from './usage-error.js'
import { readVersion } from './version.js'

/** The `glovebox` command: its exit code. */
export async function command(surroundings: Surroundings): Promise<number> {
  const { args, stdout, stderr } = surroundings
  try {
    const [name, ...rest] = args
    if (name === 'run') return await runCommand(rest, surroundings)
    if (name === 'call') return await callCommand(rest, surroundings)
    // Loaded by who asks for them, with the engine of components.
    if (name === 'inspect') return await (await import('./inspect-command.js')).inspectCommand(rest, surroundings)
    if (name === 'build') return await (await import('./build-command.js')).buildCommand(rest, surroundings)
    if (name === 'policy') return await policyCommand(rest, surroundings)
    // Loaded by who asks for it, with what it measures beside glovebox.
    if (name === 'bench') return await (await import('./bench-command.js')).benchCommand(rest, surroundings)
    const { positionals, values } = parseFlags(args, PLAIN_FLAGS)
    if (positionals.length > 0) {
      const meant = nearest(positionals[0]!, ['run', 'call', 'inspect', 'build', 'policy', 'bench'])
      throw new UsageError(`unknown command "${positionals[0]}"${meant === undefined ? '; see --help' : `; did you mean glovebox ${meant}?`}`)
    }
    if (values.has('help')) stdout.write(MAIN_HELP)
    else if (values.has('version')) stdout.write(`${await readVersion()}\n`)
    else throw new UsageError('a command is missing; see glovebox --help')
    return EXIT.returned
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`glovebox: ${neutraliseLine(error.message)}\n`)
      return EXIT.usage
    }
    const report = toRefusal(error)
    stderr.write(report.stderr)
    return report.exitCode
  }
}
