import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

// Emits the declarations that the entries need, and no more: node scripts/build-types.ts OUT
const root = resolve(import.meta.dirname, '..')
const [out] = process.argv.slice(2)
if (out === undefined) throw new Error('Usage: node scripts/build-types.ts OUT')
const { files } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8')) as { files: readonly string[] }

const { status } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', out], { cwd: root, stdio: 'inherit' })
if (status !== 0) process.exit(1)

const kept = new Set<string>()
const queue = files.map((file) => resolve(out, file.replace(/\.ts$/, '.d.ts')))
for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
  if (kept.has(file)) continue
  kept.add(file)
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g)) {
    queue.push(resolve(dirname(file), `${specifier}.d.ts`))
  }
}
for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
  const file = resolve(out, name)
  if (file.endsWith('.d.ts') && existsSync(file) && !kept.has(file)) rmSync(file)
}
prune(resolve(out))

function prune(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) prune(join(folder, entry.name))
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true })
}
