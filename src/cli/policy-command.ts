import { dirname, resolve } from 'node:path'
import { toGrants } from '../grants.js'
import { describeGrants } from '../policy.js'
import { grantsFromPolicy } from '../policy-file/node.js'
import { variablesOf } from '../policy-file/parse.js'
import { toBlastRadius } from './blast-radius.js'
import { EXIT } from './exit-code.js'
import { parseFlags } from './flags.js'
import { POLICY_HELP } from './help.js'
import { neutraliseLine } from './neutralise.js'
import { readPolicy } from './read.js'
import { POLICY_FLAGS } from './run-flags.js'
import type { Surroundings } from './surroundings.js'
import { UsageError } from './usage-error.js'

/** Stands for a credential that is not set where a policy is only looked at. */
const PLACEHOLDER = 'not set here'

/** `glovebox policy check FILE`: the exit code. */
export async function policyCommand(args: readonly string[], { cwd, env, stdout }: Surroundings): Promise<number> {
  const { positionals, rest, values } = parseFlags(args, POLICY_FLAGS)
  if (values.has('help')) {
    stdout.write(POLICY_HELP)
    return EXIT.returned
  }
  const [verb, name, ...further] = positionals
  if (verb !== 'check' || name === undefined || further.length > 0 || rest.length > 0) throw new UsageError('expected: glovebox policy check FILE')
  const path = resolve(cwd, name)
  const policy = await readPolicy(path, name)
  const isSet = (variable: string): boolean => (env[variable] ?? '') !== ''
  const { credentials } = variablesOf(policy)
  const stand = Object.fromEntries(credentials.filter((each) => !isSet(each)).map((each) => [each, PLACEHOLDER]))
  using granted = await grantsFromPolicy(policy, { baseDir: dirname(path), env: { ...env, ...stand } })
  const { reach } = describeGrants(toGrants(granted.grants))
  stdout.write(`${neutraliseLine(name)} is a valid policy.\n\n${toBlastRadius({ policy, reach, isSet })}`)
  return EXIT.returned
}
