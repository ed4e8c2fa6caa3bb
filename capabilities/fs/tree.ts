import type { DirNode, Entry, FileNode, NodeType, OpenFlags, Stat, Times } from './dir.js'
import { FsFault, isFault } from './fault.js'
import { outside, walk } from './walk.js'
import type { Place } from './walk.js'

/** One node of a tree, by its path from where the listing began. */
export interface Listed {
  readonly path: string
  readonly type: NodeType
  /** Bytes of a file; 0 for the rest. */
  readonly size: number
}

/** How deep a recursive operation goes before it fails. */
const DEPTH = 256
/** How many entries of one directory a recursive operation keeps in mind. */
const LISTED = 200_000
const CHUNK = 1 << 20

/** The status of what `path` names, itself or, with `follow`, what it leads to; `ENOENT` when there is none. */
export function statAt(base: DirNode, path: string, options: { readonly follow?: boolean } = {}): Stat {
  return walk(base, path, options, ({ dir, name, directory }) => {
    const stat = name === undefined ? dir.stat() : dir.lookup(name)
    if (!stat) throw new FsFault('ENOENT')
    if (stat.type === 'symlink' && (options.follow || directory)) throw new FsFault('ELOOP')
    if (directory && stat.type !== 'directory') throw new FsFault('ENOTDIR')
    return stat
  })
}

/** The names from `base` to what `path` leads to, every link resolved; it must exist. */
export function realPathAt(base: DirNode, path: string): readonly string[] {
  return walk(base, path, { follow: true }, ({ dir, name, parents, directory }) => {
    if (name === undefined) return [...parents]
    const stat = dir.lookup(name)
    if (!stat) throw new FsFault('ENOENT')
    if (stat.type === 'symlink') throw new FsFault('ELOOP')
    if (directory && stat.type !== 'directory') throw new FsFault('ENOTDIR')
    return [...parents, name]
  })
}

/** Opens the file `path` leads to; an `exclusive` creation follows no link. The caller closes it. */
export function openFileAt(base: DirNode, path: string, flags: OpenFlags, options: { readonly follow?: boolean } = {}): FileNode {
  const follow = (options.follow ?? true) && !(flags.create && flags.exclusive)
  return walk(base, path, { follow }, ({ dir, name, directory }) => {
    if (name === undefined) throw new FsFault('EISDIR')
    if (directory) {
      const stat = dir.lookup(name)
      if (stat?.type === 'symlink') throw new FsFault('ELOOP')
      throw new FsFault(stat && stat.type !== 'directory' ? 'ENOTDIR' : stat || flags.create ? 'EISDIR' : 'ENOENT')
    }
    return dir.openFile(name, flags)
  })
}

/** Opens the directory `path` leads to. The caller closes it. */
export function openDirAt(base: DirNode, path: string, options: { readonly follow?: boolean } = {}): DirNode {
  return walk(base, path, { follow: options.follow ?? true }, ({ dir, name }) => {
    if (name === undefined) return dir.reopen()
    try {
      return dir.openDir(name)
    } catch (error) {
      if (isFault(error, 'ENOTDIR') && dir.lookup(name)?.type === 'symlink') throw new FsFault('ELOOP')
      throw error
    }
  })
}

/** Calls `use` with the directory `path` leads to, open for as long as it runs. */
export function withDirAt<T>(base: DirNode, path: string, use: (dir: DirNode) => T): T {
  const dir = openDirAt(base, path)
  try {
    return use(dir)
  } finally {
    dir.close()
  }
}

/** Calls `use` with the place of a name that is itself acted upon; a path that ends at `base` or in `..` has none. */
export function withNameAt<T>(base: DirNode, path: string, use: (dir: DirNode, name: string, place: Place) => T): T {
  return walk(base, path, {}, (place) => {
    if (place.name === undefined) throw new FsFault('EBUSY')
    return use(place.dir, place.name, place)
  })
}

/** Acts on two names at once, such as a rename; only a directory may be named with a trailing slash. */
export function withNamesAt(
  from: { readonly base: DirNode; readonly path: string },
  to: { readonly base: DirNode; readonly path: string },
  use: (dir: DirNode, name: string, toDir: DirNode, toName: string) => void,
): void {
  withNameAt(from.base, from.path, (dir, name, source) => {
    withNameAt(to.base, to.path, (toDir, toName, target) => {
      const type = dir.lookup(name)?.type
      if (type && type !== 'directory' && (source.directory || target.directory)) throw new FsFault('ENOTDIR')
      use(dir, name, toDir, toName)
    })
  })
}

/** What the link `path` names holds, which must not lead out of where `base` is, `depth` directories deep. */
export function readlinkAt(base: DirNode, path: string, depth = 0): string {
  return walk(base, path, {}, ({ dir, name, parents }) => {
    if (name === undefined) throw new FsFault('EINVAL')
    return stayingInside(dir.readlink(name), depth + parents.length)
  })
}

