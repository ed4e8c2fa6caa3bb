import { mkdtemp, rm } from 'node:fs/promises'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { TestProject } from 'vitest/node'
import { ROOT } from './source-files.js'

declare module 'vitest' {
  interface ProvidedContext {
    readonly compilerFile: string
  }
}

/** Bundles the file that prepares components from the sources under test. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const cache = join(ROOT, 'node_modules/.cache/glovebox')
  mkdirSync(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'compiler-'))
  const outfile = join(folder, 'node.mjs')
  await build({ absWorkingDir: ROOT, entryPoints: ['src/component/worker/node.ts'], outfile, bundle: true, format: 'esm', platform: 'node', target: 'es2023', packages: 'external', logLevel: 'warning' })
  provide('compilerFile', outfile)
  return () => rm(folder, { recursive: true, force: true })
}
