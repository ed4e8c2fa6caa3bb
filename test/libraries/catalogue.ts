import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export type Way = 'bundle' | 'mount'

export interface Library {
  /** Name of its program, without extension. */
  readonly name: string
  readonly source: string
  /** What the program imports, as it is bundled. */
  readonly imports: readonly string[]
  /** Package it is, and the version that was installed. */
  readonly packageName: string
  readonly version: string
  /** The bundle it is in: those that take much memory or time are alone. */
  readonly bundle: string
  /** What it lacks, of the ways that do not work. */
  readonly missing: { readonly [W in Way]?: string }
}

export const FOLDER = import.meta.dirname

const ALONE = new Set(['mathjs', 'prettier', 'sql.js', 'terser', 'xlsx'])
const BUNDLES = 4

/** What does not run, and what it lacks; a test fails when one of these runs after all. */
const MISSING: Readonly<Record<string, Library['missing']>> = {
  'jsonpath-plus': {
    bundle: 'the engine refuses `-` outside a class in regular expressions with the flag `v`',
    mount: 'the engine refuses `-` outside a class in regular expressions with the flag `v`',
  },
  turndown: { bundle: 'its build for pages, which bundles take, needs `document`' },
}

/** Libraries whose programs are here, in the order of their names. */
export function libraries(): readonly Library[] {
  const { dependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
  const names = readdirSync(join(FOLDER, 'programs')).map((file) => file.replace(/\.mjs$/, '')).sort()
  let shared = 0
  return names.map((name) => {
    const source = readFileSync(join(FOLDER, 'programs', `${name}.mjs`), 'utf8')
    const imports = [...new Set([...source.matchAll(/^import (?:[^']* from )?'([^']+)'/gm)].map(([, specifier]) => specifier!))]
    const [packageName] = /^(?:@[^/]+\/)?[^/]+/.exec(imports[0]!)!
    const missing = MISSING[name] ?? {}
    // One that cannot be loaded would cost the others their bundle.
    const bundle = ALONE.has(name) || missing.bundle !== undefined ? name : `shared ${shared++ % BUNDLES}`
    return { name, source, imports, packageName, version: dependencies[packageName]!, bundle, missing }
  })
}
