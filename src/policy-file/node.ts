import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Clock, fixedClock, steppedClock } from '../../capabilities/clock/clock.js'
import { systemClock } from '../../capabilities/clock/web.js'
import { type CopyOnWriteDir, copyOnWrite } from '../../capabilities/fs/copy-on-write.js'
import type { Dir } from '../../capabilities/fs/dir.js'
import { memoryDir } from '../../capabilities/fs/memory.js'
import { appendOnly, noDelete } from '../../capabilities/fs/modes.js'
import { toMounts } from '../../capabilities/fs/mounts.js'
import { openDir } from '../../capabilities/fs/node.js'
import type { Net } from '../../capabilities/net/net.js'
import { http } from '../../capabilities/net/node.js'
import type { HeaderSource } from '../../capabilities/net/rules.js'
import { systemRandom } from '../../capabilities/random/web.js'
import { type Random, seededRandom } from '../../capabilities/random/random.js'
import { tcp as connect } from '../../capabilities/tcp/node.js'
import type { Tcp } from '../../capabilities/tcp/tcp.js'
import { secret } from '../../capabilities/secret/secret.js'
import { disposeAll } from '../dispose.js'
import { GloveboxError } from '../errors.js'
import type { Grants } from '../grants.js'
import type { Limits } from '../limits.js'
import type { PolicyGrants, PolicyOptions } from './granted.js'
import { parsePolicy } from './parse.js'
import type { Policy, PolicyMount, PolicyRule } from './schema.js'

export type { Policy } from './schema.js'

const MOST_STDIN_BYTES = 10 << 20

/**
 * Turns a policy into grants. All of it is checked before the first directory is opened.
 *
 * @throws GloveboxError `invalid-policy`, and `mount-failed`, `unsupported-platform`, `missing-dependency` when the host
 * cannot provide what a valid policy names
 * @example
 * using policy = await grantsFromPolicy(JSON.parse(text), { baseDir: '/etc/agent', env: process.env })
 * await sandbox.run(code, { grants: policy.grants, limits: policy.limits })
 */
export async function grantsFromPolicy(policy: unknown, { baseDir, env }: PolicyOptions): Promise<PolicyGrants> {
  const parsed = parsePolicy(policy)
  const opened: (() => void)[] = []
  const drafts = new Map<string, CopyOnWriteDir>()
  const dispose = (): void => disposeAll(opened)
  try {
    const { net, tcp, clock, random, env: variables } = asPolicy(() => ({
      net: toNet(parsed, env),
      tcp: toTcp(parsed.tcp),
      clock: toClock(parsed.clock),
      random: toRandom(parsed.random),
      env: toEnv(parsed.env, env),
    }))
    const placed = new Map(Object.keys(parsed.fs ?? {}).map((path) => [path, memoryDir()]))
    asPolicy(() => toMounts(placed))
    const fs: Record<string, Dir> = {}
    for (const [path, mount] of Object.entries(parsed.fs ?? {})) {
      const dir = await asPolicyAsync(() => openMount(mount, baseDir))
      opened.push(() => dir[Symbol.dispose]())
      if ('changes' in dir) drafts.set(path, dir as CopyOnWriteDir)
      fs[path] = dir
    }
    const grants: Grants = {
      ...(parsed.fs === undefined ? {} : { fs }),
      ...(net === undefined ? {} : { net }),
      ...(tcp === undefined ? {} : { tcp }),
      ...(clock === undefined ? {} : { clock }),
      ...(random === undefined ? {} : { random }),
      ...(variables === undefined ? {} : { env: variables }),
      ...(parsed.stdin === undefined ? {} : { stdin: await toStdin(parsed.stdin, baseDir) }),
    }
    return Object.freeze({ grants: Object.freeze(grants), limits: toLimitsOf(parsed), drafts, dispose, [Symbol.dispose]: dispose })
  } catch (error) {
    dispose()
    throw error
  }
}

