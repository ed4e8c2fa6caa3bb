import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

// Makes everything of dist/ from the sources: node scripts/build.ts [--if-stale]
// The new dist/ is made beside the old one and takes its place at the end, so that nothing ever sees half of it.
const root = resolve(import.meta.dirname, '..')
const cache = join(root, 'node_modules/.cache/glovebox')
const next = join(cache, 'dist-next')
const stamp = join(cache, 'build.sha256')
const dist = join(root, 'dist')

const STEPS: readonly (readonly [name: string, script: string, args: readonly string[]])[] = [
  ['guest libraries', 'scripts/run.mjs', ['scripts/build-guest.ts']],
  ['metered engine', 'scripts/run.mjs', ['scripts/build-engine.ts', join(next, 'quickjs.wasm')]],
  ['adapters', 'scripts/build-adapters.ts', [join(next, 'adapters')]],
  ['JavaScript', 'node_modules/tsup/dist/cli-default.js', ['--silent', '--out-dir', next]],
  ['declarations', 'scripts/build-types.ts', [join(next, 'types')]],
  ['policy schema', 'scripts/run.mjs', ['scripts/build-schema.ts', join(next, 'policy.schema.json')]],
  ['notices', 'scripts/build-notices.ts', [join(next, 'THIRD_PARTY_NOTICES.txt')]],
]

/** What dist/ is made of; whoever changes one of these changes the digest. */
const INPUTS = ['src', 'capabilities', 'wasm/meter', 'wasm/adapters', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'tsup.config.ts']

const [option] = process.argv.slice(2)
if (option !== undefined && option !== '--if-stale') throw new Error(`Unknown option "${option}"; use --if-stale or nothing`)
const digest = digestInputs()
if (option === '--if-stale' && existsSync(join(dist, 'index.js')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) {
  console.log('build: dist/ is up to date')
} else {
  build()
}

function build(): void {
  rmSync(next, { recursive: true, force: true })
  mkdirSync(next, { recursive: true })
  for (const [name, script, args] of STEPS) {
    const began = performance.now()
    const { status, stdout, stderr, error } = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, encoding: 'utf8', timeout: 300_000 })
    if (status !== 0) {
      process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error === undefined ? '' : `${error.message}\n`}`)
      console.error(`build: ${name} failed`)
      process.exit(1)
    }
    console.log(`build: ${name.padEnd(16)} ${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s`)
  }
  chmodSync(join(next, 'cli.js'), 0o755)
  rmSync(dist, { recursive: true, force: true })
  renameSync(next, dist)
  writeFileSync(stamp, digest)
}

function digestInputs(): string {
  const hash = createHash('sha256')
  for (const input of INPUTS) for (const file of filesBelow(input)) hash.update(`${file}\0`).update(readFileSync(join(root, file))).update('\0')
  return hash.digest('hex')
}

/** Generated files are made from the others and count for nothing. */
function filesBelow(path: string): string[] {
  if (path === 'src/quickjs/guest/bundle') return []
  if (statSync(join(root, path)).isFile()) return [path]
  return readdirSync(join(root, path)).sort().flatMap((name) => filesBelow(`${path}/${name}`))
}
