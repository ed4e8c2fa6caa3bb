import { GloveboxError } from '../errors.js'
import { withoutVersion } from './imports.js'
import { show, toPascal } from './names.js'
import type { ExternFunction, World } from './world.js'

type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/**
 * Checks that everything a component imports is there, each an own property: what is looked up along a prototype is
 * not what anyone granted.
 * @throws GloveboxError `unknown-import`
 */
export function checkLinkage(world: World, imports: Imports): void {
  for (const extern of world.imports) {
    const key = withoutVersion(extern.name)
    const offered = Object.hasOwn(imports, key) ? imports[key] : undefined
    if (offered === undefined || offered === null) refuse(extern.name)
    if (extern.kind === 'function') {
      if (!isFunction(offered, 'default')) refuse(extern.name)
      continue
    }
    for (const member of extern.functions) if (!has(offered, member)) refuse(`${extern.name}#${member.name}`)
    for (const resource of extern.resources) if (!isFunction(offered, toPascal(resource))) refuse(`${extern.name}#${resource}`)
  }
}

function has(offered: Readonly<Record<string, unknown>>, { path }: ExternFunction): boolean {
  const [, owner, kind, member] = /^([^.#]+)(?:([.#])(.+))?$/.exec(path) ?? []
  if (owner === undefined || !isFunction(offered, owner)) return false
  if (kind === undefined || member === undefined) return true
  const type = offered[owner] as { readonly prototype: object }
  return kind === '.' ? isFunction(type, member) : isMethod(type.prototype, member)
}

/** Methods may be inherited, but not from what every object has. */
function isMethod(prototype: object | null | undefined, name: string): boolean {
  for (let at = prototype; at !== null && at !== undefined && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
    if (Object.hasOwn(at, name)) return typeof (at as Record<string, unknown>)[name] === 'function'
  }
  return false
}

const isFunction = (owner: object, name: string): boolean => Object.hasOwn(owner, name) && typeof (owner as Record<string, unknown>)[name] === 'function'

function refuse(name: string): never {
  throw new GloveboxError('unknown-import', `Cannot instantiate the component: it imports ${show(name)}, which is not offered`)
}