async function openMount(mount: PolicyMount, baseDir: string): Promise<Dir> {
  const marks = mount.labels === undefined ? {} : { labels: mount.labels }
  if ('memory' in mount) return memoryDir({ ...withoutUndefined(mount.memory), ...marks })
  const path = resolve(baseDir, mount.host)
  if (mount.mode === undefined || mount.mode === 'read') return openDir(path, { mode: 'read', ...marks })
  if (mount.mode === 'copy-on-write') {
    const { maxBytes, maxEntries, maxDepth } = mount
    const below = await openDir(path, { mode: 'read', ...marks })
    return guarded(below, () => copyOnWrite(below, withoutUndefined({ maxBytes, maxEntries, maxDepth })))
  }
  const { host: _host, labels: _labels, mode, ...options } = mount
  const dir = await openDir(path, { ...withoutUndefined(options), ...marks, mode: 'read-write' })
  return mode === 'append' ? appendOnly(dir) : mode === 'no-delete' ? noDelete(dir) : dir
}

function guarded<T>(dir: Dir, make: () => T): T {
  try {
    return make()
  } catch (error) {
    dir[Symbol.dispose]()
    throw error
  }
}

function toNet({ net, netTotals }: Policy, env: PolicyOptions['env']): Net | undefined {
  if (net === undefined) return undefined
  return http(
    net.map((rule) => ({ ...withoutUndefined(rule), ...(rule.headers === undefined ? {} : { headers: toHeaders(rule.headers, env) }) })) as Parameters<typeof http>[0],
    withoutUndefined(netTotals ?? {}),
  )
}

function toTcp(tcp: Policy['tcp']): Tcp | undefined {
  if (tcp === undefined) return undefined
  const { targets, ...options } = tcp
  return connect(targets, withoutUndefined(options))
}

function toHeaders(headers: NonNullable<PolicyRule['headers']>, env: PolicyOptions['env']): Record<string, HeaderSource> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, source]) => {
      if (typeof source === 'string') return [name, source]
      const value = Object.hasOwn(env, source.env) ? env[source.env] : undefined
      if (value === undefined || value === '') {
        throw new GloveboxError('invalid-policy', `Cannot use the policy: header "${name}" takes its value from the environment variable ${source.env}, which is not set`)
      }
      return [name, secret(source.env, `${source.prefix ?? ''}${value}`)]
    }),
  )
}

function toClock(clock: Policy['clock']): Clock | undefined {
  if (clock === undefined) return undefined
  if ('fixed' in clock) return fixedClock(clock.fixed)
  return 'system' in clock ? systemClock(withoutUndefined(clock.system)) : steppedClock(withoutUndefined(clock.stepped))
}

function toRandom(random: Policy['random']): Random | undefined {
  if (random === undefined) return undefined
  return 'seed' in random ? seededRandom(random.seed) : systemRandom()
}

function toEnv(entries: Policy['env'], env: PolicyOptions['env']): Readonly<Record<string, string>> | undefined {
  if (entries === undefined) return undefined
  const variables = new Map<string, string>()
  const names = new Set<string>()
  for (const entry of entries) {
    const [name, value] = typeof entry === 'string' ? [entry, Object.hasOwn(env, entry) ? env[entry] : undefined] : [entry.name, entry.value]
    if (names.has(name)) throw new GloveboxError('invalid-policy', `Cannot use the policy: env names "${name}" twice`)
    names.add(name)
    if (value !== undefined) variables.set(name, value)
  }
  return Object.fromEntries(variables)
}

async function toStdin(stdin: NonNullable<Policy['stdin']>, baseDir: string): Promise<string> {
  if ('text' in stdin) return stdin.text
  const path = resolve(baseDir, stdin.file)
  try {
    const { size } = await stat(path).then((stats) => (stats.isFile() ? stats : Promise.reject(new Error('it is no regular file'))))
    if (size > MOST_STDIN_BYTES) throw new Error(`it has more than ${MOST_STDIN_BYTES} bytes`)
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new GloveboxError('mount-failed', `Cannot read stdin from "${path}": ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function toLimitsOf({ limits }: Policy): Partial<Limits> {
  return Object.freeze(withoutUndefined(limits ?? {})) as Partial<Limits>
}

/** What a capability refuses when it is made from a policy is the policy's fault. */
function asPolicy<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw toPolicyError(error)
  }
}

async function asPolicyAsync<T>(make: () => Promise<T>): Promise<T> {
  return make().catch((error: unknown) => {
    throw toPolicyError(error)
  })
}

function toPolicyError(error: unknown): unknown {
  if (!(error instanceof GloveboxError) || (error.code !== 'invalid-grant' && error.code !== 'invalid-option')) return error
  return new GloveboxError('invalid-policy', `Cannot use the policy: ${error.message}`, { cause: error })
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> }

function withoutUndefined<T extends object>(options: T): Present<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Present<T>
}
