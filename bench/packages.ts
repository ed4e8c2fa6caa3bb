import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder of the repository, wherever this file was bundled to. */
export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)))
export const BENCH = join(ROOT, 'bench')

/** A contender's package; its shape is the caller's claim, and the proofs of each case test it. */
export async function load<T>(name: string): Promise<T> {
  const { load: importFromBench } = (await import(pathToFileURL(join(BENCH, 'load.mjs')).href)) as { load(name: string): Promise<T> }
  return importFromBench(name)
}

/** The built package, by the name everybody imports it by. */
export async function loadGlovebox(): Promise<typeof import('../src/index.js')> {
  if (!existsSync(join(ROOT, 'dist/index.js'))) throw new Error('dist/ is not built; run "npm run build"')
  const path = createRequire(join(ROOT, 'package.json')).resolve('glovebox')
  return (await import(pathToFileURL(path).href)) as typeof import('../src/index.js')
}

/** The file of a package that is no JavaScript, such as its wasm. */
export function readPackageFile(name: string, file: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(BENCH, 'node_modules', name, file)))
}

/** The installed version, or `undefined` when the package is not there. */
export function versionOf(name: string): string | undefined {
  const path = name === 'glovebox' ? join(ROOT, 'package.json') : join(BENCH, 'node_modules', name, 'package.json')
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
