import type { DirNode, Entry, FileNode, Identity, OpenFlags, Stat, Times } from './dir.js'
import { FsFault } from './fault.js'
import { childrenOf, readLower, statOf, timesOf } from './lower.js'
import { MemFileNode } from './memory-file.js'
import type { MemSession } from './memory-session.js'
import { checkName, PATH_BYTES, utf8Length } from './name.js'
import { depthOf, heightOf, toTimes } from './volume.js'
import type { MemDirectory, MemNode } from './volume.js'

/** An open directory of a volume. */
export class MemDirNode implements DirNode {
  readonly #session: MemSession
  readonly #node: MemDirectory
  #closed = false

  constructor(session: MemSession, node: MemDirectory) {
    this.#session = session
    this.#node = node
    session.leases?.take()
  }

  reopen(): DirNode {
    this.#open()
    return new MemDirNode(this.#session, this.#node)
  }

  stat(): Stat {
    this.#open()
    return statOf(this.#session, this.#node)
  }

  lookup(name: string): Stat | undefined {
    const node = this.#find(name)
    return node && statOf(this.#session, node)
  }

  openDir(name: string): DirNode {
    const node = this.#need(name)
    if (node.type !== 'directory') throw new FsFault('ENOTDIR')
    return new MemDirNode(this.#session, node)
  }

  openFile(name: string, flags: OpenFlags): FileNode {
    if (flags.truncate && !flags.write && !flags.append) throw new FsFault('EINVAL')
    let node = this.#find(name)
    if (node && flags.create && flags.exclusive) throw new FsFault('EEXIST')
    if (!node) {
      if (!flags.create) throw new FsFault('ENOENT')
      node = this.#session.volume.newFile(this.#session.now())
      this.#insert(name, node)
    }
    if (node.type === 'symlink') throw new FsFault('ELOOP')
    if (node.type === 'directory') throw new FsFault('EISDIR')
    return MemFileNode.open(this.#session, node, flags)
  }

  *entries(): Iterable<Entry> {
    for (const [name, node] of this.#children()) yield { name, type: node.type }
  }

  mkdir(name: string): void {
    const { volume } = this.#session
    if (this.#find(name)) throw new FsFault('EEXIST')
    if (depthOf(this.#node) + 1 > volume.quota.maxDepth) throw new FsFault('EDQUOT')
    this.#insert(name, volume.newDirectory(this.#session.now(), this.#node))
  }

  unlink(name: string): void {
    const node = this.#need(name)
    if (node.type === 'directory') throw new FsFault('EISDIR')
    this.#remove(name, node)
  }

  rmdir(name: string): void {
    const node = this.#need(name)
    if (node.type !== 'directory') throw new FsFault('ENOTDIR')
    if (childrenOf(this.#session, node).size > 0) throw new FsFault('ENOTEMPTY')
    this.#remove(name, node)
  }

  rename(name: string, to: DirNode, toName: string): void {
    const target = this.#sibling(to)
    const node = this.#need(name)
    const old = target.#find(toName)
    if (old === node) return
    if (node.type === 'directory') {
      for (let at: MemDirectory | undefined = target.#node; at; at = at.parent) {
        if (at === node) throw new FsFault('EINVAL')
      }
      if (old && old.type !== 'directory') throw new FsFault('ENOTDIR')
      if (old && childrenOf(this.#session, old as MemDirectory).size > 0) throw new FsFault('ENOTEMPTY')
      if (depthOf(target.#node) + heightOf(node) > this.#session.volume.quota.maxDepth) throw new FsFault('EDQUOT')
    } else if (old?.type === 'directory') {
      throw new FsFault('EISDIR')
    }
    target.#writable()
    if (old) target.#remove(toName, old)
    this.#children().delete(name)
    target.#children().set(toName, node)
    if (node.type === 'directory') node.parent = target.#node
    this.#touch()
    target.#touch()
  }

  link(name: string, to: DirNode, toName: string): void {
    const target = this.#sibling(to)
    const node = this.#need(name)
    if (node.type === 'directory') throw new FsFault('EPERM')
    if (target.#find(toName)) throw new FsFault('EEXIST')
    if (node.origin) throw new FsFault('ENOTSUP')
    target.#insert(toName, node)
    node.links++
  }

  symlink(name: string, target: string): void {
    if (this.#find(name)) throw new FsFault('EEXIST')
    if (target === '') throw new FsFault('ENOENT')
    if (!target.isWellFormed() || target.includes('\0')) throw new FsFault('EINVAL')
    const bytes = utf8Length(target)
    if (bytes > PATH_BYTES) throw new FsFault('ENAMETOOLONG')
    this.#session.volume.take(bytes)
    try {
      this.#insert(name, this.#session.volume.newLink(this.#session.now(), target))
    } catch (error) {
      this.#session.volume.take(-bytes)
      throw error
    }
  }

  readlink(name: string): string {
    const node = this.#need(name)
    if (node.type !== 'symlink') throw new FsFault('EINVAL')
    return node.target ?? readLower(this.#session, node, (dir, last) => dir.readlink(last))
  }

  setTimes(name: string, times: Times): void {
    const node = this.#need(name)
    node.times = { ...timesOf(this.#session, node), ...times }
  }

  setOwnTimes(times: Times): void {
    this.#open()
    this.#node.times = { ...timesOf(this.#session, this.#node), ...times }
  }

  identity(name?: string): Identity | undefined {
    if (name !== undefined) return this.#find(name)
    this.#open()
    return this.#node
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#session.leases?.drop()
  }

  #open(): void {
    if (this.#closed) throw new FsFault('EBADF')
  }

  #children(): Map<string, MemNode> {
    this.#open()
    return childrenOf(this.#session, this.#node)
  }

  #find(name: string): MemNode | undefined {
    checkName(name)
    return this.#children().get(name)
  }

  #need(name: string): MemNode {
    const node = this.#find(name)
    if (!node) throw new FsFault('ENOENT')
    return node
  }

  #sibling(to: DirNode): MemDirNode {
    if (!(to instanceof MemDirNode) || to.#session.volume !== this.#session.volume) throw new FsFault('EXDEV')
    return to
  }

  /** A directory that was removed takes nothing more. */
  #writable(): void {
    if (this.#node.removed) throw new FsFault('ENOENT')
  }

  #insert(name: string, node: MemNode): void {
    this.#writable()
    this.#session.volume.takeEntry()
    this.#children().set(name, node)
    this.#touch()
  }

  #remove(name: string, node: MemNode): void {
    const { volume } = this.#session
    this.#children().delete(name)
    volume.dropEntry(node)
    if (node.type === 'file') {
      node.links--
      volume.release(node)
    } else if (node.type === 'directory') {
      node.removed = true
    } else if (--node.links === 0 && node.target !== undefined) {
      volume.take(-utf8Length(node.target))
    }
    this.#touch()
  }

  #touch(): void {
    this.#node.times = toTimes(this.#session.now())
  }
}
