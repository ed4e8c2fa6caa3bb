import { readComponent } from './component-file.js'
import type { ParsedFlags } from './flags.js'
import { CALL_HELP } from './help.js'
import type { Work } from './job.js'
import { jobCommand } from './job-command.js'
import { readJson } from './read.js'
import { CALL_FLAGS } from './run-flags.js'
import type { Surroundings } from './surroundings.js'
import { UsageError } from './usage-error.js'

/** `glovebox call`: the exit code. */
export function callCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  return jobCommand(args, surroundings, { flags: CALL_FLAGS, help: CALL_HELP, toWork, readsStdin: () => false })
}

async function toWork({ positionals, rest, values }: ParsedFlags, { cwd }: Surroundings): Promise<Work> {
  const [file, name, ...further] = positionals
  const usage = `glovebox call FILE.wasm 'interface#function' --args='[...]'`
  if (file === undefined || name === undefined) throw new UsageError(`${file === undefined ? 'the component' : 'the function'} is missing: ${usage}`)
  const extra = further[0] ?? rest[0]
  if (extra !== undefined) throw new UsageError(`unexpected "${extra}"; arguments of a function are one list of JSON: --args='["text", 1]'`)
  const args = values.has('args') ? await readJson(values.get('args')![0]!, { flag: '--args', cwd }) : []
  if (!Array.isArray(args)) throw new UsageError(`--args is no list: write --args='[...]', one value for each parameter`)
  return { kind: 'call', bytes: await readComponent(file, cwd), name, args }
}
