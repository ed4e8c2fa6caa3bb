// Bundles a TypeScript file of this repository and runs it: node scripts/run.mjs scripts/build-engine.ts [arguments]
import { mkdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const [entry, ...rest] = process.argv.slice(2)
if (entry === undefined) throw new Error('Usage: node scripts/run.mjs FILE.ts [arguments]')
const folder = resolve(import.meta.dirname, '../node_modules/.cache/glovebox')
const outfile = resolve(folder, `${entry.replaceAll(/\W+/g, '-')}-${process.pid}.mjs`)
// The platforms of the sources, where a file needs them rather than dist/.
const alias = { '#platform': resolve('src/platform/node.ts'), '#compiler': resolve('src/component/platform/node.ts') }
await mkdir(folder, { recursive: true })
await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', alias, logLevel: 'warning' })
process.argv.splice(1, process.argv.length, resolve(entry), ...rest)
try {
  await import(pathToFileURL(outfile).href)
} finally {
  await rm(outfile, { force: true })
}
