import { GloveboxError } from '../errors.js'
import { assemble, checkModules, type Description, toCompiled } from './assemble.js'
import type { Compiled } from './compiled.js'
import { type CompileOptions, canSuspend, checkDigest, prepareComponent } from './compile.js'
import { type GlueFactory, toModule } from './glue.js'
import type { CoreFile } from './modules.js'
import { TOOLCHAIN } from './toolchain.js'

/** A component prepared ahead of time, as `index.js` of its folder exports it. */
export interface Prebuilt {
  readonly kind: 'component'
  readonly manifest: Manifest
  readonly glue: GlueFactory
  /** Compiled modules by file name. */
  readonly modules: Readonly<Record<string, WebAssembly.Module>>
}

/** `component.json` of such a folder. */
export interface Manifest extends Description {
  readonly toolchain: typeof TOOLCHAIN
  readonly glueSha256: string
  readonly modules: readonly (Omit<CoreFile, 'module'> & { readonly sha256: string })[]
}

/**
 * Prepares a component ahead of time, for platforms that compile nothing at run time, and writes it to a folder:
 * the metered modules, the glue as an ES module, `component.json` with all digests, `index.js` for platforms that
 * import modules of WebAssembly, and `node.js` for those that read files.
 * @throws GloveboxError as `compileComponent` does
 * @example
 * await writePrebuilt(await readFile('tool.wasm'), 'edge/tool', { platform })
 * // on the edge: import tool from './edge/tool/index.js'
 */
export async function writePrebuilt(bytes: Uint8Array, directory: string, options: CompileOptions): Promise<Manifest> {
  const { platform } = options
  const { prepared, digest } = await prepareComponent(bytes, options)
  // All names are checked before anything is written that an import evaluates.
  await assemble(prepared, { digest, size: bytes.length, platform })
  const { glue, modules, mode, world, features } = prepared
  const text = new TextEncoder().encode(toModule(glue))
  const files = new Map<string, Uint8Array>([['glue.js', text]])
  const listed: Manifest['modules'][number][] = []
  for (const { bytes: module, ...file } of modules) {
    files.set(file.name, module)
    listed.push({ ...file, size: module.length, sha256: await platform.digest(module) })
  }
  const manifest: Manifest = { toolchain: TOOLCHAIN, digest, size: bytes.length, mode, features, glueSize: glue.length, glueSha256: await platform.digest(text), modules: listed, world }
  const json = JSON.stringify(manifest)
  for (const [name, content] of [['component.json', `${json}\n`], ['index.js', toIndex(json, listed)], ['node.js', toNodeIndex(json, listed)]] as const) files.set(name, new TextEncoder().encode(content))
  const store = platform.openStore(directory)
  for (const [name, content] of files) await store.write(name, content)
  return manifest
}

/**
 * Takes a component that was prepared ahead of time; its code is as trusted as the program it was built into.
 * @throws GloveboxError `digest-mismatch`, `invalid-component`, `unsupported-platform`
 * @example
 * const compiled = loadPrebuilt((await import('./edge/tool/index.js')).default)
 */
export function loadPrebuilt(prebuilt: Prebuilt, { sha256 }: { readonly sha256?: string | undefined } = {}): Compiled {
  const { kind, manifest, glue, modules } = prebuilt
  if (kind !== 'component' || typeof manifest !== 'object' || manifest === null || typeof glue !== 'function' || typeof modules !== 'object' || modules === null) {
    throw new GloveboxError('invalid-option', 'Cannot load the component: expected what index.js of a folder made by "glovebox build" exports')
  }
  if (manifest.toolchain?.form !== TOOLCHAIN.form) throw new GloveboxError('invalid-component', 'Cannot load the component: it was prepared by another version of glovebox; run "glovebox build" again')
  checkDigest(manifest.digest, sha256)
  if (manifest.mode === 'jspi' && !canSuspend()) throw new GloveboxError('unsupported-platform', 'Cannot load the component: it was prepared for engines that can suspend a call, and this one cannot; prepare it with mode "sync"')
  const files = manifest.modules.map((file): CoreFile => {
    const module = Object.hasOwn(modules, file.name) ? modules[file.name] : undefined
    if (!(module instanceof WebAssembly.Module)) throw new GloveboxError('invalid-component', `Cannot load the component: ${file.name} is not there as a WebAssembly.Module`)
    return { ...file, module }
  })
  checkModules(files)
  return toCompiled(manifest, files, glue)
}

type Listed = readonly { readonly name: string }[]

const toIndex = (json: string, files: Listed): string => `import glue from './glue.js'
${files.map(({ name }, index) => `import module${index} from './${name}'`).join('\n')}

export default {
  kind: 'component',
  glue,
  modules: { ${files.map(({ name }, index) => `'${name}': module${index}`).join(', ')} },
  manifest: ${json},
}
`

const toNodeIndex = (json: string, files: Listed): string => `import { readFile } from 'node:fs/promises'
import glue from './glue.js'

const compile = async (name) => [name, await WebAssembly.compile(await readFile(new URL(name, import.meta.url)))]

export default {
  kind: 'component',
  glue,
  modules: Object.fromEntries(await Promise.all([${files.map(({ name }) => `'${name}'`).join(', ')}].map(compile))),
  manifest: ${json},
}
`
