import type { Capability, Reach } from '../capability.js'
import type { FsRefused } from './fault.js'

/** Acts a directory permits or refuses as a whole; `remove` covers replacing by rename. */
export const VERBS = ['read', 'create', 'append', 'write', 'truncate', 'remove', 'touch'] as const
export type Verb = (typeof VERBS)[number]

export type NodeType = 'file' | 'directory' | 'symlink'

/** What a guest may know of a node: no inode, device, owner or host time of change. Times are milliseconds. */
export interface Stat {
  readonly type: NodeType
  readonly size: number
  readonly links: number
  readonly accessedMs: number
  readonly modifiedMs: number
}

export interface Entry {
  readonly name: string
  readonly type: NodeType
}

/** Times to set, in milliseconds since the epoch; a missing one stays. */
export interface Times {
  readonly accessedMs?: number
  readonly modifiedMs?: number
}

/** What two ways to one node have in common, as long as it is there. Never for a guest: it may name a node of the host. */
export type Identity = string | object

/** How a file is opened. Everything left out is off. */
export interface OpenFlags {
  readonly read?: boolean
  readonly write?: boolean
  /** Every write goes to the end. Implies `write`. */
  readonly append?: boolean
  /** Makes the file when there is none. */
  readonly create?: boolean
  /** With `create`: fails with `EEXIST` when the name is taken, by a symbolic link too. */
  readonly exclusive?: boolean
  readonly truncate?: boolean
}

/**
 * An open directory: it means the same directory however that is renamed.
 *
 * Every operation takes one name of this very directory and follows no symbolic link, so an implementation or an
 * attenuator has no paths to get wrong; `walk.ts` resolves paths on top. Throws `FsFault` and `FsRefused` only.
 * The owner calls `close()`.
 *
 * @see WASI 0.2 `wasi:filesystem/types`, whose descriptors map onto this and `FileNode`.
 */
export interface DirNode {
  /** Another descriptor of the same directory. */
  reopen(): DirNode
  stat(): Stat
  /** The node of that name, itself when it is a symbolic link; `undefined` when there is none. */
  lookup(name: string): Stat | undefined
  /** Fails with `ENOTDIR` for anything else, a symbolic link included. */
  openDir(name: string): DirNode
  /** Fails with `ELOOP` for a symbolic link and `EISDIR` for a directory. */
  openFile(name: string, flags: OpenFlags): FileNode
  entries(): Iterable<Entry>
  mkdir(name: string): void
  unlink(name: string): void
  rmdir(name: string): void
  /** Fails with `EXDEV` when `to` is not a directory of the same mount. */
  rename(name: string, to: DirNode, toName: string): void
  link(name: string, to: DirNode, toName: string): void
  symlink(name: string, target: string): void
  /** Fails with `EINVAL` when the node is no symbolic link. */
  readlink(name: string): string
  setTimes(name: string, times: Times): void
  /** Sets the times of this very directory. */
  setOwnTimes(times: Times): void
  /** What tells the node of that name, itself when it is a symbolic link, from all others; without a name, this directory. */
  identity(name?: string): Identity | undefined
  close(): void
}

/** An open regular file, read and written at offsets. The owner calls `close()`. */
export interface FileNode {
  stat(): Stat
  /** Up to `length` bytes; fewer at the end of the file. */
  read(offset: number, length: number): Uint8Array
  /** Writes all of `bytes`; with `append` flags the offset counts for nothing. */
  write(offset: number, bytes: Uint8Array): void
  append(bytes: Uint8Array): void
  truncate(size: number): void
  setTimes(times: Times): void
  identity(): Identity
  close(): void
}

/** What one run lends the directories it opens. */
export interface DirSession {
  /** The run's clock in milliseconds: what new and changed files are stamped with. */
  now(): number
}

export type DirLabel = 'private' | 'external'

/**
 * A directory as a capability: whoever holds it may do there what it permits.
 * The owner disposes it when it was opened from the host; descriptors opened before are closed by their own owners.
 */
export interface Dir extends Capability<'fs'>, Disposable {
  readonly kind: 'fs'
  readonly labels: readonly DirLabel[]
  /** The refusal of a verb that is refused for every name, so the answer never depends on what exists. */
  refuses(verb: Verb): FsRefused | undefined
  /** Opens the root. The caller closes it. */
  open(session: DirSession): DirNode
}

/** Words of `reach()`, each with the verbs it stands for; fewer words are always a weaker directory. */
const ACTS: readonly (readonly [string, readonly Verb[]])[] = [
  ['read', ['read']],
  ['create', ['create']],
  ['append', ['append']],
  ['write', ['write', 'touch']],
  ['delete', ['remove', 'truncate']],
]

/** The row of `reach()` for a directory known as `target`. */
export function toReach(dir: Pick<Dir, 'refuses' | 'labels'>, target: string): readonly Reach[] {
  const acts = ACTS.filter(([, verbs]) => verbs.every((verb) => dir.refuses(verb) === undefined)).map(([word]) => word)
  return [{ capability: 'fs', target, acts: acts.join(', '), ...labelsOf(dir) }]
}

export function labelsOf({ labels }: Pick<Dir, 'labels'>): Pick<Reach, 'labels'> {
  return labels.length > 0 ? { labels } : {}
}
