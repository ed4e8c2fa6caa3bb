/** How a package is asked for; each way has a condition of its own in `exports` maps. */
export type Mode = 'import' | 'require'

/** An isolate resembles edge runtimes and pages: web APIs, no native code. */
const CONDITIONS: Readonly<Record<Mode, ReadonlySet<string>>> = {
  import: new Set(['import', 'module', 'workerd', 'edge-light', 'worker', 'browser', 'default']),
  require: new Set(['require', 'workerd', 'edge-light', 'worker', 'browser', 'default']),
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The path a target leads to, with what the star stood for; `null` where it is shut, `undefined` where nothing fits. */
const follow = (target: unknown, star: string, mode: Mode): string | null | undefined => {
  if (target === null) return null
  if (typeof target === 'string') return target.split('*').join(star)
  if (Array.isArray(target)) {
    for (const each of target) {
      const found = follow(each, star, mode)
      if (found !== undefined && found !== null) return found
    }
    return undefined
  }
  if (!isObject(target)) return undefined
  for (const condition of Object.keys(target)) {
    if (!CONDITIONS[mode].has(condition)) continue
    const found = follow(target[condition], star, mode)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * What a key such as `.`, `./sub` or `#own` means in an `exports` or `imports` map.
 * @see https://nodejs.org/api/esm.html#resolution-algorithm-specification (PACKAGE_IMPORTS_EXPORTS_RESOLVE)
 */
export const lookUp = (map: unknown, key: string, mode: Mode): string | null | undefined => {
  const table = isObject(map) && !Array.isArray(map) && Object.keys(map).some((name) => name[0] === '.' || name[0] === '#') ? map : { '.': map }
  if (Object.hasOwn(table, key) && !key.includes('*')) return follow(table[key], '', mode)
  let best: { readonly name: string; readonly prefix: string; readonly star: string } | undefined
  for (const name of Object.keys(table)) {
    const at = name.indexOf('*')
    if (at < 0) continue
    const prefix = name.slice(0, at)
    const suffix = name.slice(at + 1)
    if (!key.startsWith(prefix) || key === prefix || !key.endsWith(suffix) || key.length < name.length) continue
    if (best === undefined || prefix.length > best.prefix.length) best = { name, prefix, star: key.slice(at, key.length - suffix.length) }
  }
  return best === undefined ? undefined : follow(table[best.name], best.star, mode)
}
