import { builtinNames, builtinOf, toBuiltin } from '../builtin-modules.js'
import type { GuestCore } from '../core.js'
import { exportNames } from '../export-names.js'
import { type Format, formatOf } from './packages/format.js'
import { folderOf } from './packages/paths.js'
import type { Mode } from './packages/exports-map.js'
import { createResolver } from './packages/resolve.js'

interface Module {
  readonly id: string
  readonly filename: string
  readonly children: Module[]
  readonly paths: readonly string[]
  exports: any
  loaded: boolean
}

interface Require {
  (specifier: unknown): unknown
  resolve(specifier: unknown): string
  readonly cache: Record<string, Module | undefined>
  readonly main: Module
}

/** CommonJS, and where packages lie in the mounts; asked by the host for what `import` cannot find by itself. */
export default (core: GuestCore) => {
  const { mounts, given: names, filename } = core.settings()
  const given = new Set(names)
  const isMounted = (path: string): boolean => mounts.some((mount) => mount === '/' || path === mount || path.startsWith(`${mount}/`))
  const kindOf = (path: string): string | undefined => {
    if (!isMounted(path)) return undefined
    try {
      return (core.call('fs.stat', path) as { readonly type: string }).type
    } catch {
      return undefined
    }
  }
  const files = {
    builtin: toBuiltin,
    isFile: (path: string): boolean => given.has(path) || kindOf(path) === 'file',
    isFolder: (path: string): boolean => [...names, ...mounts].some((name) => name.startsWith(`${path}/`)) || kindOf(path) === 'directory',
    read(path: string): string | undefined {
      if (given.has(path)) return core.source(path)
      if (!isMounted(path)) return undefined
      try {
        return core.call('fs.readFile', path, { encoding: 'utf8' }) as string
      } catch {
        return undefined
      }
    },
  }
  const { resolve, resolveImport, packageOf } = createResolver(files)
  const loaded: Record<string, Module | undefined> = Object.create(null)

  const create = (filename: string): Module => ({ id: filename, filename, children: [], paths: [], exports: {}, loaded: false })
  const main = create(filename)
  const initial = main.exports as object

  /** What was compiled to see whether it can be. */
  const compiled = new Map<string, ReturnType<GuestCore['script']>>()
  const toFormat = (path: string, source: string, mode: Mode): Format => {
    const compiles = (): boolean => {
      try {
        compiled.set(path, core.script(path, source))
        return true
      } catch {
        return false
      }
    }
    return formatOf(path, source, { manifest: packageOf(folderOf(path))?.manifest, mode, compiles })
  }

  const find = (folder: string, specifier: string): string => {
    const known = toBuiltin(specifier) ?? (given.has(specifier) || core.packaged(specifier) !== undefined ? specifier : undefined)
    if (known !== undefined) return known
    const found = resolve(folder, specifier, 'require')
    // What cannot be found is asked for all the same: the host refuses it in its own words, and records that.
    return found ?? specifier
  }

  const load = (path: string, parent: Module): unknown => {
    const builtin = builtinOf(path)
    if (builtin !== undefined) return builtin.member === undefined ? core.lib(builtin.library) : core.lib(builtin.library)[builtin.member]
    const packaged = core.packaged(path)
    if (packaged !== undefined) return toExports(packaged)
    const cached = loaded[path]
    if (cached !== undefined) return cached.exports
    const source = core.source(path)
    const format = toFormat(path, source, 'require')
    if (format === 'module') {
      throw Object.assign(new Error(`require() of "${path}", which is an ES module; use import or await import("${path}")`), { code: 'ERR_REQUIRE_ESM' })
    }
    const module = create(path)
    loaded[path] = module
    parent.children.push(module)
    try {
      if (format === 'json') module.exports = parseJson(path, source)
      else (compiled.get(path) ?? core.script(path, source)).call(module.exports, module.exports, createRequire(path, module), module, path, folderOf(path))
    } catch (error) {
      delete loaded[path]
      throw error
    }
    module.loaded = true
    return module.exports
  }

  const createRequire = (filename: string, module: Module = create(filename)): Require => {
    const folder = folderOf(filename)
    const check = (specifier: unknown): string => {
      if (typeof specifier === 'string' && specifier !== '') return specifier
      throw Object.assign(new TypeError('The "id" argument must be a non-empty string'), { code: 'ERR_INVALID_ARG_TYPE' })
    }
    const require = (specifier: unknown): unknown => load(find(folder, check(specifier)), module)
    return Object.assign(require, { resolve: (specifier: unknown) => find(folder, check(specifier)), cache: loaded as Require['cache'], main })
  }

  return {
    createRequire,
    require: createRequire(filename, main),
    main,
    /** What a program left in `module.exports`, or `undefined` when it left it alone. */
    result: (): unknown => (main.exports !== initial || Object.keys(initial).length > 0 ? main.exports : undefined),
    /** The file an import means, or an empty text. */
    resolve: (importer: string, specifier: string): string => resolveImport(importer.startsWith('/') ? folderOf(importer) : '/', specifier) ?? '',
    format: (path: string, source: string): Format => toFormat(path, source, 'import'),
    load: (path: string): unknown => load(path, main),
    /** Names by which `import` may ask for parts of what `require` gives, with commas between them. */
    names: (path: string): string => exportNames(load(path, main)),
    /** `node:module`. */
    module: {
      createRequire: (filename: unknown) => createRequire(String(filename).replace(/^file:\/\//, '')),
      builtinModules: builtinNames().map((name) => name.slice('node:'.length)),
      isBuiltin: (name: unknown) => toBuiltin(String(name)) !== undefined,
    },
  }
}

/** What `require` gives of an ES module: its `module.exports` where it stands for a CommonJS one. */
function toExports(namespace: Record<string, unknown>): unknown {
  return 'module.exports' in namespace ? namespace['module.exports'] : namespace
}

function parseJson(path: string, source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    throw new SyntaxError(`${path}: ${(error as Error).message}`)
  }
}
