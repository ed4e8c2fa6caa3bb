import type { DirNode, Entry, FileNode, Times } from './dir.js'
import { FsFault } from './fault.js'

/** What a directory may hold. */
export interface Quota {
  /** Bytes of file contents and link targets. */
  readonly maxBytes: number
  /** Files, directories and links. */
  readonly maxEntries: number
  /** Directories within directories. */
  readonly maxDepth: number
}

interface NodeCommon {
  /** `undefined` while they are those of the lower node. */
  times: Required<Times> | undefined
  /** Names from the lower root to the node this one stands for, until its contents are its own. */
  origin: readonly string[] | undefined
  /** Counts as an entry of the quota: made here, not found in the lower directory. */
  counted: boolean
  /** Differs from its origin, or has none. */
  changed: boolean
}

export interface MemFile extends NodeCommon {
  readonly type: 'file'
  /** Capacity; only `size` bytes count. Empty while the contents are still the lower file's. */
  bytes: Uint8Array
  size: number
  links: number
  opens: number
  /** The contents are still those of the lower file at `origin`. */
  lower: boolean
}

export interface MemDirectory extends NodeCommon {
  readonly type: 'directory'
  /** `undefined` until a lower directory is first listed. */
  children: Map<string, MemNode> | undefined
  /** What the lower directory held when it was listed. */
  readonly originals: Map<string, MemNode>
  parent: MemDirectory | undefined
  removed: boolean
}

export interface MemLink extends NodeCommon {
  readonly type: 'symlink'
  /** `undefined` while it is the lower link's. */
  target: string | undefined
  links: number
}

export type MemNode = MemFile | MemDirectory | MemLink

/** Nodes of a lower directory that are kept in mind at once. */
const STUBS = 200_000

/** The contents of an in-memory directory tree, with its accounts; nodes that hold handles on it are `MemDirNode`s. */
export class Volume {
  readonly root: MemDirectory
  readonly quota: Quota
  #bytes = 0
  #entries = 0
  #stubs = 0

  constructor(quota: Quota, origin?: readonly string[]) {
    this.quota = quota
    this.root = this.#directory(0, undefined, origin)
  }

  get bytes(): number {
    return this.#bytes
  }

  get entries(): number {
    return this.#entries
  }

  /** Takes bytes of the quota, or gives them back when negative. */
  take(bytes: number): void {
    if (bytes > 0 && this.#bytes + bytes > this.quota.maxBytes) throw new FsFault('ENOSPC')
    this.#bytes += bytes
  }

  takeEntry(): void {
    if (this.#entries + 1 > this.quota.maxEntries) throw new FsFault('EDQUOT')
    this.#entries++
  }

  dropEntry(node: MemNode): void {
    if (node.counted) this.#entries--
  }

  newFile(now: number): MemFile {
    return {
      type: 'file', bytes: new Uint8Array(0), size: 0, links: 1, opens: 0, lower: false,
      times: toTimes(now), origin: undefined, counted: true, changed: true,
    }
  }

  newDirectory(now: number, parent: MemDirectory): MemDirectory {
    return this.#directory(now, parent, undefined)
  }

  newLink(now: number, target: string): MemLink {
    return { type: 'symlink', target, links: 1, times: toTimes(now), origin: undefined, counted: true, changed: true }
  }

  /** A node that stands for one of the lower directory. */
  stub(entry: Entry, parent: MemDirectory): MemNode {
    if (++this.#stubs > STUBS) throw new FsFault('ENFILE')
    const origin = [...(parent.origin as readonly string[]), entry.name]
    const common = { times: undefined, origin, counted: false, changed: false }
    if (entry.type === 'directory') return this.#directory(0, parent, origin)
    if (entry.type === 'symlink') return { type: 'symlink', target: undefined, links: 1, ...common }
    return { type: 'file', bytes: new Uint8Array(0), size: 0, links: 1, opens: 0, lower: true, ...common }
  }

  #directory(now: number, parent: MemDirectory | undefined, origin: readonly string[] | undefined): MemDirectory {
    return {
      type: 'directory', children: origin ? undefined : new Map(), originals: new Map(), parent, removed: false,
      times: origin ? undefined : toTimes(now), origin, counted: origin === undefined, changed: origin === undefined,
    }
  }

  /** Sets a file's size, zero-filling what is new; the account moves before the memory does. */
  resize(file: MemFile, size: number): void {
    if (!Number.isSafeInteger(size) || size < 0) throw new FsFault('EINVAL')
    this.take(size - file.size)
    if (size > file.bytes.length) {
      const capacity = Math.max(size, Math.min(file.bytes.length * 2, file.size + this.quota.maxBytes - this.#bytes))
      const grown = new Uint8Array(capacity)
      grown.set(file.bytes.subarray(0, file.size))
      file.bytes = grown
    } else if (size < file.size) {
      if (size < file.bytes.length >> 2) file.bytes = file.bytes.slice(0, size)
      else file.bytes.fill(0, size, file.size)
    }
    file.size = size
  }

  /** Frees a file's bytes once no name and no descriptor is left. */
  release(file: MemFile): void {
    if (file.links > 0 || file.opens > 0) return
    if (!file.lower) this.take(-file.size)
    file.bytes = new Uint8Array(0)
    file.size = 0
    file.lower = false
  }
}

export function toTimes(now: number): Required<Times> {
  return { accessedMs: now, modifiedMs: now }
}

export function depthOf(directory: MemDirectory): number {
  let depth = 0
  for (let at = directory.parent; at; at = at.parent) depth++
  return depth
}

/** Directories below `node`, itself included; directories not yet listed count as one. */
export function heightOf(node: MemNode): number {
  if (node.type !== 'directory') return 0
  let height = 0
  for (let level: MemDirectory[] = [node]; level.length > 0; height++) {
    level = level.flatMap((dir) => [...(dir.children?.values() ?? [])].filter((child) => child.type === 'directory'))
  }
  return height
}

/** The directory below a copy-on-write volume, as one run sees it: paths are names from its root, links not followed. */
export interface Lower {
  /** Opens the directory at `names`; the caller closes it. */
  dir(names: readonly string[]): DirNode
  file(names: readonly string[]): FileNode
}
