import type { Mode } from './exports-map.js'
import type { Manifest } from './resolve.js'

export type Format = 'module' | 'commonjs' | 'json'

export interface FormatOptions {
  readonly manifest: Manifest | undefined
  readonly mode: Mode
  /** Whether the text compiles as CommonJS; asked only where it looks like both. */
  readonly compiles: () => boolean
}

const MODULE = /(?:^|[;}\n])\s*(?:export\s*[{*]|export\s+(?:default|const|let|var|function|class|async)\b|import\s*[{*"']|import\s+[\w$])/
const COMMONJS = /\bmodule\.exports\b|\bexports\.\w+\s*=|\bObject\.defineProperty\(\s*exports\b|\brequire\s*\(|typeof exports\b/

/**
 * How a file is written: by its extension, by what its package says, or by its text. Text decides where a package says
 * nothing: what has `export` in it is a module, as bundlers see it, unless it is CommonJS that only quotes such a line,
 * and what has neither is what it is asked for as.
 */
export const formatOf = (path: string, source: string, { manifest, mode, compiles }: FormatOptions): Format => {
  if (path.endsWith('.json')) return 'json'
  if (/\.m[jt]s$/.test(path)) return 'module'
  if (/\.c[jt]s$/.test(path)) return 'commonjs'
  const type = manifest?.type
  if (type === 'module') return 'module'
  const isCommonJs = COMMONJS.test(source)
  if (MODULE.test(source)) return isCommonJs && compiles() ? 'commonjs' : 'module'
  return mode === 'require' || type === 'commonjs' || isCommonJs ? 'commonjs' : 'module'
}
