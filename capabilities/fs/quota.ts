import type { Dir, DirNode, Entry, FileNode, Identity, OpenFlags, Stat, Times } from './dir.js'
import { toReach } from './dir.js'
import { FsFault } from './fault.js'
import { toQuota } from './memory.js'
import { checkDir, checkOptions } from './options.js'
import { heightAt } from './tree.js'
import type { Quota } from './volume.js'

/** What all guests together may add through one directory value. */
export const QUOTA_DEFAULTS: Quota = Object.freeze({ maxBytes: 64 << 20, maxEntries: 10_000, maxDepth: 32 })

/** Account of one quota. What is removed is given back, but bytes only while no file is open to be written behind it. */
class Account {
  readonly quota: Quota
  #bytes = 0
  #entries = 0
  writers = 0

  constructor(quota: Quota) {
    this.quota = quota
  }

  addBytes(bytes: number): void {
    if (bytes > 0 && this.#bytes + bytes > this.quota.maxBytes) throw new FsFault('ENOSPC')
    this.#bytes = Math.max(0, this.#bytes + bytes)
  }

  addEntry(): void {
    if (this.#entries + 1 > this.quota.maxEntries) throw new FsFault('EDQUOT')
    this.#entries++
  }

  dropEntry(): void {
    this.#entries = Math.max(0, this.#entries - 1)
  }

  /** Takes an entry and keeps it when `make` succeeds. */
  make<T>(make: () => T): T {
    this.addEntry()
    try {
      return make()
    } catch (error) {
      this.dropEntry()
      throw error
    }
  }
}

/**
 * The same directory, to which guests can only add so much, over all runs that share the value.
 * Counts what files grow by and the names made, and gives back what is cut or removed. A directory of more than 20_000
 * entries is not moved deeper.
 *
 * @throws GloveboxError `invalid-option`, or `invalid-grant` when `dir` is no directory
 * @example limited(await openDir('./out', { mode: 'read-write' }), { maxBytes: 1_000_000 })
 */
export function limited(dir: Dir, options: Partial<Quota>): Dir {
  checkDir('limited()', dir)
  checkOptions('limited()', options, ['maxBytes', 'maxEntries', 'maxDepth'])
  const account = new Account(toQuota('limited()', options, QUOTA_DEFAULTS))
  const inner: Dir = {
    kind: 'fs',
    labels: dir.labels,
    reach: () => toReach(inner, '.'),
    refuses: (verb) => dir.refuses(verb),
    open: (session) => new QuotaDirNode(dir.open(session), account, 0),
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  }
  return Object.freeze(inner)
}

class QuotaDirNode implements DirNode {
  readonly #inner: DirNode
  readonly #account: Account
  readonly #depth: number

  constructor(inner: DirNode, account: Account, depth: number) {
    this.#inner = inner
    this.#account = account
    this.#depth = depth
  }

  reopen(): DirNode {
    return new QuotaDirNode(this.#inner.reopen(), this.#account, this.#depth)
  }

  stat(): Stat {
    return this.#inner.stat()
  }

  lookup(name: string): Stat | undefined {
    return this.#inner.lookup(name)
  }

  openDir(name: string): DirNode {
    return new QuotaDirNode(this.#inner.openDir(name), this.#account, this.#depth + 1)
  }

  openFile(name: string, flags: OpenFlags): FileNode {
    const account = this.#account
    const { truncate, ...kept } = flags
    const existing = this.#inner.lookup(name)
    const open = (): FileNode => this.#inner.openFile(name, truncate && existing ? kept : flags)
    const file = existing || !flags.create ? open() : account.make(open)
    const opened = new QuotaFileNode(file, account, flags)
    try {
      if (truncate && existing) opened.truncate(0)
    } catch (error) {
      opened.close()
      throw error
    }
    return opened
  }

  entries(): Iterable<Entry> {
    return this.#inner.entries()
  }

  mkdir(name: string): void {
    if (this.#depth + 1 > this.#account.quota.maxDepth) throw new FsFault('EDQUOT')
    this.#account.make(() => this.#inner.mkdir(name))
  }

  unlink(name: string): void {
    this.#replacing(this.#inner.lookup(name), () => this.#inner.unlink(name))
  }

  rmdir(name: string): void {
    this.#inner.rmdir(name)
    this.#account.dropEntry()
  }

  rename(name: string, to: DirNode, toName: string): void {
    const target = this.#sibling(to)
    const replaced = target.#inner.lookup(toName)
    if (target.#depth > this.#depth && target.#depth + heightAt(this.#inner, name) > this.#account.quota.maxDepth) {
      throw new FsFault('EDQUOT')
    }
    // A node renamed to a name it has stays as it is, and nothing is given back for it.
    const same = replaced && this.#inner.identity(name) === target.#inner.identity(toName)
    this.#replacing(same ? undefined : replaced, () => {
      this.#inner.rename(name, target.#inner, toName)
    })
  }

  link(name: string, to: DirNode, toName: string): void {
    const target = this.#sibling(to)
    this.#account.make(() => this.#inner.link(name, target.#inner, toName))
  }

  symlink(name: string, target: string): void {
    this.#account.make(() => this.#inner.symlink(name, target))
  }

  readlink(name: string): string {
    return this.#inner.readlink(name)
  }

  setTimes(name: string, times: Times): void {
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

  /** Gives back what `old` took, once `act` has done away with it. */
  #replacing(old: Stat | undefined, act: () => void): void {
    act()
    if (!old) return
    this.#account.dropEntry()
    if (old.type === 'file' && old.links === 1 && this.#account.writers === 0) this.#account.addBytes(-old.size)
  }

  #sibling(to: DirNode): QuotaDirNode {
    if (!(to instanceof QuotaDirNode) || to.#account !== this.#account) throw new FsFault('EXDEV')
    return to
  }
}

class QuotaFileNode implements FileNode {
  readonly #inner: FileNode
  readonly #account: Account
  readonly #writes: boolean
  readonly #appends: boolean
  #closed = false

  constructor(inner: FileNode, account: Account, flags: OpenFlags) {
    this.#inner = inner
    this.#account = account
    this.#writes = Boolean(flags.write || flags.append)
    this.#appends = Boolean(flags.append)
    if (this.#writes) account.writers++
  }

  stat(): Stat {
    return this.#inner.stat()
  }

  read(offset: number, length: number): Uint8Array {
    return this.#inner.read(offset, length)
  }

  write(offset: number, bytes: Uint8Array): void {
    if (!Number.isSafeInteger(offset) || offset < 0) throw new FsFault('EINVAL')
    this.#growing(bytes.length, () => this.#inner.write(offset, bytes), this.#appends ? undefined : offset)
  }

  append(bytes: Uint8Array): void {
    this.#growing(bytes.length, () => this.#inner.append(bytes))
  }

  truncate(size: number): void {
    if (!Number.isSafeInteger(size) || size < 0) throw new FsFault('EINVAL')
    const before = this.#inner.stat().size
    this.#account.addBytes(Math.max(0, size - before))
    this.#settle(before, size - before, () => this.#inner.truncate(size))
  }

  setTimes(times: Times): void {
    this.#inner.setTimes(times)
  }

  identity(): Identity {
    return this.#inner.identity()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (this.#writes) this.#account.writers--
    this.#inner.close()
  }

  /** Acts within the quota for what a write from `offset` on, or at the end, makes the file grow by. */
  #growing(length: number, act: () => void, offset?: number): void {
    const before = this.#inner.stat().size
    const growth = offset === undefined ? length : length === 0 ? 0 : Math.max(0, offset + length - before)
    this.#account.addBytes(growth)
    this.#settle(before, growth, act)
  }

  /** Acts, its growth being reserved; a part of an act that failed is what the file really grew by. */
  #settle(before: number, growth: number, act: () => void): void {
    try {
      act()
    } catch (error) {
      if (growth > 0) this.#account.addBytes(Math.min(this.#inner.stat().size - before, growth) - growth)
      throw error
    }
    if (growth < 0) this.#account.addBytes(growth)
  }
}
