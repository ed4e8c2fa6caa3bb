import {
  closeSync, constants, fstatSync, futimesSync, lstatSync, lutimesSync, mkdirSync, openSync, opendirSync, readlinkSync, renameSync,
  rmdirSync, statfsSync, symlinkSync, unlinkSync,
} from 'node:fs'
import type { Dirent, Stats } from 'node:fs'
import type { DirNode, Entry, FileNode, Identity, NodeType, OpenFlags, Stat, Times } from '../../dir.js'
import { FsFault, FsRefused } from '../../fault.js'
import { checkName } from '../../name.js'
import { outside } from '../../walk.js'
import { HostFileNode, identityOf, readOnlyMount, special } from '../file/node.js'
import { syscall } from '../syscall.js'

/** What all descriptors of one run on one host mount share. */
export interface HostView {
  readonly writable: boolean
  /** `descending`: links may be made whose targets stay below them. */
  readonly symlinks: 'refuse' | 'descending'
  toStat(stats: Stats): Stat
  /** Notes times a guest chose: those are shown again, where the host's own never are. */
  remember(stats: Stats, times: Required<Times>): void
}

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** File systems that show the host's own processes and devices; never entered. `statfs(2)` magic numbers. */
const KERNEL_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x27e0eb, 0x63677270, // cgroup, cgroup2
  0x1cd1, // devpts
  0x73636673, // securityfs
  0xcafe4a11, // bpf
  0x19800202, // mqueue
  0x6e736673, // nsfs
  0xde5e81e4, // efivarfs
])

/**
 * An open directory of the host on Linux. Names are looked up below `/proc/self/fd/N`, which is the directory itself
 * and no path to it, so there is nothing between check and use that could be exchanged.
 *
 * @see open(2), O_NOFOLLOW; proc(5), /proc/pid/fd
 */
export class HostDirNode implements DirNode {
  readonly #view: HostView
  readonly #device: number
  #fd: number

  private constructor(view: HostView, fd: number, device: number) {
    this.#view = view
    this.#fd = fd
    this.#device = device
  }

  /** Takes over a directory descriptor of its own from `path`; the caller vouches for all but the last segment. */
  static open(view: HostView, path: string, options: { readonly follow: boolean; readonly device?: number }): HostDirNode {
    const fd = syscall(() => openSync(path, options.follow ? DIRECTORY & ~constants.O_NOFOLLOW : DIRECTORY))
    try {
      const device = syscall(() => fstatSync(fd).dev)
      if (device !== options.device && KERNEL_FILE_SYSTEMS.has(syscall(() => statfsSync(`/proc/self/fd/${fd}`).type))) {
        throw new FsRefused('shows nothing of the kernel, its processes and devices', 'a tool that answers the question; no directory can')
      }
      return new HostDirNode(view, fd, device)
    } catch (error) {
      closeSync(fd)
      throw error
    }
  }

