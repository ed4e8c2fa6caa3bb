import { GuestVisibleError } from '../capability.js'
import type { Spot } from './context.js'
import { FsFault, isFault } from './fault.js'
import { copyContents, withFile } from './file-operations.js'
import { entriesOf, realPathAt, statAt, withDirAt, withNameAt } from './tree.js'

export interface CopyOptions {
  readonly recursive: boolean
  /** Replaces files that are there. */
  readonly force: boolean
  /** With `force` off: fails on one, instead of leaving it. */
  readonly errorOnExist: boolean
  spend(bytes: number): void
  /** Attributes refusals to the target. */
  within<T>(use: () => T): T
}

const DEPTH = 256

/** Copies a file, a link as a link, or a whole directory, as Node's `cp` does. */
export function copyTree(source: Spot, target: Spot, options: CopyOptions, depth = 0): void {
  if (depth > DEPTH) throw new FsFault('ENAMETOOLONG')
  const { type } = statAt(source.root, source.inner)
  options.spend(source.inner.length)
  if (depth === 0) {
    if (type === 'directory' && !options.recursive) throw cpError('ERR_FS_EISDIR', 'Recursive option not enabled, cannot copy a directory', source.path)
    if (isInside(source, target)) throw cpError('ERR_FS_CP_EINVAL', 'Cannot copy to a subdirectory of self', target.path)
  }
  if (type === 'directory') return copyDirectory(source, target, options, depth)
  const there = options.within(() => lookup(target))
  if (there && !options.force) {
    if (options.errorOnExist) throw cpError('ERR_FS_CP_EEXIST', 'Target already exists', target.path)
    return
  }
  if (type === 'symlink') return copyLink(source, target, there !== undefined, options)
  withFile(source, { read: true }, (file) => options.within(() => copyContents(file, target, false, options.spend)))
}

function copyDirectory(source: Spot, target: Spot, options: CopyOptions, depth: number): void {
  options.within(() => {
    try {
      withNameAt(target.root, target.inner, (dir, name) => dir.mkdir(name))
    } catch (error) {
      if (!isFault(error, 'EEXIST', 'EBUSY')) throw error
      if (statAt(target.root, target.inner, { follow: true }).type !== 'directory') throw new FsFault('ENOTDIR')
    }
  })
  const names = withDirAt(source.root, source.inner, (dir) => entriesOf(dir).map(({ name }) => name))
  for (const name of names) copyTree(child(source, name), child(target, name), options, depth + 1)
}

function copyLink(source: Spot, target: Spot, replace: boolean, options: CopyOptions): void {
  const text = withNameAt(source.root, source.inner, (dir, name) => dir.readlink(name))
  options.within(() =>
    withNameAt(target.root, target.inner, (dir, name) => {
      if (replace) dir.unlink(name)
      dir.symlink(name, text)
    }))
}

function lookup(spot: Spot): string | undefined {
  try {
    return statAt(spot.root, spot.inner).type
  } catch (error) {
    if (isFault(error, 'ENOENT')) return undefined
    throw error
  }
}

function child(spot: Spot, name: string): Spot {
  const inner = spot.inner === '.' ? name : `${spot.inner.replace(/\/$/, '')}/${name}`
  return { ...spot, inner, path: `${spot.path === '/' ? '' : spot.path}/${name}` }
}

/** Whether the target lies in the source, or is it, links resolved as far as there is something. */
function isInside(source: Spot, target: Spot): boolean {
  if (source.mount !== target.mount) return false
  const from = realPathOrParent(source)
  const to = realPathOrParent(target)
  return from.every((name, i) => to[i] === name) && (to.length >= from.length)
}

function realPathOrParent(spot: Spot): readonly string[] {
  const names = spot.inner.split('/').filter((name) => name !== '' && name !== '.')
  for (let known = names.length; known > 0; known--) {
    try {
      return [...realPathAt(spot.root, names.slice(0, known).join('/')), ...names.slice(known)]
    } catch (error) {
      if (!isFault(error, 'ENOENT', 'ELOOP', 'ENOTDIR')) throw error
    }
  }
  return names
}

function cpError(code: string, message: string, path: string): GuestVisibleError {
  return new GuestVisibleError('SystemError', code, `${message}: ${path}`, { syscall: 'cp', path })
}
