import { type Mode, lookUp } from './exports-map.js'
import { absolute, folderOf, isPath } from './paths.js'

/** What resolving asks of the mounts. */
export interface Files {
  /** The text of a file, or `undefined` where there is none. */
  read(path: string): string | undefined
  isFile(path: string): boolean
  isFolder(path: string): boolean
  /** The canonical name of a built-in module. */
  builtin(specifier: string): string | undefined
}

export interface Manifest {
  readonly name?: unknown
  readonly type?: unknown
  readonly main?: unknown
  readonly module?: unknown
  readonly exports?: unknown
  readonly imports?: unknown
  readonly browser?: unknown
}

const EXTENSIONS = ['', '.js', '.json', '.cjs', '.mjs', '.ts', '.mts', '.cts']
const FULL = /\.(?:[cm]?[jt]s|json)$/
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/
const NAME = /^(?:@[^/\\%]+\/)?[^./\\%@][^/\\%]*/

/** Where the modules of mounted packages lie, by the rules of Node's two loaders, the more lenient one for paths. */
export const createResolver = (files: Files) => {
  const manifests = new Map<string, Manifest | undefined>()
  const folders = new Map<string, boolean>()
  /** Files by what they were found as; each question is a host call. */
  const found = new Map<string, string>()

  const isFolder = (path: string): boolean => {
    const known = folders.get(path)
    if (known !== undefined) return known
    const is = files.isFolder(path)
    folders.set(path, is)
    return is
  }

  /** The `package.json` of a folder, or `undefined`. */
  const manifestOf = (folder: string): Manifest | undefined => {
    if (manifests.has(folder)) return manifests.get(folder)
    const path = folder === '/' ? '/package.json' : `${folder}/package.json`
    const text = files.read(path)
    let manifest: Manifest | undefined
    if (text !== undefined) {
      try {
        manifest = JSON.parse(text) as Manifest
      } catch (error) {
        throw Object.assign(new SyntaxError(`Cannot read "${path}": ${(error as Error).message}`), { code: 'ERR_INVALID_PACKAGE_CONFIG' })
      }
      manifest = Object.assign(Object.create(null), manifest) as Manifest
    }
    manifests.set(folder, manifest)
    return manifest
  }

  /** The nearest folder at or above `folder` that is a package's. */
  const packageOf = (folder: string): { readonly folder: string; readonly manifest: Manifest } | undefined => {
    for (let at = folder; ; at = folderOf(at)) {
      const manifest = at.endsWith('/node_modules') ? undefined : manifestOf(at)
      if (manifest !== undefined) return { folder: at, manifest }
      if (at === '/' || at.endsWith('/node_modules')) return undefined
    }
  }

  /** The file a path means: itself, with an extension, or the main file of the folder it is. */
  const toFile = (path: string): string | undefined => {
    const known = found.get(path)
    if (known !== undefined) return known
    const file = searchFile(path)
    if (file !== undefined) found.set(path, file)
    return file
  }

  const searchFile = (path: string): string | undefined => {
    for (const extension of EXTENSIONS) if (files.isFile(path + extension)) return path + extension
    const manifest = manifestOf(path)
    if (typeof manifest?.main === 'string') {
      const main = absolute(path, manifest.main)
      for (const extension of EXTENSIONS) if (files.isFile(main + extension)) return main + extension
      if (files.isFile(`${main}/index.js`)) return `${main}/index.js`
    }
    for (const index of ['index.js', 'index.json', 'index.mjs', 'index.cjs', 'index.ts']) if (files.isFile(`${path}/${index}`)) return `${path}/${index}`
    return undefined
  }

  /**
   * The variant for pages of a file behind a package's entry, which needs no sockets and native code; what `browser` says
   * of entries and of other packages is passed over, as it often needs a document where Node's works.
   */
  const forPages = (file: string): string => {
    const root = PACKAGE.exec(file)?.[0]
    if (root === undefined) return file
    const map = manifestOf(root)?.browser as Record<string, unknown> | string | null | undefined
    if (typeof map !== 'object' || map === null) return file
    const key = `.${file.slice(root.length)}`
    const target = [key, key.replace(/\.[^./]+$/, '')].filter((name) => Object.hasOwn(map, name)).map((name) => map[name])[0]
    if (typeof target !== 'string') return file
    const path = absolute(root, target)
    return path.startsWith(`${root}/`) ? (toFile(path) ?? file) : file
  }

  const within = (folder: string, manifest: Manifest, key: string, mode: Mode): string | undefined => {
    if (manifest.exports !== undefined && manifest.exports !== null) {
      const target = lookUp(manifest.exports, key, mode)
      if (typeof target !== 'string' || !target.startsWith('./') || target.includes('/node_modules/') || target.split('/').includes('..')) {
        throw Object.assign(new Error(`Package "${String(manifest.name ?? folder)}" does not export "${key}"`), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' })
      }
      return toFile(absolute(folder, target))
    }
    if (key !== '.') return toFile(absolute(folder, key))
    if (mode === 'import' && typeof manifest.module === 'string') {
      const file = toFile(absolute(folder, manifest.module))
      if (file !== undefined) return file
    }
    return toFile(folder)
  }

  /** The file `specifier` means to a module in `folder`, a specifier to resolve in its place, or `undefined`. */
  const resolve = (folder: string, specifier: string, mode: Mode): string | undefined => {
    if (isPath(specifier)) {
      const file = toFile(absolute(folder, specifier))
      return file === undefined ? undefined : forPages(file)
    }
    if (specifier.startsWith('#')) {
      const own = packageOf(folder)
      const target = own === undefined ? undefined : lookUp(own.manifest.imports, specifier, mode)
      if (own === undefined || typeof target !== 'string') return undefined
      return target.startsWith('./') ? toFile(absolute(own.folder, target)) : (files.builtin(target) ?? resolve(own.folder, target, mode))
    }
    const name = NAME.exec(specifier)?.[0]
    if (name === undefined) return undefined
    const key = `.${specifier.slice(name.length)}`
    const own = packageOf(folder)
    if (own?.manifest.name === name && own.manifest.exports !== undefined) return within(own.folder, own.manifest, key, mode)
    for (let at = folder; ; at = folderOf(at)) {
      const shelf = `${at === '/' ? '' : at}/node_modules`
      if (!at.endsWith('/node_modules') && isFolder(shelf)) {
        const place = `${shelf}/${name}`
        const manifest = manifestOf(place)
        if (manifest !== undefined) return within(place, manifest, key, mode)
        const file = toFile(absolute(place, key))
        if (file !== undefined) return file
      }
      if (at === '/') return undefined
    }
  }

  /** As `resolve`, for `import`: a path in full is what it says, and not looked at, unless it has a variant. */
  const resolveImport = (folder: string, specifier: string): string | undefined => {
    if (!isPath(specifier) || !FULL.test(specifier)) return resolve(folder, specifier, 'import')
    const path = absolute(folder, specifier)
    const file = forPages(path)
    return file === path ? undefined : file
  }

  return { resolve, resolveImport, packageOf }
}
