import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'

// The one gate: everything that must hold before a change is taken, each step by name. npm run check
const root = resolve(import.meta.dirname, '..')
const bin = (path: string): string => join(root, 'node_modules', path)

const STEPS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['types', [bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit']],
  ['lint', [bin('oxlint/bin/oxlint'), '--deny-warnings']],
  ['build', ['scripts/build.ts', '--if-stale']],
  ['layers', [bin('vitest/vitest.mjs'), 'run', 'test/rules/layers.test.ts', 'test/rules/ambient.test.ts']],
  ['documents', [bin('vitest/vitest.mjs'), 'run', 'test/rules', '--exclude', '**/layers.test.ts', '--exclude', '**/ambient.test.ts']],
  ['package', [bin('vitest/vitest.mjs'), 'run', 'test/package']],
  ['tests', [bin('vitest/vitest.mjs'), 'run', '--exclude', 'test/rules/**', '--exclude', 'test/package/**']],
]

const failed: string[] = []
for (const [name, args] of STEPS) {
  const began = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 900_000, maxBuffer: 64 << 20 })
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6)
  console.log(`${status === 0 ? 'passed' : 'FAILED'} ${seconds} s  ${name}`)
  if (status === 0) continue
  failed.push(name)
  process.stdout.write(`${stdout}${stderr}`.trimEnd().replaceAll(/^/gm, '    ') + '\n')
}
console.log(failed.length === 0 ? 'All checks passed' : `Failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
