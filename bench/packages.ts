import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder of the repository, wherever this file was bundled to. */
export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)))
export const BENCH = join(ROOT, 'bench')

/** Contenders that are too large to be installed with the others; each has a `package.json` of its own. */
export const HEAVY: readonly { readonly name: string; readonly megabytes: number; readonly install: 'unasked' | 'when asked' }[] = [
  { name: 'deno', megabytes: 92, install: 'unasked' },
  { name: 'bun', megabytes: 103, install: 'when asked' },
  { name: 'miniflare', megabytes: 174, install: 'when asked' },
]

/** Where a contender's package is installed. */
export function folderOf(name: string): string {
  return HEAVY.some((heavy) => heavy.name === name) ? join(BENCH, 'heavy', name) : BENCH
}

/** A contender's package; its shape is the caller's claim, and the proofs of each case test it. */
export async function load<T>(name: string): Promise<T> {
  if (folderOf(name) !== BENCH) return (await import(pathToFileURL(createRequire(join(folderOf(name), 'package.json')).resolve(name)).href)) as T
  const { load: importFromBench } = (await import(pathToFileURL(join(BENCH, 'load.mjs')).href)) as { load(name: string): Promise<T> }
  return importFromBench(name)
}

/** The built package, by the name everybody imports it by. */
export function loadGlovebox(): Promise<typeof import('../src/index.js')>
export function loadGlovebox(entry: 'glovebox/component'): Promise<typeof import('../src/component/index.js')>
export function loadGlovebox(entry: 'glovebox/node'): Promise<typeof import('../src/node.js')>
export async function loadGlovebox(entry = 'glovebox'): Promise<object> {
  if (!existsSync(join(ROOT, 'dist/index.js'))) throw new Error('dist/ is not built; run "npm run build"')
  return (await import(pathToFileURL(createRequire(join(ROOT, 'package.json')).resolve(entry)).href)) as object
}

/** The file of a package that is no JavaScript, such as its wasm. */
export function readPackageFile(name: string, file: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(folderOf(name), 'node_modules', name, file)))
}

/** The program of a package that brings one for each platform, such as `@deno/linux-x64-glibc/deno`. */
export function findBinary(name: string, scope: string, path: string): string {
  const folder = join(folderOf(name), 'node_modules', scope)
  for (const platform of existsSync(folder) ? readdirSync(folder) : []) {
    for (const suffix of ['', '.exe']) {
      const binary = join(folder, platform, `${path}${suffix}`)
      if (existsSync(binary)) return binary
    }
  }
  throw new Error(`${name} brought no program for this platform`)
}

/** The installed version, or `undefined` when the package is not there. */
export function versionOf(name: string): string | undefined {
  const path = name === 'glovebox' ? join(ROOT, 'package.json') : join(folderOf(name), 'node_modules', name, 'package.json')
  if (!existsSync(path)) return undefined
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    if (existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name === 'glovebox') return folder
    if (folder === dirname(folder)) throw new Error(`There is no package.json of glovebox above ${from}`)
  }
}
