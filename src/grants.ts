import type { Capability } from '../capabilities/capability.js'
import type { Clock } from '../capabilities/clock/clock.js'
import type { Dir } from '../capabilities/fs/dir.js'
import type { Net } from '../capabilities/net/net.js'
import type { Random } from '../capabilities/random/random.js'
import { type Tcp, openTcp } from '../capabilities/tcp/tcp.js'
import type { Tool } from '../capabilities/tool/tool.js'
import { GloveboxError } from './errors.js'

/** Data a guest reads as its standard input. */
export type Stdin = string | Uint8Array | ReadableStream<Uint8Array>

/** What one call may reach. Everything left out is denied. */
export interface Grants {
  /** Directories by guest path. */
  readonly fs?: { readonly [path: string]: Dir }
  readonly net?: Net
  /** Endpoints a component may connect to. Programs in JavaScript have no sockets. */
  readonly tcp?: Tcp
  /** @default frozen at 2000-01-01T00:00:00Z, UTC */
  readonly clock?: Clock
  /** @default a fixed sequence, the same in every call */
  readonly random?: Random
  /** `process.env` of the guest. */
  readonly env?: { readonly [name: string]: string }
  /** Standard input; programs take text and bytes, components a stream too. */
  readonly stdin?: Stdin
  /** Functions the guest calls as `tools.name(input)`. */
  readonly tools?: { readonly [name: string]: Tool }
}

/** Grants after they were checked: frozen, in maps that no prototype reaches. */
export interface CheckedGrants {
  readonly fs: ReadonlyMap<string, Dir>
  readonly net: Net | undefined
  readonly tcp: Tcp | undefined
  readonly clock: Clock | undefined
  readonly random: Random | undefined
  readonly env: Readonly<Record<string, string>>
  readonly stdin: Stdin
  readonly tools: ReadonlyMap<string, Tool>
}

const KEYS = ['fs', 'net', 'tcp', 'clock', 'random', 'env', 'stdin', 'tools']
const TOOL_NAME = /^[A-Za-z_$][\w$]{0,63}$/

const NOTHING: CheckedGrants = Object.freeze({
  fs: new Map(),
  net: undefined,
  tcp: undefined,
  clock: undefined,
  random: undefined,
  env: Object.freeze({}),
  stdin: '',
  tools: new Map(),
})

/**
 * Checks grants and copies them, so that changing the passed object later changes nothing.
 * @throws GloveboxError `invalid-grant`
 */
export function toGrants(grants: Grants | undefined): CheckedGrants {
  if (grants === undefined) return NOTHING
  if (!isPlain(grants)) throw refused('grants', 'an object', grants)
  for (const key of Object.keys(grants)) {
    if (!KEYS.includes(key)) throw new GloveboxError('invalid-grant', `Unknown grant "${key}"; use one of ${KEYS.join(', ')}`)
  }
  return Object.freeze({
    fs: toMap<Dir>(grants.fs, 'fs', (dir, path) => {
      if (!path.startsWith('/')) throw new GloveboxError('invalid-grant', `Cannot mount "${path}": a guest path starts with "/"`)
      return expectKind<Dir>(dir, 'fs', `fs["${path}"]`, 'open it with openDir() or make it with memoryDir()')
    }),
    net: optional<Net>(grants.net, 'net', 'make it with http([{ url, methods }])'),
    tcp: toTcp(grants.tcp),
    clock: optional<Clock>(grants.clock, 'clock', 'make it with systemClock() or fixedClock()'),
    random: optional<Random>(grants.random, 'random', 'make it with systemRandom() or seededRandom(seed)'),
    env: toEnv(grants.env),
    stdin: toStdin(grants.stdin),
    tools: toMap<Tool>(grants.tools, 'tools', (tool, name) => {
      if (!TOOL_NAME.test(name)) throw new GloveboxError('invalid-grant', `Cannot grant tool "${name}": a name is an identifier of at most 64 characters`)
      return expectKind<Tool>(tool, 'tool', `tools["${name}"]`, 'make it with defineTool()')
    }),
  })
}

function optional<C extends Capability>(value: unknown, kind: C['kind'], remedy: string): C | undefined {
  return value === undefined ? undefined : expectKind<C>(value, kind, kind, remedy)
}

/** Its kind is that of HTTP grants too: what is recorded and described is the network. */
function toTcp(tcp: unknown): Tcp | undefined {
  if (tcp !== undefined) openTcp(tcp)
  return tcp as Tcp | undefined
}

function expectKind<C extends Capability>(value: unknown, kind: C['kind'], name: string, remedy: string): C {
  const given = value as Partial<Capability> | null | undefined
  if (typeof given === 'object' && given !== null && given.kind === kind && typeof given.reach === 'function') return value as C
  throw new GloveboxError('invalid-grant', `Cannot grant "${name}": expected a ${kind} capability, got ${nameOf(value)}; ${remedy}`)
}

function toMap<V>(record: unknown, name: string, check: (value: unknown, key: string) => V): ReadonlyMap<string, V> {
  const map = new Map<string, V>()
  if (record === undefined) return map
  if (!isPlain(record)) throw refused(name, 'an object', record)
  for (const key of Object.keys(record)) map.set(key, check((record as Record<string, unknown>)[key], key))
  return map
}

function toEnv(env: unknown): Readonly<Record<string, string>> {
  const checked: Record<string, string> = Object.create(null)
  if (env === undefined) return Object.freeze(checked)
  if (!isPlain(env)) throw refused('env', 'an object of texts', env)
  for (const [name, value] of Object.entries(env)) {
    if (typeof value !== 'string') throw refused(`env["${name}"]`, 'a text', value)
    checked[name] = value
  }
  return Object.freeze(checked)
}

function toStdin(stdin: unknown): Stdin {
  if (stdin === undefined) return ''
  if (typeof stdin === 'string' || stdin instanceof ReadableStream) return stdin
  // A copy: bytes that the embedder changes later are not what was granted.
  if (stdin instanceof Uint8Array) return stdin.slice()
  throw refused('stdin', 'a text, bytes or a stream', stdin)
}

function refused(name: string, expected: string, value: unknown): GloveboxError {
  return new GloveboxError('invalid-grant', `Cannot grant "${name}": expected ${expected}, got ${nameOf(value)}`)
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object of another kind' : `a ${typeof value}`
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
