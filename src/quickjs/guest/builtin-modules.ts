/** A built-in module: a guest library, or a part of one. */
export interface Builtin {
  readonly library: string
  readonly member?: string
}

/** Built-in modules by name. What each exports is what its library has. */
const BUILTINS: ReadonlyMap<string, Builtin> = new Map([
  ['node:fs', { library: 'fs' }],
  ['node:fs/promises', { library: 'fs', member: 'promises' }],
  ['node:path', { library: 'path' }],
  ['node:process', { library: 'process', member: 'process' }],
  ['node:module', { library: 'packages', member: 'module' }],
  ['node:buffer', { library: 'node-buffer' }],
  ['node:events', { library: 'node-events', member: 'EventEmitter' }],
  ['node:util', { library: 'node-util' }],
  ['node:util/types', { library: 'node-util', member: 'types' }],
  ['node:sys', { library: 'node-util' }],
  ['node:assert', { library: 'node-assert', member: 'assert' }],
  ['node:assert/strict', { library: 'node-assert', member: 'strict' }],
  ['node:os', { library: 'node-os' }],
  ['node:crypto', { library: 'node-crypto' }],
])

/** The canonical name of a built-in module, with or without `node:`, or `undefined`. */
export const toBuiltin = (specifier: string): string | undefined => {
  if (BUILTINS.has(specifier)) return specifier
  return BUILTINS.has(`node:${specifier}`) ? `node:${specifier}` : undefined
}

export const builtinOf = (name: string): Builtin | undefined => BUILTINS.get(name)
export const builtinNames = (): string[] => [...BUILTINS.keys()]
