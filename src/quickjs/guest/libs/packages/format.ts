import type { Mode } from './exports-map.js'
import type { Manifest } from './resolve.js'

export type Format = 'module' | 'commonjs' | 'json'

const MODULE = /(?:^|[;}\n])\s*(?:export\s*[{*]|export\s+(?:default|const|let|var|function|class|async)\b|import\s*[\w{*"'])/
const COMMONJS = /\bmodule\.exports\b|\bexports\.\w+\s*=|\bObject\.defineProperty\(\s*exports\b|\brequire\s*\(|typeof exports\b/

/**
 * How a file is written: by its extension, by what its package says, or by its text. Text decides where a package says
 * nothing: what has `export` in it is a module, as bundlers see it, and what has neither is what it is asked for as.
 */
export const formatOf = (path: string, source: string, options: { readonly manifest: Manifest | undefined; readonly mode: Mode }): Format => {
  if (path.endsWith('.json')) return 'json'
  if (/\.m[jt]s$/.test(path)) return 'module'
  if (/\.c[jt]s$/.test(path)) return 'commonjs'
  const type = options.manifest?.type
  if (type === 'module' || MODULE.test(source)) return 'module'
  return options.mode === 'require' || type === 'commonjs' || COMMONJS.test(source) ? 'commonjs' : 'module'
}
