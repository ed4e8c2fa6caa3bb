import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'

/** One run of a test file: a file with variants is run once for each. */
export interface TestRun {
  /** Of the file, from the root of the tests, with `/`. */
  readonly path: string
  /** `?` and what follows, or the empty text. */
  readonly variant: string
  readonly title: string
  readonly isLong: boolean
  /** Files to evaluate before the test, and the test itself. */
  readonly scripts: readonly string[]
}

const NEEDS_DOCUMENT = /\bdocument\b|\biframe\b|\bwindow\.open\b|\bnew (?:Shared)?Worker\b/

/** The folder that absolute names in a test start from: the nearest one above with a `resources` or `common` folder, else the folder itself. */
export function findRoot(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, 'resources')) && existsSync(join(at, 'common'))) return at
    if (dirname(at) === at) return resolve(folder)
  }
}

/** The tests at or below `path` that need no document, in order of their names. */
export function collectTests(path: string, root: string): TestRun[] {
  return filesBelow(resolve(path)).filter((file) => isTest(file)).flatMap((file) => toRuns(file, root))
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path).sort().flatMap((name) => filesBelow(join(path, name)))
}

function isTest(file: string): boolean {
  if (file.endsWith('.any.js')) return true
  return /\.(?:window|worker)\.js$/.test(file) && !NEEDS_DOCUMENT.test(readFileSync(file, 'utf8'))
}

function toRuns(file: string, root: string): TestRun[] {
  const source = readFileSync(file, 'utf8')
  const path = relative(root, file).replaceAll(sep, '/')
  const meta = [...source.matchAll(/^\/\/ META: ([a-z]+)=(.*?)\s*$/gm)].map(([, key, value]) => [key!, value!] as const)
  const all = (name: string): string[] => meta.filter(([key]) => key === name).map(([, value]) => value)
  const scripts = all('script').map((name) => (name === '/resources/WebIDLParser.js' ? 'resources/webidl2/lib/webidl2.js' : name.startsWith('/') ? name.slice(1) : posix.join(posix.dirname(path), name)))
  const variants = all('variant')
  const title = all('title')[0] ?? posix.basename(path).replace(/\.any\.js$|\.window\.js$|\.worker\.js$/, '')
  const isLong = all('timeout').includes('long')
  return (variants.length === 0 ? [''] : variants).map((variant) => ({ path, variant, title, isLong, scripts: [...scripts, path] }))
}
