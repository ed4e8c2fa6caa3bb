import { GloveboxError } from '../../src/errors.js'
import type { Dir } from './dir.js'
import { FsFault } from './fault.js'
import { PATH_BYTES, utf8Length } from './name.js'
import { isDir } from './options.js'

const SLASH = 47
const DOT = 46

export interface Mount {
  /** Where the guest finds it: absolute, normalised. */
  readonly path: string
  readonly dir: Dir
}

/** What a guest path names: something in a mount, a directory that only leads to mounts, or nothing granted. */
export type Located =
  | { readonly kind: 'mount'; readonly path: string; readonly mount: Mount; /** Within the mount; `.` is its root. */ readonly inner: string }
  | { readonly kind: 'virtual'; readonly path: string; readonly names: readonly string[] }
  | { readonly kind: 'none'; readonly path: string }

/**
 * Checks the places of directories: each absolute and normalised, none within another, each directory value a capability.
 *
 * @throws GloveboxError `invalid-grant`
 */
export function toMounts(mounts: ReadonlyMap<string, Dir>): readonly Mount[] {
  const list = [...mounts].map(([path, dir]): Mount => {
    checkMountPath(path)
    if (!isDir(dir)) throw new GloveboxError('invalid-grant', `Cannot mount "${path}": expected a directory; make one with memoryDir() or openDir()`)
    return Object.freeze({ path, dir })
  })
  for (const outer of list) {
    const inner = list.find(({ path }) => path !== outer.path && isWithin(path, outer.path))
    if (inner) throw new GloveboxError('invalid-grant', `Cannot mount "${inner.path}": it lies within the mount "${outer.path}"; mount them side by side`)
  }
  return Object.freeze(list)
}

function checkMountPath(path: unknown): void {
  const valid = typeof path === 'string' && path.startsWith('/') && path.isWellFormed() && normalise(path) === path
    && !/\p{Cc}/u.test(path) && utf8Length(path) <= 1024
  if (!valid) {
    throw new GloveboxError('invalid-grant', `Cannot mount at ${JSON.stringify(path)}: expected an absolute path such as "/data", without "..", "." or a trailing slash`)
  }
}

/** The canonical form of a guest path: absolute from the virtual working directory `/`, `.` and `..` resolved as text. */
export function normalise(path: string): string {
  if (isCanonical(path)) return path
  const names: string[] = []
  for (const name of path.split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return `/${names.join('/')}`
}

/** Whether a path begins with `/`, and no name in it is empty or begins with a dot: then there is nothing to resolve. */
function isCanonical(path: string): boolean {
  const { length } = path
  if (length < 2 || path.charCodeAt(length - 1) === SLASH) return false
  let before = 0
  for (let i = 0; i < length; i++) {
    const unit = path.charCodeAt(i)
    if (i === 0 ? unit !== SLASH : before === SLASH && (unit === SLASH || unit === DOT)) return false
    before = unit
  }
  return true
}

/** Finds what a canonical guest path names; `directory` keeps its trailing slash. */
export function locate(mounts: readonly Mount[], path: string, directory: boolean): Located {
  if (3 * path.length > PATH_BYTES && utf8Length(path) > PATH_BYTES) throw new FsFault('ENAMETOOLONG')
  const mount = mountOf(mounts, path)
  if (mount) {
    const inner = path.slice(mount.path === '/' ? 1 : mount.path.length + 1)
    return { kind: 'mount', path, mount, inner: inner === '' ? '.' : directory ? `${inner}/` : inner }
  }
  const prefix = path === '/' ? '/' : `${path}/`
  const below = mounts.filter((candidate) => candidate.path.startsWith(prefix))
  const names = [...new Set(below.map((candidate) => candidate.path.slice(prefix.length).split('/', 1)[0] as string))].sort()
  return names.length > 0 ? { kind: 'virtual', path, names } : { kind: 'none', path }
}

function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  for (const mount of mounts) if (isWithin(path, mount.path)) return mount
  return undefined
}

function isWithin(path: string, mount: string): boolean {
  if (!path.startsWith(mount)) return false
  return mount === '/' || path.length === mount.length || path.charCodeAt(mount.length) === SLASH
}
