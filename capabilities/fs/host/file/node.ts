import { closeSync, constants, fstatSync, ftruncateSync, futimesSync, lstatSync, openSync, readSync, writeSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import type { FileNode, Identity, OpenFlags, Stat, Times } from '../../dir.js'
import { FsFault, FsRefused } from '../../fault.js'
import type { HostView } from '../dir/node.js'
import { syscall } from '../syscall.js'

const READ_AHEAD = 1 << 16

/** An open regular file of the host. */
export class HostFileNode implements FileNode {
  readonly #view: HostView
  readonly #flags: OpenFlags
  #fd: number

  private constructor(view: HostView, fd: number, flags: OpenFlags) {
    this.#view = view
    this.#fd = fd
    this.#flags = flags
  }

  /**
   * Opens `path`, whose last segment alone is unchecked and is not followed.
   * Nothing is cut or written before the object that was opened is known to be a regular file with one name.
   */
  static open(view: HostView, path: string, flags: OpenFlags): HostFileNode {
    const writes = Boolean(flags.write || flags.append)
    if (flags.truncate && !writes) throw new FsFault('EINVAL')
    if ((writes || flags.create) && !view.writable) throw readOnlyMount()
    const access = writes ? (flags.read ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY
    const bits = access | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY | (flags.append ? constants.O_APPEND : 0)
    const node = new HostFileNode(view, openChecked(view, path, bits, flags), flags)
    try {
      checkKind(view, fstatSync(node.#fd))
      if (flags.truncate) syscall(() => ftruncateSync(node.#fd, 0))
      return node
    } catch (error) {
      node.close()
      throw error
    }
  }

  stat(): Stat {
    return this.#view.toStat(syscall(() => fstatSync(this.#open())))
  }

  read(offset: number, length: number): Uint8Array {
    if (!this.#flags.read) throw new FsFault('EBADF')
    const fd = this.#open()
    checkOffset(offset)
    checkOffset(length)
    return syscall(() => {
      // What is asked for may be more than there is; only then is it worth asking how much.
      const left = length > READ_AHEAD ? Math.max(fstatSync(fd).size - offset, READ_AHEAD) : READ_AHEAD
      const bytes = new Uint8Array(Math.min(length, left))
      let at = 0
      while (at < bytes.length) {
        const count = readSync(fd, bytes, at, bytes.length - at, offset + at)
        if (count === 0) break
        at += count
      }
      return at === bytes.length ? bytes : bytes.slice(0, at)
    })
  }

  write(offset: number, bytes: Uint8Array): void {
    const fd = this.#writable()
    checkOffset(offset)
    syscall(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, offset + at)
    })
  }

  append(bytes: Uint8Array): void {
    this.write(this.stat().size, bytes)
  }

  truncate(size: number): void {
    const fd = this.#writable()
    checkOffset(size)
    syscall(() => ftruncateSync(fd, size))
  }

  setTimes(times: Times): void {
    if (!this.#view.writable) throw readOnlyMount()
    const fd = this.#open()
    syscall(() => {
      const stats = fstatSync(fd)
      futimesSync(fd, (times.accessedMs ?? stats.atimeMs) / 1000, (times.modifiedMs ?? stats.mtimeMs) / 1000)
      this.#view.remember(fstatSync(fd), { ...this.#view.toStat(stats), ...times })
    })
  }

  identity(): Identity {
    return identityOf(syscall(() => fstatSync(this.#open(), { bigint: true })))
  }

  close(): void {
    if (this.#fd < 0) return
    const fd = this.#fd
    this.#fd = -1
    syscall(() => closeSync(fd))
  }

  #open(): number {
    if (this.#fd < 0) throw new FsFault('EBADF')
    return this.#fd
  }

  #writable(): number {
    if (!this.#flags.write && !this.#flags.append) throw new FsFault('EBADF')
    return this.#open()
  }
}

/** Opens without acting on what is opened: a device is not even touched, a new file is made only where nothing was. */
function openChecked(view: HostView, path: string, bits: number, flags: OpenFlags): number {
  for (let attempt = 0; attempt < 8; attempt++) {
    const seen = syscall(() => lstatSync(path, { throwIfNoEntry: false }))
    if (seen) {
      if (flags.create && flags.exclusive) throw new FsFault('EEXIST')
      checkKind(view, seen)
      try {
        return syscall(() => openSync(path, bits))
      } catch (error) {
        if (flags.create && error instanceof FsFault && error.code === 'ENOENT') continue
        throw error
      }
    }
    if (!flags.create) throw new FsFault('ENOENT')
    try {
      return syscall(() => openSync(path, bits | constants.O_CREAT | constants.O_EXCL, 0o644))
    } catch (error) {
      if (flags.exclusive || !(error instanceof FsFault) || error.code !== 'EEXIST') throw error
    }
  }
  throw new FsFault('EBUSY')
}

/** Lets through a regular file; one with several names only where it cannot be written. */
export function checkKind(view: HostView, stats: Pick<import('node:fs').Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink' | 'nlink'>): void {
  if (stats.isSymbolicLink()) throw new FsFault('ELOOP')
  if (stats.isDirectory()) throw new FsFault('EISDIR')
  if (!stats.isFile()) throw special()
  if (view.writable && stats.nlink > 1) {
    throw new FsRefused('refuses files with hard links elsewhere', 'the directory opened read-only')
  }
}

/** No device and inode of the host leave this: two are compared, and that is all. */
export function identityOf({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): Identity {
  return `${dev}:${ino}`
}

export function special(): FsRefused {
  return new FsRefused('opens no FIFOs, sockets and devices', 'a tool that talks to it; no directory can')
}

export function readOnlyMount(): FsRefused {
  return new FsRefused('is read-only', 'await openDir(..., { mode: "read-write" })', 'EROFS')
}

function checkOffset(offset: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0) throw new FsFault('EINVAL')
}
