import { closeSync, openSync, realpathSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { variablesOf } from '../policy-file/parse.js'
import type { Policy } from '../policy-file/schema.js'
import { wantsColours } from './colours.js'
import { EXIT } from './exit-code.js'
import { parseFlags } from './flags.js'
import { mergePolicies, toPolicy } from './grant-flags.js'
import { RUN_HELP } from './help.js'
import type { Job } from './job.js'
import { toLimitOverrides } from './limit-flags.js'
import { readInput, readPolicy, readProgram } from './read.js'
import { RUN_FLAGS } from './run-flags.js'
import type { Surroundings } from './surroundings.js'
import { performOnThread } from './thread.js'
import { UsageError } from './usage-error.js'

/** `glovebox run`: the exit code. */
export async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr, entry } = surroundings
  const flags = parseFlags(args, RUN_FLAGS)
  if (flags.values.has('help')) {
    stdout.write(RUN_HELP)
    return EXIT.returned
  }
  const cancel = new AbortController()
  const stopListening = surroundings.onInterrupt(() => cancel.abort())
  try {
    const interrupted = new Promise<undefined>((resolve) => cancel.signal.addEventListener('abort', () => resolve(undefined)))
    // Reading a program from a terminal can take for ever.
    const job = await Promise.race([toJob(flags, surroundings), interrupted])
    const report = job === undefined || cancel.signal.aborted ? undefined : await performOnThread(entry, job, { signal: cancel.signal })
    if (report === undefined) {
      stderr.write('glovebox: cancelled\n')
      return EXIT.cancelled
    }
    stdout.write(report.stdout)
    stderr.write(report.stderr)
    return report.exitCode
  } finally {
    stopListening()
  }
}

async function toJob(flags: ReturnType<typeof parseFlags>, { cwd, env, stdin, stderr }: Surroundings): Promise<Omit<Job, 'cancelled'>> {
  const [name, ...further] = flags.positionals
  if (name === undefined) throw new UsageError('the program is missing: glovebox run FILE, or - for standard input')
  if (further.length > 0) throw new UsageError(`unexpected "${further[0]}"; a value stands after "=", arguments of the program after "--"`)
  const one = (flag: keyof typeof RUN_FLAGS): string | undefined => flags.values.get(flag)?.[0]
  const limits = toLimitOverrides(flags)
  const fromFlags = toPolicy(flags, cwd)
  const policyFile = one('policy')
  const fromFile = policyFile === undefined ? {} : withAbsolutePaths(await readPolicy(resolve(cwd, policyFile), policyFile), dirname(resolve(cwd, policyFile)))
  const policy = mergePolicies(fromFile, fromFlags)
  const events = one('events')
  if (events !== undefined) openForAppend(resolve(cwd, events), events)
  for (const [flag, file] of [['--policy', policyFile], ['--events', events]] as const) {
    if (file !== undefined) refuseWritable(policy, resolve(cwd, file), `${flag}=${file}`)
  }
  const input = await readInput(one('input'), cwd)
  const program = await readProgram(name, { cwd, stdin })
  const variables = variablesOf(policy)
  const named = [...variables.credentials, ...variables.copied]
  const form = flags.values.has('json') ? 'json' : 'person'
  return {
    ...program,
    policy,
    limits,
    env: Object.fromEntries(named.flatMap((each) => (env[each] === undefined ? [] : [[each, env[each]]]))),
    input,
    args: flags.rest,
    events: events === undefined ? undefined : resolve(cwd, events),
    form,
    coloured: form === 'person' && wantsColours(stderr, env),
  }
}

/** Host paths of a policy file start at its folder. */
function withAbsolutePaths(policy: Policy, folder: string): Policy {
  const { fs, stdin } = policy
  return {
    ...policy,
    ...(fs === undefined
      ? {}
      : { fs: Object.fromEntries(Object.entries(fs).map(([path, mount]) => [path, 'host' in mount ? { ...mount, host: resolve(folder, mount.host) } : mount])) }),
    ...(stdin !== undefined && 'file' in stdin ? { stdin: { file: resolve(folder, stdin.file) } } : {}),
  }
}

/** Fails before the run, not in it, when events cannot be written. */
function openForAppend(path: string, name: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch (cause) {
    throw new UsageError(`cannot write --events=${name}: ${cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO'}`)
  }
}

/** What says or records what a program may do must not lie where the program writes. */
function refuseWritable({ fs = {} }: Policy, path: string, flag: string): void {
  const real = realpathSync(path)
  for (const [guest, mount] of Object.entries(fs)) {
    if ('memory' in mount || mount.mode === undefined || mount.mode === 'read' || mount.mode === 'copy-on-write') continue
    const way = relative(realOf(mount.host), real)
    if (way === '..' || way.startsWith('../') || resolve(way) === way) continue
    throw new UsageError(`${flag} lies in a directory the program may change as ${guest}; keep it elsewhere`)
  }
}

/** A directory that is not there is refused when it is opened. */
function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
