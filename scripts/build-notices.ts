import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { streamParts } from './stream-parts.ts'

// Writes the licences of everything that is bundled: node scripts/build-notices.ts OUT
const root = resolve(import.meta.dirname, '..')
const [out] = process.argv.slice(2)
if (out === undefined) throw new Error('Usage: node scripts/build-notices.ts OUT')

const rule = `${'-'.repeat(80)}\n`
const engine = `quickjs-wasi ${manifestOf('quickjs-wasi').version}, MIT\n\n${licenceOf('quickjs-wasi')}\n${readFileSync(join(root, 'scripts/notices/engine.txt'), 'utf8')}`
const adapters = `wasi_snapshot_preview1.command.wasm, wasi_snapshot_preview1.reactor.wasm, Apache-2.0 WITH LLVM-exception\n\nThe adapters in dist/adapters are those of the npm package @bytecodealliance/jco, copied without a change.\n\n${readFileSync(join(root, 'wasm/adapters/LICENSE'), 'utf8')}`
const bundled = [...(await bundledPackages())].sort().map((name) => {
  const { version, license } = manifestOf(name)
  return `${name} ${version}, ${license}\n\n${licenceOf(name)}`
})
writeFileSync(out, `glovebox is made with the following works of others.\n\n${[engine, adapters, ...bundled].map((text) => `${rule}${text.trimEnd()}\n`).join('\n')}`)

/** Packages whose code is in the built entries or in the libraries that run inside the isolate. */
async function bundledPackages(): Promise<Set<string>> {
  const libraries = readdirSync(join(root, 'src/quickjs/guest/libs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const { peerDependencies = {}, dependencies = {} } = manifestAt(root)
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/index.ts', 'src/node.ts', 'src/web.ts', 'src/cli/main.ts', ...libraries.map((name) => `src/quickjs/guest/libs/${name}`)],
    outdir: 'dist',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    plugins: [streamParts],
    external: ['#platform', '#compiler', ...Object.keys({ ...peerDependencies, ...dependencies })],
  })
  const names = new Set<string>()
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
      if (name !== undefined && bytesInOutput > 0) names.add(name)
    }
  }
  return names
}

interface Manifest {
  readonly version: string
  readonly license: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

function manifestOf(name: string): Manifest {
  return manifestAt(join(root, 'node_modules', name))
}

function manifestAt(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

function licenceOf(name: string): string {
  const folder = join(root, 'node_modules', name)
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
  if (file === undefined) throw new Error(`The package ${name} is bundled and has no licence file; replace it or add its notice by hand`)
  return readFileSync(join(folder, file), 'utf8')
}
