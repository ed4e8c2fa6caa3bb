import type { DirNode, FileNode, Identity, Stat } from '../../../capabilities/fs/dir.js'
import { FsFault, isFault } from '../../../capabilities/fs/fault.js'
import { withNameAt } from '../../../capabilities/fs/tree.js'
import { walk } from '../../../capabilities/fs/walk.js'

/** `wasi:filesystem/types` `open-flags` and `descriptor-flags`, as the glue gives them. */
export interface OpenFlags {
  readonly create?: boolean
  readonly directory?: boolean
  readonly exclusive?: boolean
  readonly truncate?: boolean
}

export interface DescriptorFlags {
  readonly read?: boolean
  readonly write?: boolean
  readonly fileIntegritySync?: boolean
  readonly dataIntegritySync?: boolean
  readonly requestedWriteSync?: boolean
  readonly mutateDirectory?: boolean
}

export interface PathFlags {
  readonly symlinkFollow?: boolean
}

export interface Found {
  readonly dir?: DirNode
  readonly file?: FileNode
  /** How many directories below the base it lies. */
  readonly depth: number
}

/** Opens what `path` names: a file, or a directory where it is one and only reading is asked. The caller closes it. */
export function openAt(base: DirNode, path: string, follow: boolean, open: OpenFlags, flags: DescriptorFlags): Found {
  const creates = Boolean(open.create)
  const exclusive = creates && Boolean(open.exclusive)
  const writes = Boolean(flags.write || open.truncate)
  const opening = { read: Boolean(flags.read), write: writes, create: creates, exclusive, truncate: Boolean(open.truncate) }
  return walk(base, path, { follow: follow && !exclusive }, ({ dir, name, parents, directory }): Found => {
    const depth = parents.length + (name === undefined ? 0 : 1)
    if (name !== undefined && !directory && !open.directory) {
      try {
        return { file: dir.openFile(name, opening), depth }
      } catch (error) {
        if (writes || creates || !isFault(error, 'EISDIR')) throw error
      }
    }
    if (exclusive) throw new FsFault(name === undefined || dir.lookup(name) ? 'EEXIST' : 'EISDIR')
    const found = name === undefined ? dir.reopen() : openDirectory(dir, name, creates)
    if (!writes && !creates) return { dir: found, depth }
    found.close()
    throw new FsFault('EISDIR')
  })
}

function openDirectory(dir: DirNode, name: string, creates: boolean): DirNode {
  try {
    return dir.openDir(name)
  } catch (error) {
    if (isFault(error, 'ENOTDIR') && dir.lookup(name)?.type === 'symlink') throw new FsFault('ELOOP')
    if (creates && isFault(error, 'ENOENT')) throw new FsFault('EISDIR')
    throw error
  }
}

/** The status of what `path` names, and how to tell it from others. */
export function lookAt(base: DirNode, path: string, follow: boolean): { readonly stat: Stat; readonly identity: Identity } {
  return walk(base, path, { follow }, ({ dir, name, directory }) => {
    const stat = name === undefined ? dir.stat() : dir.lookup(name)
    const identity = dir.identity(name)
    if (!stat || identity === undefined) throw new FsFault('ENOENT')
    if (stat.type === 'symlink' && (follow || directory)) throw new FsFault('ELOOP')
    if (directory && stat.type !== 'directory') throw new FsFault('ENOTDIR')
    return { stat, identity }
  })
}

/** Calls `use` with the place of a name that is acted upon; for a path that ends at the base or in `..` it is `fault`. */
export function atName<T>(base: DirNode, path: string, fault: FsFault, use: (dir: DirNode, name: string, directory: boolean) => T): T {
  return walk(base, path, {}, ({ dir, name, directory }) => {
    if (name === undefined) throw fault
    return use(dir, name, directory)
  })
}

/** As `atName`, for a name that is made and is no directory: a trailing slash asks for one. */
export function atNewName(base: DirNode, path: string, use: (dir: DirNode, name: string) => void): void {
  atName(base, path, new FsFault('EEXIST'), (dir, name, directory) => {
    if (directory) throw new FsFault(dir.lookup(name) ? 'EEXIST' : 'ENOENT')
    use(dir, name)
  })
}

/** Makes another name of a file. A link is linked itself. */
export function linkAt(base: DirNode, path: string, to: DirNode, toPath: string): void {
  withNameAt(base, path, (dir, name, { directory }) => {
    const type = dir.lookup(name)?.type
    if (!type) throw new FsFault('ENOENT')
    if (directory && type !== 'directory') throw new FsFault('ENOTDIR')
    atNewName(to, toPath, (toDir, toName) => dir.link(name, toDir, toName))
  })
}

/** Removes a name that is no directory's. */
export function unlinkAt(base: DirNode, path: string): void {
  atName(base, path, new FsFault('EISDIR'), (dir, name, directory) => {
    if (directory && dir.lookup(name)?.type !== 'directory') throw new FsFault(dir.lookup(name) ? 'ENOTDIR' : 'ENOENT')
    dir.unlink(name)
  })
}
