import type { Extern, ExternFunction, World } from '../world.js'

/** Beyond this a comment says nothing to a model that it should read. */
const MOST_CHARACTERS = 4096

/** The name under which tools keep what they know of a component's own world. */
const WORLD = 'root'

/**
 * Puts the comments of `package-docs` sections to the functions they are about: those of the world, and of interfaces
 * that have no package. Sections that are not as expected are passed over.
 * @see https://docs.rs/wit-parser/latest/wit_parser/metadata/struct.PackageMetadata.html
 */
export function withDocs({ imports, exports }: World, sections: readonly Uint8Array[]): World {
  const worlds = sections.map((section) => field(field(parse(section), 'worlds'), WORLD))
  const find = (path: readonly string[]): string | undefined => worlds.map((world) => toText(path.reduce(field, world))).find((docs) => docs !== undefined)
  const comment = (fn: ExternFunction, ...path: readonly string[]): ExternFunction => {
    const docs = find([...path, fn.name])
    return docs === undefined ? fn : { ...fn, docs }
  }
  const add = (extern: Extern, functions: string, interfaces: string): Extern =>
    extern.kind === 'function' ? comment(extern, functions) : { ...extern, functions: extern.functions.map((fn) => comment(fn, interfaces, extern.name, 'funcs')) }
  return { imports: imports.map((extern) => add(extern, 'funcs', 'interfaces')), exports: exports.map((extern) => add(extern, 'func_exports', 'interface_exports')) }
}

function toText(value: unknown): string | undefined {
  const docs = typeof value === 'object' ? field(value, 'docs') : value
  return typeof docs === 'string' ? docs.slice(0, MOST_CHARACTERS) : undefined
}

function parse(section: Uint8Array): unknown {
  try {
    // A byte says the version; what follows is JSON in all of them.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(section.subarray(1))) as unknown
  } catch {
    return undefined
  }
}

function field(owner: unknown, key: string): unknown {
  return typeof owner === 'object' && owner !== null && Object.hasOwn(owner, key) ? (owner as Record<string, unknown>)[key] : undefined
}
