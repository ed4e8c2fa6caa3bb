import { GloveboxError } from '../errors.js'
import { show } from './names.js'
import type { World } from './world.js'

/** Every interface of WASI 0.2 a component may import, and the grant that makes it more than a denial. */
export const WASI_INTERFACES: ReadonlyMap<string, string> = new Map([
  ['wasi:cli/environment', 'env'],
  ['wasi:cli/exit', 'nothing'],
  ['wasi:cli/stderr', 'nothing'],
  ['wasi:cli/stdin', 'nothing'],
  ['wasi:cli/stdout', 'nothing'],
  ['wasi:cli/terminal-input', 'nothing'],
  ['wasi:cli/terminal-output', 'nothing'],
  ['wasi:cli/terminal-stderr', 'nothing'],
  ['wasi:cli/terminal-stdin', 'nothing'],
  ['wasi:cli/terminal-stdout', 'nothing'],
  ['wasi:clocks/monotonic-clock', 'clock'],
  ['wasi:clocks/timezone', 'clock'],
  ['wasi:clocks/wall-clock', 'clock'],
  ['wasi:filesystem/preopens', 'fs'],
  ['wasi:filesystem/types', 'fs'],
  ['wasi:http/outgoing-handler', 'net'],
  ['wasi:http/types', 'nothing'],
  ['wasi:io/error', 'nothing'],
  ['wasi:io/poll', 'nothing'],
  ['wasi:io/streams', 'nothing'],
  ['wasi:random/insecure', 'random'],
  ['wasi:random/insecure-seed', 'random'],
  ['wasi:random/random', 'random'],
  ['wasi:sockets/instance-network', 'tcp'],
  ['wasi:sockets/ip-name-lookup', 'tcp'],
  ['wasi:sockets/network', 'tcp'],
  ['wasi:sockets/tcp', 'tcp'],
  ['wasi:sockets/tcp-create-socket', 'tcp'],
  ['wasi:sockets/udp', 'tcp'],
  ['wasi:sockets/udp-create-socket', 'tcp'],
])

const WASI_VERSION = /^0\.2\.\d{1,4}$/

/** Names of the component model that JavaScript would look up, or call, as something else. */
const UNTOWARD = new Set(['arguments', 'apply', 'bind', 'call', 'caller', 'constructor', 'has-own-property', 'is-prototype-of', 'length', 'name', 'property-is-enumerable', 'prototype', 'then', 'to-json', 'to-locale-string', 'to-string', 'value-of'])

/** `wasi:io/streams@0.2.3` without its version. */
export const withoutVersion = (name: string): string => name.split('@')[0] ?? name

/** The grant an interface needs to do more than deny; `undefined` for those that are not of WASI 0.2. */
export function grantFor(name: string): string | undefined {
  const [plain = '', version = ''] = name.split('@')
  return WASI_VERSION.test(version) ? WASI_INTERFACES.get(plain) : undefined
}

/**
 * Refuses what nobody stands behind.
 * @param own names of the embedder's interfaces, with or without version
 * @throws GloveboxError `unknown-import` with the whole list
 */
export function checkImports({ imports }: World, own: ReadonlySet<string>): void {
  const unknown = imports.map(({ name }) => name).filter((name) => grantFor(name) === undefined && !own.has(name) && !own.has(withoutVersion(name)))
  if (unknown.length > 0) {
    const shown = unknown.slice(0, 20).map((name) => `${show(name)}${explain(name)}`)
    const more = unknown.length > shown.length ? ` and ${unknown.length - shown.length} more` : ''
    throw new GloveboxError('unknown-import', `Cannot load the component: it imports ${shown.join(', ')}${more}, which nothing offers; pass interfaces of your own under these names, or use a component that needs less`)
  }
  for (const extern of imports) {
    if (extern.kind === 'function') continue
    const untoward = extern.functions.find(({ name }) => isUntoward(name)) ?? extern.resources.map((name) => ({ name })).find(({ name }) => UNTOWARD.has(name))
    if (untoward !== undefined) throw new GloveboxError('unknown-import', `Cannot load the component: it imports ${show(`${extern.name}#${untoward.name}`)}, which no interface can offer`)
  }
}

/** A method that every JavaScript object or class has, under a meaning of its own. */
function isUntoward(name: string): boolean {
  const member = /^\[(?:method|static)\][^.]+\.(.+)$/.exec(name)?.[1]
  return member !== undefined && UNTOWARD.has(member)
}

function explain(name: string): string {
  const [plain = '', version = ''] = name.split('@')
  if (WASI_INTERFACES.has(plain)) return ` (version ${version === '' ? 'none' : version} where 0.2.0 and later of 0.2 are offered)`
  return plain.startsWith('wasi:') ? ' (no interface of WASI 0.2)' : ''
}

/**
 * Refuses exports that JavaScript takes for something else: an object or class with a method `then` is a promise to it.
 * @throws GloveboxError `invalid-component`
 */
export function checkExports({ exports }: World): void {
  const names = exports.flatMap((extern) => (extern.kind === 'function' ? [extern.name] : extern.functions.map(({ name }) => name)))
  const untoward = names.find((name) => /^(?:\[(?:method|static)\][^.]+\.)then$/.test(name) || /^\[static\][^.]+\.(?:prototype|name|length)$/.test(name) || /^\[method\][^.]+\.constructor$/.test(name))
  if (untoward !== undefined) throw new GloveboxError('invalid-component', `Cannot load the component: it exports ${show(untoward)}, a name that JavaScript keeps for something else`)
}
