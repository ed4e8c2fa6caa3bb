import { isWasm, readComponent } from './component-file.js'
import type { ParsedFlags } from './flags.js'
import { RUN_HELP } from './help.js'
import type { Work } from './job.js'
import { jobCommand } from './job-command.js'
import { readInput, readProgram } from './read.js'
import { RUN_FLAGS } from './run-flags.js'
import type { Surroundings } from './surroundings.js'
import { UsageError } from './usage-error.js'

/** `glovebox run`: the exit code. */
export function runCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  return jobCommand(args, surroundings, { flags: RUN_FLAGS, help: RUN_HELP, toWork, readsStdin: ({ positionals }) => positionals[0] === '-' })
}

async function toWork({ positionals, rest, values }: ParsedFlags, { cwd, stdin }: Surroundings): Promise<Work> {
  const [name, ...further] = positionals
  if (name === undefined) throw new UsageError('the program is missing: glovebox run FILE, or - for standard input')
  if (further.length > 0) throw new UsageError(`unexpected "${further[0]}"; a value stands after "=", arguments of the program after "--"`)
  const input = values.get('input')?.[0]
  if (isWasm(name)) {
    if (input !== undefined) throw new UsageError('--input is for programs in JavaScript; a component has arguments after "--" and --allow-stdin')
    return { kind: 'command', bytes: await readComponent(name, cwd), args: rest }
  }
  // What is wrong with the command line is said before a program is typed.
  const given = await readInput(input, cwd)
  return { kind: 'program', ...(await readProgram(name, { cwd, stdin })), input: given, args: rest }
}
