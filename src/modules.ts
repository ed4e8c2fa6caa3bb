import { decode } from './codec.js'
import type { HostAnswer, Ports } from './engine.js'
import { GloveboxError } from './errors.js'

export interface ModuleSourcesOptions {
  /** Sources by name: `./util.ts` beside the program, or a bare name. */
  readonly modules: Readonly<Record<string, string>>
  /** Guest paths of the mounts. */
  readonly mounts: Iterable<string>
  readonly call: (operation: string, ...args: unknown[]) => HostAnswer
}

const TYPESCRIPT = /\.[cm]?ts$/

/**
 * Where a program's imports come from: what the embedder passed, then the mounts, each read through the same door as
 * any file. Nothing else can be imported: no URL, no host path.
 */
export function createModuleSources({ modules, mounts, call }: ModuleSourcesOptions): Pick<Ports, 'resolveModule' | 'loadModule'> {
  const given = new Map<string, string>()
  for (const [name, source] of Object.entries(modules)) given.set(toModuleName(name), source)
  const mounted = [...mounts]
  // Through the door like any call: what a program tried to import is counted and on record.
  const refuse = (specifier: string): ReturnType<typeof missing> => {
    call('module.load', specifier)
    return missing(specifier)
  }
  return {
    resolveModule(importer, specifier) {
      if (given.has(specifier)) return { ok: true, name: specifier }
      if (!isRelative(specifier) && !specifier.startsWith('/')) return refuse(specifier)
      return { ok: true, name: toAbsolute(folderOf(importer), specifier) }
    },
    loadModule(name) {
      const language = TYPESCRIPT.test(name) ? 'ts' : 'js'
      const source = given.get(name)
      if (source !== undefined) return { ok: true, source, language }
      if (!mounted.some((mount) => name.startsWith(mount === '/' ? '/' : `${mount}/`))) return refuse(name)
      const answer = call('fs.readFile', name, { encoding: 'utf8' })
      if (!answer.ok) return { ok: false, error: answer.error }
      return { ok: true, source: String(answer.message === undefined ? answer.value : decode(answer.message)), language }
    },
  }
}

/** The name under which a passed module is found: beside the program when it is relative. */
export function toModuleName(name: string): string {
  return isRelative(name) ? toAbsolute('/', name) : name
}

/** @throws GloveboxError `invalid-module` */
export function checkModules(modules: unknown): Readonly<Record<string, string>> {
  if (modules === undefined) return {}
  if (typeof modules !== 'object' || modules === null || Array.isArray(modules)) {
    throw new GloveboxError('invalid-module', 'Cannot use "modules": expected an object of source texts by name')
  }
  for (const [name, source] of Object.entries(modules)) {
    if (typeof source !== 'string') throw new GloveboxError('invalid-module', `Cannot use module "${name}": expected its source text, got ${typeof source}`)
    if (name === '' || name.includes('\0')) throw new GloveboxError('invalid-module', `Cannot use module "${name}": a name is not empty and has no NUL`)
  }
  return { ...(modules as Record<string, string>) }
}

function missing(specifier: string): { readonly ok: false; readonly error: { readonly name: string; readonly code: string; readonly message: string } } {
  const place = isRelative(specifier) || specifier.startsWith('/') ? 'mount its folder with grants.fs' : 'it is not built in'
  return { ok: false, error: { name: 'Error', code: 'ERR_MODULE_NOT_FOUND', message: `Cannot find module "${specifier}": ${place} or pass it as modules[${JSON.stringify(specifier)}]` } }
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('./') || specifier.startsWith('../')
}

function folderOf(name: string): string {
  return name.startsWith('/') ? name.slice(0, name.lastIndexOf('/') + 1) : '/'
}

function toAbsolute(folder: string, specifier: string): string {
  const parts: string[] = []
  for (const part of (specifier.startsWith('/') ? specifier : `${folder}/${specifier}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
