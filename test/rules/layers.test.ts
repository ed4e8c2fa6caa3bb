import { describe, expect, it } from 'vitest'
import { type Import, importsOf, sourceFiles } from '../support/source-files.js'

interface Layer {
  readonly name: string
  readonly files: RegExp
  /** Layers its files may import besides their own. */
  readonly from: readonly string[]
  /** Packages its files may import. */
  readonly packages?: readonly string[]
}

/** Who may import what. A file belongs to the first layer that fits; what is not said here is not allowed. */
const LAYERS: readonly Layer[] = [
  { name: 'base', files: /^src\/(errors|dispose|lazy|limits|codec)\.ts$|^src\/codec\//, from: [] },
  { name: 'contracts', files: /^src\/(engine|result|stop|fuel|slots|switch|room)\.ts$|^capabilities\/capability\.ts$/, from: ['base'] },
  { name: 'fs', files: /^capabilities\/fs\//, from: ['base', 'contracts'] },
  { name: 'secret', files: /^capabilities\/secret\//, from: ['base', 'contracts'] },
  { name: 'net', files: /^capabilities\/net\//, from: ['base', 'contracts', 'secret'], packages: ['undici', 'ipaddr.js'] },
  // Which addresses are public is the same question for both; their grants and records are of one kind.
  { name: 'tcp', files: /^capabilities\/tcp\//, from: ['base', 'contracts', 'net'] },
  { name: 'clock', files: /^capabilities\/clock\//, from: ['base', 'contracts'] },
  { name: 'random', files: /^capabilities\/random\//, from: ['base', 'contracts'] },
  { name: 'tool', files: /^capabilities\/tool\//, from: ['base', 'contracts'] },
  { name: 'meter', files: /^wasm\/meter\//, from: ['base'] },
  { name: 'platform', files: /^src\/platform\//, from: ['base'] },
  { name: 'component port', files: /^src\/component\/(port|seam|world|link)\.ts$/, from: ['base', 'contracts', 'fs', 'net', 'tcp', 'clock', 'random'] },
  { name: 'wasi', files: /^src\/component\/wasi\//, from: ['base', 'contracts', 'component port', 'fs', 'net', 'tcp', 'clock', 'random'] },
  {
    name: 'component',
    files: /^src\/component\/(?!(?:index|tools)\.ts)/,
    from: ['base', 'contracts', 'platform', 'meter', 'component port', 'wasi'],
    packages: ['@bytecodealliance/jco-transpile/component', '@bytecodealliance/jco-transpile/wasm-tools'],
  },
  { name: 'component entry', files: /^src\/component\/(index|tools)\.ts$/, from: ['base', 'contracts', 'component', 'component port', 'tool', 'runtime'] },
  {
    name: 'guest',
    files: /^src\/quickjs\/(guest\/|crossing-names\.ts$)/,
    from: ['base'],
    packages: [
      'sucrase', 'temporal-polyfill/implementation', 'web-streams-polyfill', 'readable-stream/lib/stream.js', 'fflate', 'urlpattern-polyfill/urlpattern', '@noble/ciphers/aes.js',
      ...['hkdf', 'hmac', 'legacy', 'pbkdf2', 'scrypt', 'sha2', 'sha3'].map((name) => `@noble/hashes/${name}.js`),
    ],
  },
  { name: 'quickjs', files: /^src\/quickjs\/(?!index\.ts)/, from: ['base', 'contracts', 'platform', 'guest'] },
  { name: 'threads', files: /^src\/threads\//, from: ['base', 'contracts', 'platform', 'quickjs'] },
  { name: 'digest', files: /^src\/digest\.ts$/, from: ['base', 'contracts'], packages: ['@noble/hashes/legacy.js', '@noble/hashes/sha2.js'] },
  {
    name: 'runtime',
    files: /^src\/(sandbox|call|run|load|component-(?:options|port)|policy|grants|ledger|door|modules|options|output|powers|pure|intl|timeout)\.ts$/,
    from: ['base', 'contracts', 'platform', 'fs', 'net', 'tcp', 'clock', 'random', 'tool', 'component port', 'quickjs', 'threads', 'digest'],
  },
  { name: 'packages', files: /^src\/packages\//, from: ['base'], packages: ['esbuild'] },
  { name: 'policy file', files: /^src\/policy-file\//, from: ['base', 'contracts', 'fs', 'net', 'tcp', 'secret', 'clock', 'random', 'runtime'], packages: ['zod'] },
  { name: 'entries', files: /^src\/(index|node|web|quickjs\/index)\.ts$/, from: ['base', 'contracts', 'fs', 'net', 'tcp', 'secret', 'clock', 'random', 'tool', 'quickjs', 'runtime', 'packages', 'policy file'] },
  { name: 'command', files: /^src\/cli\//, from: ['base', 'contracts', 'fs', 'net', 'tool', 'runtime', 'policy file', 'component'] },
]

/** Files that may import `node:` modules. */
const MAY_IMPORT_NODE = /\/node\.ts$|^src\/(cli|threads)\//

/** Others know an engine by the files that make it only: the embedder's, and the one for whoever brings a platform. */
const ENGINE_DOORS = ['src/quickjs/engine.ts', 'src/quickjs/create.ts']

/** What runs on a thread may not look for a platform: import maps end at a page, and bundlers follow no circle. */
const ON_THREAD = /^src\/threads\/(?:node|web|serve|ports|outbox|signs|box|packet|bare|protocol)\.ts$/

/** Made by the build; every other platform reads it as a file. */
const BUILT_ENGINE = 'src/quickjs.wasm'

const files = sourceFiles('src', 'capabilities', 'wasm/meter')
const layerOf = (path: string): Layer | undefined => LAYERS.find(({ files: pattern }) => pattern.test(path))

function isAllowed({ from, to }: Import): boolean {
  const layer = layerOf(from)!
  if (to.startsWith('node:')) return MAY_IMPORT_NODE.test(from)
  if (to === BUILT_ENGINE) return from === 'src/platform/workerd.ts'
  if (to === '#platform' || to === '#compiler') return layer.from.includes('platform') && !ON_THREAD.test(from)
  if (layer.packages?.includes(to) === true) return true
  if (!to.includes('/') || to.startsWith('@')) return false
  const target = to.startsWith('src/quickjs/guest/bundle/') ? 'guest' : layerOf(to)?.name
  if (target === undefined) return false
  if (target === 'quickjs' && layer.name !== 'quickjs' && !ENGINE_DOORS.includes(to)) return false
  return target === layer.name || layer.from.includes(target)
}

describe('layers', () => {
  it('hold every file', () => {
    expect(files.filter((path) => layerOf(path) === undefined)).toEqual([])
  })

  it('all have files', () => {
    expect(LAYERS.filter(({ files: pattern }) => !files.some((path) => pattern.test(path))).map(({ name }) => name)).toEqual([])
  })

  it('import in one direction', () => {
    const imports = files.flatMap(importsOf)
    expect(imports.length).toBeGreaterThan(200)
    expect(imports.filter((each) => !isAllowed(each)).map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  it.each([
    ['capabilities/fs/walk.ts', 'capabilities/net/net.ts'],
    ['capabilities/net/net.ts', 'src/run.ts'],
    ['capabilities/fs/walk.ts', 'node:fs'],
    ['src/quickjs/isolate.ts', 'capabilities/fs/walk.ts'],
    ['src/run.ts', 'src/quickjs/isolate.ts'],
    ['src/run.ts', 'zod'],
    ['src/codec/encode.ts', 'src/run.ts'],
    ['src/quickjs/guest/prelude.ts', 'src/quickjs/isolate.ts'],
    ['src/index.ts', 'undici'],
    ['src/threads/serve.ts', '#platform'],
    ['src/threads/serve.ts', 'src/quickjs/isolate.ts'],
  ])('refuse that %s imports %s', (from, to) => {
    expect(isAllowed({ from, to, isType: false })).toBe(false)
  })

  it('have no cycle of imports that are there at run time', () => {
    const edges = new Map(files.map((path) => [path, importsOf(path).filter(({ isType, to }) => !isType && to.includes('/')).map(({ to }) => to)]))
    const done = new Set<string>()
    const cycles: string[] = []
    const visit = (path: string, above: readonly string[]): void => {
      if (above.includes(path)) cycles.push([...above.slice(above.indexOf(path)), path].join(' -> '))
      if (done.has(path) || above.includes(path)) return
      for (const next of edges.get(path) ?? []) visit(next, [...above, path])
      done.add(path)
    }
    for (const path of files) visit(path, [])
    expect(cycles).toEqual([])
  })
})