  reopen(): DirNode {
    return HostDirNode.open(this.#view, this.#self(), { follow: true, device: this.#device })
  }

  stat(): Stat {
    this.#self()
    return this.#view.toStat(syscall(() => fstatSync(this.#fd)))
  }

  lookup(name: string): Stat | undefined {
    const stats = this.#lstat(name)
    return stats && this.#view.toStat(stats)
  }

  openDir(name: string): DirNode {
    return HostDirNode.open(this.#view, this.#at(name), { follow: false, device: this.#device })
  }

  openFile(name: string, flags: OpenFlags): FileNode {
    return HostFileNode.open(this.#view, this.#at(name), flags)
  }

  *entries(): Iterable<Entry> {
    const path = this.#self()
    const listing = syscall(() => opendirSync(path))
    try {
      for (;;) {
        const entry = syscall(() => listing.readSync())
        if (entry === null) return
        const type = typeOf(entry)
        if (type) yield { name: entry.name, type }
      }
    } finally {
      syscall(() => listing.closeSync())
    }
  }

  mkdir(name: string): void {
    const path = this.#writableAt(name)
    syscall(() => mkdirSync(path, 0o755))
  }

  unlink(name: string): void {
    const path = this.#writableAt(name)
    if (this.#lstat(name)?.isDirectory()) throw new FsFault('EISDIR')
    syscall(() => unlinkSync(path))
  }

  rmdir(name: string): void {
    const path = this.#writableAt(name)
    syscall(() => rmdirSync(path))
  }

  rename(name: string, to: DirNode, toName: string): void {
    const path = this.#writableAt(name)
    if (!(to instanceof HostDirNode) || to.#view !== this.#view) throw new FsFault('EXDEV')
    const toPath = to.#writableAt(toName)
    // A relative link that climbs means something else elsewhere, and the host may follow it there.
    if (this.#lstat(name)?.isSymbolicLink() && !descends(this.readlink(name))) throw outside()
    syscall(() => renameSync(path, toPath))
  }

  link(): void {
    throw noLinks('takes no hard links')
  }

  symlink(name: string, target: string): void {
    const path = this.#writableAt(name)
    if (this.#view.symlinks === 'refuse') throw noLinks('takes no symbolic links')
    if (target === '' || target.includes('\0') || !target.isWellFormed()) throw new FsFault('EINVAL')
    if (!descends(target)) throw outside()
    syscall(() => symlinkSync(target, path))
  }

  readlink(name: string): string {
    const path = this.#at(name)
    const target = syscall(() => readlinkSync(path))
    // An absolute target is a path of the host, which a guest is not to learn.
    if (target.startsWith('/')) throw outside()
    return target
  }

  setTimes(name: string, times: Times): void {
    const path = this.#writableAt(name)
    const stats = this.#lstat(name)
    if (!stats) throw new FsFault('ENOENT')
    if (stats.isFile() && stats.nlink > 1) throw new FsRefused('refuses files with hard links elsewhere', 'a copy of the file')
    const { accessedMs = stats.atimeMs, modifiedMs = stats.mtimeMs } = times
    syscall(() => {
      lutimesSync(path, accessedMs / 1000, modifiedMs / 1000)
      this.#view.remember(lstatSync(path), { ...this.#view.toStat(stats), ...times })
    })
  }

  setOwnTimes(times: Times): void {
    if (!this.#view.writable) throw readOnlyMount()
    this.#self()
    syscall(() => {
      const stats = fstatSync(this.#fd)
      futimesSync(this.#fd, (times.accessedMs ?? stats.atimeMs) / 1000, (times.modifiedMs ?? stats.mtimeMs) / 1000)
      this.#view.remember(fstatSync(this.#fd), { ...this.#view.toStat(stats), ...times })
    })
  }

  identity(name?: string): Identity | undefined {
    const path = name === undefined ? this.#self() : this.#at(name)
    const stats = syscall(() => name === undefined ? fstatSync(this.#fd, { bigint: true }) : lstatSync(path, { bigint: true, throwIfNoEntry: false }))
    return stats && identityOf(stats)
  }

  close(): void {
    if (this.#fd < 0) return
    const fd = this.#fd
    this.#fd = -1
    syscall(() => closeSync(fd))
  }

  #self(): string {
    if (this.#fd < 0) throw new FsFault('EBADF')
    return `/proc/self/fd/${this.#fd}`
  }

  #at(name: string): string {
    checkName(name)
    return `${this.#self()}/${name}`
  }

  #writableAt(name: string): string {
    if (!this.#view.writable) throw readOnlyMount()
    return this.#at(name)
  }

  #lstat(name: string): Stats | undefined {
    const path = this.#at(name)
    const stats = syscall(() => lstatSync(path, { throwIfNoEntry: false }))
    if (stats && !typeOf(stats)) throw special()
    return stats
  }
}

/** The type a guest may know; `undefined` for FIFOs, sockets and devices, which it never meets. */
export function typeOf(node: Stats | Dirent): NodeType | undefined {
  if (node.isFile()) return 'file'
  if (node.isDirectory()) return 'directory'
  return node.isSymbolicLink() ? 'symlink' : undefined
}

function descends(target: string): boolean {
  return !target.startsWith('/') && !target.split('/').includes('..')
}

function noLinks(reason: string): FsRefused {
  return new FsRefused(reason, 'memoryDir(), or copyOnWrite() of the directory')
}
