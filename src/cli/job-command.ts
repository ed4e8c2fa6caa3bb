import { closeSync, openSync, realpathSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { variablesOf } from '../policy-file/parse.js'
import type { Policy } from '../policy-file/schema.js'
import { wantsColours } from './colours.js'
import { EXIT } from './exit-code.js'
import { type FlagTable, type ParsedFlags, parseFlags } from './flags.js'
import { mergePolicies, toPolicy } from './grant-flags.js'
import type { Job, Work } from './job.js'
import { toLimitOverrides } from './limit-flags.js'
import { readAll, readPolicy } from './read.js'
import type { Surroundings } from './surroundings.js'
import { performOnThread } from './thread.js'
import { UsageError } from './usage-error.js'

/** What a command that runs something under grants adds to the flags of grants and limits. */
export interface JobCommand {
  readonly flags: FlagTable
  readonly help: string
  toWork(flags: ParsedFlags, surroundings: Surroundings): Promise<Work>
  /** Whether the work itself comes from standard input. */
  readsStdin(flags: ParsedFlags): boolean
}

/** Runs what a command line says under what it grants: the exit code. */
export async function jobCommand(args: readonly string[], surroundings: Surroundings, command: JobCommand): Promise<number> {
  const { stdout, stderr, entry } = surroundings
  const flags = parseFlags(args, command.flags)
  if (flags.values.has('help')) {
    stdout.write(command.help)
    return EXIT.returned
  }
  const cancel = new AbortController()
  const stopListening = surroundings.onInterrupt(() => cancel.abort())
  try {
    const interrupted = new Promise<undefined>((settle) => cancel.signal.addEventListener('abort', () => settle(undefined)))
    // Reading from a terminal can take for ever.
    const job = await Promise.race([toJob(flags, surroundings, command), interrupted])
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

async function toJob(flags: ParsedFlags, surroundings: Surroundings, command: JobCommand): Promise<Omit<Job, 'cancelled'>> {
  const { cwd, env, stdin, stderr } = surroundings
  const one = (flag: string): string | undefined => flags.values.get(flag)?.[0]
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
  const handsOver = flags.values.has('allow-stdin')
  if (handsOver && command.readsStdin(flags)) throw new UsageError('--allow-stdin: standard input is the program itself')
  if (handsOver && policy.stdin !== undefined) throw new UsageError('the policy and --allow-stdin both give standard input; use one')
  const work = await command.toWork(flags, surroundings)
  const variables = variablesOf(policy)
  const named = [...variables.credentials, ...variables.copied]
  const form = flags.values.has('json') ? 'json' : 'person'
  return {
    work,
    policy,
    limits,
    env: Object.fromEntries(named.flatMap((each) => (env[each] === undefined ? [] : [[each, env[each]]]))),
    stdin: handsOver ? await readAll(stdin, 'standard input') : undefined,
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
