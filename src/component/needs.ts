import { grantFor, withoutVersion } from './imports.js'
import type { World } from './world.js'

/** A grant, or an interface of the embedder's, and what it would be used for. */
export interface Need {
  readonly grant: 'fs' | 'net' | 'tcp' | 'clock' | 'random' | 'env' | 'stdin' | 'interface'
  /** Functions, as `wasi:filesystem/types#[method]descriptor.open-at` or `path_open`. */
  readonly uses: readonly string[]
}

/** In the order they are told. */
const GRANTS: readonly Need['grant'][] = ['fs', 'net', 'tcp', 'clock', 'random', 'env', 'stdin', 'interface']

/** Functions of WASI preview 1 that do more with a grant. An open file needs one already, so reading it does not count. */
const PREVIEW1: readonly (readonly [grant: Need['grant'], names: RegExp])[] = [
  ['fs', /^(?:path_\w+|fd_(?:prestat_\w+|readdir))$/],
  ['clock', /^(?:clock_\w+|poll_oneoff)$/],
  ['random', /^random_get$/],
  ['env', /^environ_\w+$/],
  ['stdin', /^fd_read$/],
]

/** What a component imports, by grant. */
export function needsOfWorld({ imports }: World): readonly Need[] {
  return group(imports.flatMap((each) => {
    const grant = toGrant(each.name)
    if (grant === undefined) return []
    if (each.kind === 'function') return [[grant, each.name] as const]
    return each.functions.filter(({ name }) => !name.startsWith('[resource-drop]')).map(({ name }) => [grant, `${withoutVersion(each.name)}#${name}`] as const)
  }))
}

/** What a core module imports of WASI preview 1, by grant. */
export function needsOfModule(imports: readonly { readonly name: string }[]): readonly Need[] {
  return group(imports.flatMap(({ name }) => PREVIEW1.filter(([, names]) => names.test(name)).map(([grant]) => [grant, name] as const)))
}

function toGrant(name: string): Need['grant'] | undefined {
  if (withoutVersion(name) === 'wasi:cli/stdin') return 'stdin'
  const grant = grantFor(name) ?? 'interface'
  return GRANTS.find((each) => each === grant)
}

function group(uses: readonly (readonly [grant: Need['grant'], use: string])[]): readonly Need[] {
  return GRANTS.flatMap((grant) => {
    const own = uses.filter(([of]) => of === grant).map(([, use]) => use)
    return own.length === 0 ? [] : [{ grant, uses: [...new Set(own)].sort() }]
  })
}
