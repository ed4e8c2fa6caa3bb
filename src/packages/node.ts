import { builtinModules } from 'node:module'
import { resolve } from 'node:path'
import { GloveboxError } from '../errors.js'

export interface BundleOptions {
  /** Folder in whose `node_modules` the packages are looked for. @default the working directory */
  readonly from?: string
  /** Calls of these are replaced by their values, as in `{ 'process.env.NODE_ENV': '"production"' }`, which is the default. */
  readonly define?: { readonly [name: string]: string }
}

/** How an isolate is told to packages: like a page or an edge runtime, with web APIs and no native code. */
const CONDITIONS = ['workerd', 'edge-light', 'worker', 'browser', 'module', 'import', 'default']

/**
 * Makes a set of packages that `quickjs({ packages })` keeps in its image, with everything they import in it.
 * Needs `esbuild`, an optional peer. What the packages run while they load is run by the engine, not here.
 *
 * @param names packages, or paths behind their names: `['lodash-es', 'date-fns/locale']`
 * @returns sources by name, plain data that can be kept as JSON
 * @throws GloveboxError `invalid-option` when one cannot be found or bundled, `missing-dependency` without esbuild
 * @example
 * const packages = await bundle(['lodash-es', 'date-fns'])
 * await using sandbox = await createSandbox({ engines: [quickjs({ packages })] })
 */
export async function bundle(names: readonly string[], options: BundleOptions = {}): Promise<{ readonly [name: string]: string }> {
  if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== 'string' || !/^[^./]/.test(name))) {
    throw new GloveboxError('invalid-option', 'bundle: expected names of packages, such as ["lodash-es"]')
  }
  for (const key of Object.keys(options)) {
    if (key !== 'from' && key !== 'define') throw new GloveboxError('invalid-option', `bundle: unknown option "${key}"; use one of from, define`)
  }
  const esbuild = await loadEsbuild()
  const { outputFiles } = await build(esbuild, names, options)
  const set: Record<string, string> = {}
  for (const { path, text } of outputFiles) {
    const file = path.slice(path.lastIndexOf('/') + 1)
    const entry = /^entry-(\d+)\.js$/.exec(file)
    set[entry === null ? `/${file}` : names[Number(entry[1])]!] = text
  }
  return Object.freeze(set)
}

type Esbuild = typeof import('esbuild')

async function loadEsbuild(): Promise<Esbuild> {
  try {
    return await import('esbuild')
  } catch (cause) {
    throw new GloveboxError('missing-dependency', 'bundle: esbuild is not installed; run `npm install esbuild`', { cause })
  }
}

async function build(esbuild: Esbuild, names: readonly string[], { from, define }: BundleOptions) {
  try {
    return await esbuild.build({
      entryPoints: Object.fromEntries(names.map((name, index) => [`entry-${index}`, name])),
      absWorkingDir: resolve(from ?? '.'),
      bundle: true,
      write: false,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2023',
      conditions: CONDITIONS,
      mainFields: ['module', 'main'],
      outdir: '/packages',
      chunkNames: 'chunk-[hash]',
      charset: 'utf8',
      legalComments: 'none',
      // Classes are renamed where chunks meet, and libraries print their names.
      keepNames: true,
      minifySyntax: true,
      minifyWhitespace: true,
      define: { 'process.env.NODE_ENV': '"production"', ...define },
      external: builtinModules.flatMap((name) => [name, `node:${name}`]),
      logLevel: 'silent',
    })
  } catch (cause) {
    const [first] = (cause as { errors?: readonly { readonly text: string }[] }).errors ?? []
    throw new GloveboxError('invalid-option', `bundle: ${first?.text ?? (cause as Error).message}; is the package installed?`, { cause })
  }
}
