import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')

/** Made by the build, not written. */
const GENERATED = 'src/quickjs/guest/bundle'

/** TypeScript files below folders of the repository, by their path from its root. */
export function sourceFiles(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.ts') && !path.startsWith(GENERATED) && statSync(join(ROOT, path)).isFile())
      .sort(),
  )
}

export function readSource(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

export interface Import {
  readonly from: string
  /** A path from the root for what is ours, a bare name for the rest. */
  readonly to: string
  /** Whether nothing of it is left at run time. */
  readonly isType: boolean
}

const STATEMENT = /^(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'/gm
const DYNAMIC = /\bimport\('([^']+)'\)/g

/** Every import and re-export of a file. */
export function importsOf(path: string): readonly Import[] {
  const text = readSource(path)
  const found = [...text.matchAll(STATEMENT)].map(([, type, specifier]) => ({ specifier: specifier!, isType: type !== undefined }))
  for (const [, specifier] of text.matchAll(DYNAMIC)) found.push({ specifier: specifier!, isType: false })
  return found.map(({ specifier, isType }) => ({ from: path, to: toPath(path, specifier), isType }))
}

function toPath(importer: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  return join(importer, '..', specifier).replaceAll('\\', '/').replace(/\.js$/, '.ts')
}
