import { basename, resolve } from 'node:path'
import { parsePattern } from '../../capabilities/net/pattern.js'
import { GloveboxError } from '../errors.js'
import type { Policy } from '../policy-file/schema.js'
import { toMilliseconds } from './duration.js'
import type { ParsedFlags } from './flags.js'
import { tryBytes } from './size.js'
import { UsageError } from './usage-error.js'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * The policy the flags of a command line say, so that both ways to grant are one.
 * Host paths become absolute from `cwd`.
 * @throws UsageError
 */
export function toPolicy({ values }: ParsedFlags, cwd: string): Policy {
  const policy: Writable<Policy> = {}
  const all = (name: string): readonly string[] => (values.get(name) ?? []).map((value) => value ?? '')
  const mounts = new Map<string, NonNullable<Policy['fs']>[string]>()
  const mount = (flag: string, guest: string, value: NonNullable<Policy['fs']>[string]): void => {
    if (mounts.has(guest)) throw new UsageError(`${flag}: something else is mounted at ${guest}; name another place with ::/PATH`)
    mounts.set(guest, value)
  }
  for (const text of all('allow-read')) {
    const { host, guest } = toPlaces(text, '--allow-read', cwd)
    mount('--allow-read', guest, { host })
  }
  for (const text of all('allow-write')) {
    const colon = text.lastIndexOf(':')
    const quota = colon > 0 ? tryBytes(text.slice(colon + 1)) : undefined
    const { host, guest } = toPlaces(quota === undefined ? text : text.slice(0, colon), '--allow-write', cwd)
    mount('--allow-write', guest, { host, mode: 'read-write', ...(quota === undefined ? {} : { maxBytes: quota }) })
  }
  if (mounts.size > 0) policy.fs = Object.fromEntries(mounts)
  const net = all('allow-net').map(toRule)
  if (net.length > 0) policy.net = net
  const env = all('allow-env').flatMap((text) => text.split(','))
  for (const name of env) if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) throw new UsageError(`--allow-env: "${name}" is no name of a variable`)
  if (env.length > 0) policy.env = [...new Set(env)]
  if (values.has('allow-time')) policy.clock = toClock(values.get('allow-time')![0])
  if (values.has('allow-random')) policy.random = toRandom(values.get('allow-random')![0])
  return policy
}

function toPlaces(text: string, flag: string, cwd: string): { readonly host: string; readonly guest: string } {
  const at = text.lastIndexOf('::')
  const host = resolve(cwd, at === -1 ? text : text.slice(0, at))
  if (text === '' || at === 0) throw new UsageError(`${flag}: the directory is missing in "${text}"`)
  const guest = at === -1 ? `/${basename(host)}` : text.slice(at + 2)
  if (!guest.startsWith('/')) throw new UsageError(`${flag}: the place "${guest}" must start with "/"`)
  if (at === -1 && guest === '/') throw new UsageError(`${flag}: "${text}" has no name of its own; say where the program finds it with ::/PATH`)
  return { host, guest }
}

function toRule(text: string): NonNullable<Policy['net']>[number] {
  const at = text.lastIndexOf('#')
  const url = at === -1 ? text : text.slice(0, at)
  const methods = at === -1 ? undefined : text.slice(at + 1).split(',')
  for (const method of methods ?? []) {
    if (!/^[A-Z][A-Z-]{0,31}$/.test(method)) throw new UsageError(`--allow-net: "${method}" is no method; write GET,POST after "#"`)
  }
  try {
    const { hostname } = parsePattern(url, '--allow-net')
    const addresses = ownAddresses(hostname)
    return { url, ...(methods === undefined ? {} : { methods }), ...(addresses.length === 0 ? {} : { allowPrivateAddresses: addresses }) }
  } catch (error) {
    throw error instanceof GloveboxError ? new UsageError(error.message) : error
  }
}

/** Who writes an address, or the name that means this machine (RFC 6761 section 6.3), means it. */
function ownAddresses(hostname: string): string[] {
  if (hostname === 'localhost') return ['127.0.0.1', '::1']
  const bare = hostname.replace(/^\[|\]$/g, '')
  return /^[\d.]+$/.test(bare) || bare.includes(':') ? [bare] : []
}

function toClock(text: string | undefined): NonNullable<Policy['clock']> {
  if (text === undefined) return { system: {} }
  if (text.startsWith('coarse:')) return { system: { resolutionMs: toMilliseconds(text.slice(7), '--allow-time=coarse:') } }
  const instant = text.startsWith('fixed:') ? text.slice(6) : ''
  if (Number.isNaN(Date.parse(instant))) throw new UsageError(`--allow-time is "${text}": expected coarse:100ms or fixed:2026-10-01T12:00:00Z`)
  return { fixed: instant }
}

function toRandom(text: string | undefined): NonNullable<Policy['random']> {
  if (text === undefined) return { system: {} }
  const seed = /^seed:(\d{1,16})$/.exec(text)
  if (seed === null || !Number.isSafeInteger(Number(seed[1]))) throw new UsageError(`--allow-random is "${text}": expected seed:N with a whole number`)
  return { seed: Number(seed[1]) }
}

/**
 * The grants of a policy file and of flags together. What both say about one thing is refused.
 * @throws UsageError
 */
export function mergePolicies(file: Policy, flags: Policy): Policy {
  for (const path of Object.keys(flags.fs ?? {})) {
    if (Object.hasOwn(file.fs ?? {}, path)) throw new UsageError(`the policy and a flag both mount ${path}; name another place with ::/PATH`)
  }
  if (file.clock !== undefined && flags.clock !== undefined) throw new UsageError('the policy and --allow-time both grant a clock; use one')
  if (file.random !== undefined && flags.random !== undefined) throw new UsageError('the policy and --allow-random both grant randomness; use one')
  const taken = new Set((file.env ?? []).map((entry) => (typeof entry === 'string' ? entry : entry.name)))
  return {
    ...file,
    ...flags,
    ...(file.fs === undefined && flags.fs === undefined ? {} : { fs: { ...file.fs, ...flags.fs } }),
    ...(file.net === undefined && flags.net === undefined ? {} : { net: [...(file.net ?? []), ...(flags.net ?? [])] }),
    ...(file.env === undefined && flags.env === undefined
      ? {}
      : { env: [...(file.env ?? []), ...(flags.env ?? []).filter((entry) => typeof entry !== 'string' || !taken.has(entry))] }),
  }
}
