import { GloveboxError } from '../../src/errors.js'
import type { DirNode, NodeType } from './dir.js'
import { FsFault, FsRefused, isFault } from './fault.js'
import type { MemSession } from './memory-session.js'
import { makeDirs, openFileAt, removeTree, withNameAt } from './tree.js'
import type { MemDirectory, MemNode } from './volume.js'

/** One difference between what guests left and the directory below. */
export interface Change {
  /** From the directory's root, without a leading slash. */
  readonly path: string
  /** A deleted directory stands for all that was in it. */
  readonly kind: 'created' | 'modified' | 'deleted'
  readonly type: NodeType
  /** Where a node was before that is otherwise as it was; what differs within a moved directory is listed after it. */
  readonly from?: string
  /** The contents of a created or modified file that was not just moved. */
  readonly bytes?: Uint8Array
  /** What a created symbolic link holds. */
  readonly target?: string
}

const DEPTH = 512

/** Compares a copy-on-write volume with what it was made over. Nothing below is read that no guest has touched. */
export function collectChanges(session: MemSession): readonly Change[] {
  const changes: Change[] = []
  compare(session, session.volume.root, [], changes)
  return changes
}

function compare(session: MemSession, dir: MemDirectory, path: readonly string[], into: Change[]): void {
  if (path.length > DEPTH) throw new FsFault('ENAMETOOLONG')
  if (!dir.children) return
  for (const [name, original] of dir.originals) {
    const now = dir.children.get(name)
    if (now === original || now?.type === original.type && now.type === 'file') continue
    into.push({ path: [...path, name].join('/'), kind: 'deleted', type: original.type })
  }
  for (const [name, node] of dir.children) {
    const original = dir.originals.get(name)
    const at = [...path, name]
    if (node !== original) {
      create(session, node, at, original?.type === 'file' && node.type === 'file' ? 'modified' : 'created', into)
    } else if (node.type === 'directory') {
      compare(session, node, at, into)
    } else if (node.type === 'file' && node.changed) {
      into.push({ path: at.join('/'), kind: 'modified', type: 'file', bytes: node.bytes.slice(0, node.size) })
    }
  }
}

/** A node that is new where it is, with everything below it. */
function create(session: MemSession, node: MemNode, path: readonly string[], kind: 'created' | 'modified', into: Change[]): void {
  if (path.length > DEPTH) throw new FsFault('ENAMETOOLONG')
  const change = { path: path.join('/'), kind, type: node.type }
  const moved = node.origin && { ...change, from: node.origin.join('/') }
  if (node.type === 'file') {
    into.push(moved && node.lower ? moved : { ...change, bytes: node.bytes.slice(0, node.size) })
  } else if (node.type === 'symlink') {
    into.push(moved ?? { ...change, target: node.target ?? '.' })
  } else {
    into.push(moved ?? change)
    compare(session, node, path, into)
  }
}

/** Does to `target` what the changes say, in their order; what moves is set aside first, so that moves may cross. */
export function applyChanges(target: DirNode, changes: readonly Change[]): void {
  const aside = setAside(target, changes)
  try {
    for (const change of changes) {
      attempt(change, () => {
        const staged = aside.get(change)
        if (change.kind === 'deleted') remove(target, change.path)
        else if (staged) withNameAt(target, change.path, (dir, name) => target.rename(staged, dir, name))
        else put(target, change)
      })
      aside.delete(change)
    }
  } finally {
    for (const [change, staged] of aside) {
      attempt(change, () => withNameAt(target, change.from ?? change.path, (dir, name) => target.rename(staged, dir, name)))
    }
  }
}

/** Renames everything that moves to a name of its own in the root, the deepest first. */
function setAside(target: DirNode, changes: readonly Change[]): Map<Change, string> {
  const depth = ({ from = '' }: Change): number => from.split('/').length
  const aside = new Map<Change, string>()
  let number = 0
  for (const change of changes.filter(({ from }) => from !== undefined).sort((a, b) => depth(b) - depth(a))) {
    attempt(change, () => withNameAt(target, change.from ?? '', (dir, name) => {
      let staged: string
      do staged = `.glovebox-moving-${number++}`
      while (target.lookup(staged))
      dir.rename(name, target, staged)
      aside.set(change, staged)
    }))
  }
  return aside
}

function remove(target: DirNode, path: string): void {
  try {
    withNameAt(target, path, (dir, name) => {
      const type = dir.lookup(name)?.type
      if (type) removeTree(dir, { name, type })
    })
  } catch (error) {
    if (!isFault(error, 'ENOENT')) throw error
  }
}

function put(target: DirNode, change: Change): void {
  if (change.type === 'directory') makeDirs(target, change.path)
  else if (change.type === 'file') putFile(target, change.path, change.bytes ?? new Uint8Array(0))
  else withNameAt(target, change.path, (dir, name) => dir.symlink(name, change.target ?? '.'))
}

/** Follows no link that came to be where the file belongs. */
function putFile(target: DirNode, path: string, bytes: Uint8Array): void {
  const file = openFileAt(target, path, { write: true, create: true, truncate: true }, { follow: false })
  try {
    file.write(0, bytes)
  } finally {
    file.close()
  }
}

function attempt(change: Change, act: () => void): void {
  try {
    act()
  } catch (cause) {
    if (!(cause instanceof FsFault || cause instanceof FsRefused)) throw cause
    const why = cause instanceof FsFault ? `${cause.code}, ${cause.message}` : `the directory ${cause.reason}; use ${cause.remedy}`
    throw new GloveboxError('mount-failed', `Cannot commit "${change.path}" (${change.kind}): ${why}`, { cause })
  }
}