/** A target that climbs out of the mount names what is around it on the host, which a guest is not to learn. */
function stayingInside(link: string, depth: number): string {
  let at = depth
  for (const name of link.split('/')) {
    if (name === '..') at--
    else if (name !== '' && name !== '.') at++
    if (at < 0) throw outside()
  }
  if (link.startsWith('/')) throw outside()
  return link
}

/** Sets the times of what `path` names, itself or, with `follow`, what it leads to. */
export function setTimesAt(base: DirNode, path: string, times: Times, options: { readonly follow?: boolean } = {}): void {
  walk(base, path, options, ({ dir, name, directory }) => {
    if (name === undefined) return dir.setOwnTimes(times)
    const type = dir.lookup(name)?.type
    if (type === 'symlink' && (options.follow || directory)) throw new FsFault('ELOOP')
    if (type && type !== 'directory' && directory) throw new FsFault('ENOTDIR')
    dir.setTimes(name, times)
  })
}

/** Makes the directories of `path` that are missing; answers whether any was. */
export function makeDirs(base: DirNode, path: string): readonly string[] | undefined {
  const made: string[] = []
  let at = ''
  for (const name of path.split('/').filter((piece) => piece !== '' && piece !== '.')) {
    at = at === '' ? name : `${at}/${name}`
    try {
      withNameAt(base, at, (dir, last) => dir.mkdir(last))
      made.push(at)
    } catch (error) {
      if (!isFault(error, 'EEXIST', 'EBUSY')) throw error
      if (statAt(base, at, { follow: true }).type !== 'directory') throw new FsFault(at === path ? 'EEXIST' : 'ENOTDIR')
    }
  }
  return made.length > 0 ? made : undefined
}

/** Reads a file to its end, `spend` called before each piece. */
export function readAll(file: FileNode, spend: (bytes: number) => void = () => {}): Uint8Array {
  const pieces: Uint8Array[] = []
  const { size } = file.stat()
  spend(size)
  let at = 0
  for (;;) {
    const piece = file.read(at, Math.min(Math.max(size - at, 4096), CHUNK))
    if (piece.length === 0) break
    if (at + piece.length > size) spend(at + piece.length - Math.max(at, size))
    pieces.push(piece)
    at += piece.length
  }
  if (pieces.length === 1) return pieces[0] as Uint8Array
  const whole = new Uint8Array(at)
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.length
  }
  return whole
}

/** The bytes of the file `path` leads to. */
export function readWhole(base: DirNode, path: string): Uint8Array {
  const file = openFileAt(base, path, { read: true })
  try {
    return readAll(file)
  } finally {
    file.close()
  }
}

/** Puts `bytes` in place of what the file `path` leads to held, or makes it. */
export function writeWhole(base: DirNode, path: string, bytes: Uint8Array): void {
  const file = openFileAt(base, path, { write: true, create: true, truncate: true })
  try {
    file.write(0, bytes)
  } finally {
    file.close()
  }
}

/** Everything below a directory, parents before children; links are listed, not followed. */
export function* listTree(dir: DirNode, prefix = '', depth = 0): Iterable<Listed> {
  if (depth > DEPTH) throw new FsFault('ENAMETOOLONG')
  for (const { name, type } of entriesOf(dir)) {
    const path = prefix === '' ? name : `${prefix}/${name}`
    const size = type === 'file' ? (dir.lookup(name)?.size ?? 0) : 0
    yield { path, type, size }
    if (type !== 'directory') continue
    const inner = dir.openDir(name)
    try {
      yield* listTree(inner, path, depth + 1)
    } finally {
      inner.close()
    }
  }
}

/** Removes a name and everything below it; `spend` is called with every name first. */
export function removeTree(dir: DirNode, entry: Entry, spend: (entry: Entry) => void = () => {}, depth = 0): void {
  spend(entry)
  if (entry.type !== 'directory') return dir.unlink(entry.name)
  if (depth > DEPTH) throw new FsFault('ENAMETOOLONG')
  const inner = dir.openDir(entry.name)
  try {
    for (const child of entriesOf(inner)) removeTree(inner, child, spend, depth + 1)
  } finally {
    inner.close()
  }
  dir.rmdir(entry.name)
}

/** Directories from `name` down, itself included; 0 for anything else. Looks at so many entries and then gives up. */
export function heightAt(dir: DirNode, name: string, budget = { entries: 20_000 }, depth = 0): number {
  if (depth > DEPTH) throw new FsFault('ENAMETOOLONG')
  if (dir.lookup(name)?.type !== 'directory') return 0
  const inner = dir.openDir(name)
  try {
    let height = 0
    for (const entry of inner.entries()) {
      if (--budget.entries < 0) throw new FsFault('EDQUOT')
      if (entry.type === 'directory') height = Math.max(height, heightAt(inner, entry.name, budget, depth + 1))
    }
    return height + 1
  } finally {
    inner.close()
  }
}

/** What a directory holds now, whatever is done to it meanwhile. */
export function entriesOf(dir: DirNode): readonly Entry[] {
  const entries: Entry[] = []
  for (const entry of dir.entries()) {
    if (entries.length === LISTED) throw new FsFault('ENFILE')
    entries.push(entry)
  }
  return entries
}
