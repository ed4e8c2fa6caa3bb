/**
 * Counts how often the glue instantiates each core module.
 * Glue asks for its files as `const module0 = getCoreModule('component.core.wasm')`.
 */
export function countInstances(glue: string, files: readonly string[]): ReadonlyMap<string, number> {
  const names = new Map<string, string>()
  for (const [, variable = '', name = ''] of glue.matchAll(/^\s*const (module\d+) = getCoreModule\('([^'\n]+)'\);$/gm)) names.set(variable, name)
  const counts = new Map(files.map((name) => [name, 0]))
  for (const [, variable = ''] of glue.matchAll(/\byield instantiateCore\(yield (module\d+)\b/g)) {
    const name = names.get(variable)
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}
