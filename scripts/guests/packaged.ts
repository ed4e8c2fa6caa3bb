import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { firstError } from '../../bench/npm-errors.ts'
import { ALLOCATOR, GUESTS, missingForC } from './recipes.ts'

const run = promisify(execFile)
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/glovebox/guests')

/** A guest that needs a package to be built: how long each step may take, and what is built of which sources. */
interface Packaged {
  /** A folder of `wasm/guests/tools` with a lockfile of its own. */
  readonly tool: string
  readonly downloads: string
  readonly sources: readonly string[]
  readonly buildMs: number
  readonly needsClang?: true
}

export const PACKAGED = {
  'words-qjs': { tool: 'componentize-qjs', downloads: '40 MB', sources: ['words'], buildMs: 30_000 },
  'words-js': { tool: 'componentize-js', downloads: '250 MB', sources: ['words'], buildMs: 90_000 },
  numbers: { tool: 'assemblyscript', downloads: '200 MB', sources: ['numbers'], buildMs: 30_000 },
  query: { tool: 'sqlite', downloads: '10 MB', sources: ['sqlite', ALLOCATOR], buildMs: 60_000, needsClang: true },
} as const satisfies Readonly<Record<string, Packaged>>

const INSTALL_MS = 120_000

/** The bytes of a guest, built when it is first asked for or its sources changed; or why it cannot be had. */
export async function buildPackaged(name: keyof typeof PACKAGED, say: (line: string) => void): Promise<{ readonly bytes: Uint8Array } | { readonly reason: string }> {
  const { tool, downloads, sources, buildMs, ...rest }: Packaged = PACKAGED[name]
  const folder = join(GUESTS, 'tools', tool)
  const missing = rest.needsClang === true ? missingForC() : undefined
  if (missing !== undefined) return { reason: missing }
  const out = join(CACHE, `${name}-${digestOf([...sources.map((each) => join(GUESTS, each)), join(folder, 'package-lock.json'), import.meta.filename, join(import.meta.dirname, 'make.ts')])}.wasm`)
  if (existsSync(out)) return { bytes: readFileSync(out) }
  try {
    if (!existsSync(join(folder, 'node_modules/.package-lock.json'))) {
      say(`installing ${tool} into wasm/guests/tools/${tool}/node_modules (npm install, about ${downloads}) …`)
      // Not `npm ci`, which refuses packages with parts for platforms that were never published.
      await run('npm', ['install', '--no-save', '--ignore-scripts', '--prefer-offline', '--fetch-retries=1', '--no-audit', '--no-fund'], { cwd: folder, timeout: INSTALL_MS })
    }
    say(`building ${name} …`)
    const began = performance.now()
    mkdirSync(CACHE, { recursive: true })
    const aside = `${out}.${process.pid}`
    await run(process.execPath, ['--no-warnings', join(import.meta.dirname, 'make.ts'), name, aside], { timeout: buildMs, maxBuffer: 1 << 20 })
    // Others may build the same.
    renameSync(aside, out)
    say(`built ${name} in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    return { bytes: readFileSync(out) }
  } catch (error) {
    const { killed, message, stderr } = error as { readonly killed?: boolean; readonly message: string; readonly stderr?: string }
    return { reason: `${name} cannot be built here: ${killed === true ? 'it took too long' : firstError(stderr ?? message)}` }
  }
}

function digestOf(paths: readonly string[]): string {
  const hash = createHash('sha256')
  const files = paths.flatMap((path) => (statSync(path).isDirectory() ? readdirSync(path).sort().map((name) => join(path, name)) : [path]))
  for (const file of files) hash.update(readFileSync(file)).update('\0')
  return hash.digest('hex').slice(0, 16)
}
