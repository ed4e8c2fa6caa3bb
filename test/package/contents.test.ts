import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build, type Metafile } from 'esbuild'
import { publint } from 'publint'
import { beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../support/source-files.js'

const run = promisify(execFile)
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, Record<string, unknown> | undefined>

interface Packed {
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string; readonly mode: number }[]
}

const KiB = 1024

/** Files of the package; a pattern stands for those whose names hold a digest. */
const EXPECTED: readonly (string | RegExp)[] = [
  'CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json',
  'dist/THIRD_PARTY_NOTICES.txt', 'dist/cli.js', 'dist/index.js', 'dist/node.js', 'dist/platform/node.js', 'dist/platform/web.js', 'dist/platform/workerd.js',
  'dist/adapters/wasi_snapshot_preview1.command.wasm', 'dist/adapters/wasi_snapshot_preview1.reactor.wasm', 'dist/component.js',
  'dist/compiler/node.js', 'dist/compiler/web.js', 'dist/compiler/worker-node.js', 'dist/compiler/worker-web.js', 'dist/compiler/workerd.js',
  'dist/policy.schema.json', 'dist/quickjs.js', 'dist/quickjs.wasm', 'dist/threads/node.js', 'dist/threads/web.js', 'dist/web.js',
  /^dist\/(?:chunks\/)?[\w-]+-[A-Z0-9]{8}\.js$/, /^dist\/types\/(?:src|capabilities)\/[\w/-]+\.d\.ts$/,
]

describe('npm pack', () => {
  let packed: Packed
  beforeAll(async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { cwd: ROOT, timeout: 60_000 })
    packed = (JSON.parse(stdout) as [Packed])[0]
  })

  it('holds what is expected and nothing else: no sources, no tests', () => {
    const paths = packed.files.map(({ path }) => path)
    expect(paths.filter((path) => !EXPECTED.some((expected) => (typeof expected === 'string' ? expected === path : expected.test(path))))).toEqual([])
    expect(EXPECTED.filter((expected) => typeof expected === 'string' && !paths.includes(expected))).toEqual([])
  })

  it('stays small', () => {
    expect(packed.size).toBeLessThan(1550 * KiB)
    expect(packed.unpackedSize).toBeLessThan(4200 * KiB)
  })

  it('has a command that can be started', () => {
    expect(readFileSync(join(ROOT, 'dist/cli.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    expect(statSync(join(ROOT, 'dist/cli.js')).mode & 0o111).toBe(0o111)
  })

  it('names what is built in, with its licence', () => {
    const notices = readFileSync(join(ROOT, 'dist/THIRD_PARTY_NOTICES.txt'), 'utf8')
    for (const name of ['quickjs-wasi', 'QuickJS-NG', 'sucrase', 'ipaddr.js', 'zod', 'Unicode License V3', '@bytecodealliance/jco', 'LLVM Exceptions']) expect(notices).toContain(name)
    expect(notices.match(/Permission is hereby granted/g)!.length).toBeGreaterThan(4)
  })

  it('is described as publint wants it', async () => {
    const { messages } = await publint({ pkgDir: ROOT, strict: true, pack: false })
    expect(messages).toEqual([])
  })

  it('installs nothing', () => {
    expect(manifest['dependencies']).toBeUndefined()
    expect(manifest['peerDependencies']).toEqual({ '@bytecodealliance/jco-transpile': '^0.15.0', esbuild: '^0.28', undici: '^7 || ^8' })
    expect(manifest['peerDependenciesMeta']).toEqual({ '@bytecodealliance/jco-transpile': { optional: true }, esbuild: { optional: true }, undici: { optional: true } })
  })
})

/** Entry, most bytes when bundled and minified, the same gzipped, and the modules it may load from outside. */
const ENTRIES: readonly (readonly [entry: string, bytes: number, gzipped: number, outside: RegExp])[] = [
  ['index', 230_000, 83_000, /^#platform$/],
  ['quickjs', 73_000, 27_000, /^#platform$/],
  ['component', 152_000, 52_000, /^#(?:platform|compiler)$/],
  ['web', 18_000, 7_200, /^$/],
  ['node', 85_000, 29_000, /^node:|^undici$|^esbuild$/],
  ['cli', 425_000, 144_000, /^node:|^undici$|^#(?:platform|compiler)$/],
]

describe.each(ENTRIES)('the entry %s', (entry, bytes, gzipped, outside) => {
  let metafile: Metafile
  let code: Uint8Array
  beforeAll(async () => {
    const built = await build({
      absWorkingDir: ROOT, entryPoints: [`dist/${entry}.js`], outdir: 'bundled', bundle: true, splitting: true, write: false, minify: true, metafile: true,
      format: 'esm', target: 'es2023', external: ['#platform', '#compiler', 'node:*', 'undici', 'esbuild'], logLevel: 'error',
    })
    metafile = built.metafile
    // What an import of the entry loads at once; the rest is loaded on first use.
    const atOnce = staticOutputs(metafile, `bundled/${entry}.js`)
    code = Buffer.concat(built.outputFiles.filter(({ path }) => atOnce.has(path.slice(ROOT.length + 1))).map(({ contents }) => contents))
  })

  it('stays within its budget of bytes', () => {
    const sizes = [code.length, gzipSync(code, { level: 9 }).length]
    expect({ bytes: sizes[0]! <= bytes, gzipped: sizes[1]! <= gzipped, sizes }).toEqual({ bytes: true, gzipped: true, sizes })
  })

  it('loads from outside only what it may', () => {
    const loaded = Object.values(metafile.outputs).flatMap(({ imports }) => imports).filter(({ external }) => external).map(({ path }) => path)
    expect(loaded.filter((path) => !outside.test(path))).toEqual([])
  })
})

describe('packages built into what an entry loads at once', () => {
  it.each<readonly [entry: string, file: string, packages: readonly string[]]>([
    ['index', 'src/index.ts', ['@noble/hashes']],
    ['quickjs', 'src/quickjs/index.ts', []],
    ['component', 'src/component/index.ts', ['ipaddr.js']],
    ['web', 'src/web.ts', []],
    ['node', 'src/node.ts', ['ipaddr.js']],
    ['cli', 'src/cli/main.ts', ['@noble/hashes', 'ipaddr.js', 'zod']],
  ])('%s', async (entry, file, packages) => {
    const { metafile } = await build({
      absWorkingDir: ROOT, entryPoints: { [entry]: file }, outdir: 'bundled', bundle: true, splitting: true, write: false, metafile: true,
      format: 'esm', target: 'es2023', mainFields: ['module', 'main'], external: ['#platform', '#compiler', 'node:*', 'undici', 'esbuild'], logLevel: 'error',
    })
    const inputs = [...staticOutputs(metafile, `bundled/${entry}.js`)].flatMap((path) => Object.entries(metafile.outputs[path]!.inputs))
    const names = inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? (/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []) : []))
    expect([...new Set(names)].sort()).toEqual(packages)
  })
})

function staticOutputs({ outputs }: Metafile, entry: string): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (path: string): void => {
    if (found.has(path) || outputs[path] === undefined) return
    found.add(path)
    for (const each of outputs[path].imports) if (each.kind === 'import-statement' && each.external !== true) visit(each.path)
  }
  visit(entry)
  return found
}
