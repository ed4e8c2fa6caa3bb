import { ModeDirNode } from './attenuate.js'
import type { Mode } from './attenuate.js'
import type { Dir, DirNode, Entry, FileNode, Identity, OpenFlags, Stat, Times } from './dir.js'
import { toReach } from './dir.js'
import { FsFault, FsRefused } from './fault.js'
import { PROTECTED_NAMES } from './protected-names.js'

/**
 * A name as the most forgiving file system compares it: case, width and Unicode form folded, invisible characters and
 * trailing dots and spaces dropped, an alternate data stream cut off.
 */
export function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cc}]/gu, '')
    .replace(/:.*$/su, '')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replace(/[. ]+$/u, '')
}

/** Decides which names are protected, with those of `writable` taken out. */
export function protectedNames(writable: readonly string[]): (name: string) => boolean {
  const open = new Set(writable.map(foldName))
  const names = new Set(PROTECTED_NAMES.map(foldName).filter((name) => !open.has(name)))
  const shorts = new Set([...names].map(shortStem))
  return (name) => {
    const folded = foldName(name)
    const short = /^(.{1,6})~\d+/u.exec(folded)
    return names.has(folded) || (short !== null && shorts.has(short[1] as string))
  }
}

/** The stem of the 8.3 name a DOS-like file system gives a long one: `.git` is `GIT~1`. */
function shortStem(name: string): string {
  const bare = name.replace(/^\.+/, '').replace(/ /g, '')
  return (bare.includes('.') ? bare.slice(0, bare.lastIndexOf('.')) : bare).replace(/\./g, '').slice(0, 6)
}

/** The same directory, with what has a protected name, anywhere in it, left as it is. */
export function protect(inner: Dir, isProtected: (name: string) => boolean): Dir {
  const dir: Dir = {
    kind: 'fs',
    labels: inner.labels,
    reach: () => toReach(dir, '.'),
    refuses: (verb) => inner.refuses(verb),
    open: (session) => new ProtectedDirNode(inner.open(session), isProtected),
    [Symbol.dispose]: () => inner[Symbol.dispose](),
  }
  return Object.freeze(dir)
}

function modeOf(name: string): Mode {
  const quoted = JSON.stringify(name)
  return {
    permits: new Set(['read'] as const),
    reason: `keeps ${quoted} as it is, because host tools obey it`,
    remedy: `await openDir(..., { mode: "read-write", dangerouslyWritable: [${quoted}] })`,
  }
}

class ProtectedDirNode implements DirNode {
  readonly #inner: DirNode
  readonly #isProtected: (name: string) => boolean

  constructor(inner: DirNode, isProtected: (name: string) => boolean) {
    this.#inner = inner
    this.#isProtected = isProtected
  }

  reopen(): DirNode {
    return new ProtectedDirNode(this.#inner.reopen(), this.#isProtected)
  }

  stat(): Stat {
    return this.#inner.stat()
  }

  lookup(name: string): Stat | undefined {
    return this.#inner.lookup(name)
  }

  openDir(name: string): DirNode {
    const dir = this.#inner.openDir(name)
    return this.#isProtected(name) ? new ModeDirNode(dir, modeOf(name)) : new ProtectedDirNode(dir, this.#isProtected)
  }

  openFile(name: string, flags: OpenFlags): FileNode {
    if (flags.write || flags.append || flags.create || flags.truncate) this.#check(name)
    return this.#inner.openFile(name, flags)
  }

  entries(): Iterable<Entry> {
    return this.#inner.entries()
  }

  mkdir(name: string): void {
    this.#check(name)
    this.#inner.mkdir(name)
  }

  unlink(name: string): void {
    this.#check(name)
    this.#inner.unlink(name)
  }

  rmdir(name: string): void {
    this.#check(name)
    this.#inner.rmdir(name)
  }

  rename(name: string, to: DirNode, toName: string): void {
    this.#check(name)
    this.#check(toName)
    this.#inner.rename(name, this.#sibling(to), toName)
  }

  link(name: string, to: DirNode, toName: string): void {
    this.#check(name)
    this.#check(toName)
    this.#inner.link(name, this.#sibling(to), toName)
  }

  symlink(name: string, target: string): void {
    this.#check(name)
    this.#inner.symlink(name, target)
  }

  readlink(name: string): string {
    return this.#inner.readlink(name)
  }

  setTimes(name: string, times: Times): void {
    this.#check(name)
    this.#inner.setTimes(name, times)
  }

  setOwnTimes(times: Times): void {
    this.#inner.setOwnTimes(times)
  }

  identity(name?: string): Identity | undefined {
    return this.#inner.identity(name)
  }

  close(): void {
    this.#inner.close()
  }

  #check(name: string): void {
    if (!this.#isProtected(name)) return
    const { reason, remedy } = modeOf(name)
    throw new FsRefused(reason, remedy)
  }

  /** What lies below a protected name is another kind of node, so nothing is renamed or linked into it. */
  #sibling(to: DirNode): DirNode {
    if (!(to instanceof ProtectedDirNode) || to.#isProtected !== this.#isProtected) throw new FsFault('EXDEV')
    return to.#inner
  }
}
