import type { DirNode } from './dir.js'
import { FsFault, FsRefused, isFault } from './fault.js'
import { DIRECTORIES_HELD, LINKS_FOLLOWED, toSegments } from './name.js'

/** Where a path leads: a name in an open directory, or that directory itself when `name` is `undefined`. */
export interface Place {
  readonly dir: DirNode
  readonly name: string | undefined
  /** Names from the base to `dir`, every link resolved. */
  readonly parents: readonly string[]
  /** The path said, by a trailing slash, that it names a directory. */
  readonly directory: boolean
}

export interface WalkOptions {
  /** Follows a symbolic link in the last segment, when `use` fails with `ELOOP` on it. @default false */
  readonly follow?: boolean
}

/** The refusal of a path or link that climbs out of its mount. */
export function outside(): FsRefused {
  return new FsRefused('is left by this path or a link in it', 'a directory that contains what the path leads to')
}

/**
 * Resolves `path` from `base`, holding every directory on the way open, and calls `use` on the place it leads to.
 *
 * Links are resolved here, one segment at a time: an absolute target or a `..` above `base` is refused.
 * `use` must not have acted when it fails with `ELOOP`: with `follow` it is called again where the link leads.
 * `base` stays the caller's; all other directories are closed before this returns.
 */
export function walk<T>(base: DirNode, path: string, options: WalkOptions, use: (place: Place) => T): T {
  const first = toSegments(path)
  if (first.absolute) throw outside()
  const pending = [...first.names].reverse()
  const dirs: DirNode[] = [base]
  const parents: string[] = []
  let directory = first.directory
  let links = 0

  const current = (): DirNode => dirs[dirs.length - 1] as DirNode
  const followLink = (name: string, fault: FsFault): void => {
    if (++links > LINKS_FOLLOWED) throw new FsFault('ELOOP')
    let target: string
    try {
      target = current().readlink(name)
    } catch (error) {
      throw isFault(error, 'EINVAL') ? fault : error
    }
    const next = toSegments(target)
    if (next.absolute) throw outside()
    if (pending.length === 0) directory ||= next.directory
    if (pending.length + next.names.length > 2048) throw new FsFault('ENAMETOOLONG')
    for (let i = next.names.length - 1; i >= 0; i--) pending.push(next.names[i] as string)
  }

  try {
    for (;;) {
      const name = pending.pop()
      if (name === undefined) return use({ dir: current(), name: undefined, parents, directory: true })
      if (name === '..') {
        if (dirs.length === 1) throw outside()
        dirs.pop()?.close()
        parents.pop()
      } else if (pending.length > 0) {
        try {
          // Each directory on the way is a descriptor of the host's process.
          if (dirs.length > DIRECTORIES_HELD) throw new FsFault('ENAMETOOLONG')
          dirs.push(current().openDir(name))
          parents.push(name)
        } catch (error) {
          if (!isFault(error, 'ENOTDIR', 'ELOOP')) throw error
          followLink(name, new FsFault('ENOTDIR'))
        }
      } else {
        try {
          return use({ dir: current(), name, parents, directory })
        } catch (error) {
          if (!isFault(error, 'ELOOP') || !(options.follow || directory)) throw error
          followLink(name, error)
        }
      }
    }
  } finally {
    while (dirs.length > 1) dirs.pop()?.close()
  }
}
