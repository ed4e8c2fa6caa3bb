import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { writePrebuilt } from '../../src/component/prebuilt.js'
import { wat } from '../component/pipeline/support.js'
import { compilerFromSources } from '../support/compiler-platform.js'
import { ROOT } from '../support/source-files.js'
import { deploy, installWorkerd } from '../support/workerd.js'

const MAIN = `
import { loadPrebuilt } from ${JSON.stringify(join(ROOT, 'src/component/prebuilt.ts'))}
import { compileComponent } from ${JSON.stringify(join(ROOT, 'src/component/compile.ts'))}
import { platform } from '#compiler'
import prebuilt from './index.js'

const compiled = loadPrebuilt(prebuilt)

function link() {
  const fuel = new WebAssembly.Global({ value: 'i32', mutable: true }, 0)
  return {
    globals: { WebAssembly, TextDecoder },
    instantiateCore: ({ module, memory }, imports = {}) =>
      new WebAssembly.Instance(module, { ...imports, glovebox: { fuel, refill: () => 1000, ...(memory && { memory: new WebAssembly.Memory({ initial: memory.initialPages, maximum: 10 }) }) } }),
  }
}

export default {
  async fetch() {
    const { exports } = compiled.instantiate({}, link())
    return Response.json({
      greeting: exports.greet('edge'),
      wit: compiled.wit,
      compiles: await compileComponent(new Uint8Array([0, 97, 115, 109, 13, 0, 1, 0]), { platform }).then(() => 'yes', (error) => error.code),
    })
  },
}
`

it('writePrebuilt() makes a component that runs on workerd, where nothing is compiled or evaluated', { timeout: 240_000 }, async ({ skip }) => {
  const workerd = await installWorkerd((line) => console.log(line))
  if ('reason' in workerd) {
    console.log(`skipped: ${workerd.reason}`)
    return skip(workerd.reason)
  }
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-prebuilt-'))
  try {
    // Text in, the same text out, through the memory of the guest.
    const bytes = await wat(`(component
      (core module $m (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
        (func (export "greet") (param i32 i32) (result i32) (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1)) (i32.const 0)))
      (core instance $m (instantiate $m))
      (func (export "greet") (param "name" string) (result string) (canon lift (core func $m "greet") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))`)
    const { modules } = await writePrebuilt(bytes, folder, { platform: compilerFromSources })
    writeFileSync(join(folder, 'main.js'), MAIN)
    await build({
      absWorkingDir: folder, entryPoints: ['main.js'], outfile: join(folder, 'worker.js'), bundle: true, format: 'esm', target: 'es2023', logLevel: 'warning', external: ['*.wasm'],
      alias: { '#compiler': join(ROOT, 'src/component/platform/workerd.ts'), '#platform': join(ROOT, 'src/platform/workerd.ts') },
    })
    await using deployment = await deploy(workerd.path, folder, modules.map(({ name }) => name))
    expect(await deployment.call('')).toEqual({ greeting: 'edge', wit: expect.stringContaining('export greet: func(name: string) -> string;') as string, compiles: 'unsupported-platform' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
