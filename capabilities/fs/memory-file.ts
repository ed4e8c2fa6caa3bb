import type { FileNode, Identity, OpenFlags, Stat, Times } from './dir.js'
import { FsFault } from './fault.js'
import { statOf, timesOf } from './lower.js'
import type { MemSession } from './memory-session.js'
import { toTimes } from './volume.js'
import type { MemFile } from './volume.js'

/** An open file of a volume. Its bytes stay counted until it has neither name nor descriptor. */
export class MemFileNode implements FileNode {
  readonly #session: MemSession
  readonly #file: MemFile
  readonly #flags: OpenFlags
  #lower: FileNode | undefined
  #closed = false

  private constructor(session: MemSession, file: MemFile, flags: OpenFlags) {
    this.#session = session
    this.#file = file
    this.#flags = flags
  }

  static open(session: MemSession, file: MemFile, flags: OpenFlags): MemFileNode {
    const node = new MemFileNode(session, file, flags)
    if (flags.truncate) {
      node.truncate(0)
    } else if (file.lower) {
      node.#openLower()
    }
    file.opens++
    session.leases?.take()
    return node
  }

  stat(): Stat {
    this.#open()
    return statOf(this.#session, this.#file)
  }

  read(offset: number, length: number): Uint8Array {
    this.#open()
    if (!this.#flags.read) throw new FsFault('EBADF')
    checkOffset(offset)
    if (this.#file.lower) return this.#openLower().read(offset, length)
    return this.#file.bytes.slice(Math.min(offset, this.#file.size), Math.min(offset + length, this.#file.size))
  }

  write(offset: number, bytes: Uint8Array): void {
    if (this.#flags.append) return this.append(bytes)
    this.#writable()
    checkOffset(offset)
    this.#own()
    const file = this.#file
    if (bytes.length > 0 && offset + bytes.length > file.size) this.#session.volume.resize(file, offset + bytes.length)
    file.bytes.set(bytes, Math.min(offset, file.size))
    this.#changed()
  }

  append(bytes: Uint8Array): void {
    this.#writable()
    this.#own()
    const at = this.#file.size
    this.#session.volume.resize(this.#file, at + bytes.length)
    this.#file.bytes.set(bytes, at)
    this.#changed()
  }

  truncate(size: number): void {
    this.#writable()
    checkOffset(size)
    if (size === 0) this.#forgetLower()
    this.#own()
    this.#session.volume.resize(this.#file, size)
    this.#changed()
  }

  setTimes(times: Times): void {
    this.#open()
    this.#file.times = { ...timesOf(this.#session, this.#file), ...times }
  }

  identity(): Identity {
    this.#open()
    return this.#file
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#lower?.close()
    this.#file.opens--
    this.#session.volume.release(this.#file)
    this.#session.leases?.drop()
  }

  #open(): void {
    if (this.#closed) throw new FsFault('EBADF')
  }

  #writable(): void {
    this.#open()
    if (!this.#flags.write && !this.#flags.append) throw new FsFault('EBADF')
  }

  #changed(): void {
    this.#file.times = toTimes(this.#session.now())
    this.#file.changed = true
  }

  #openLower(): FileNode {
    if (!this.#session.lower || !this.#file.origin) throw new FsFault('EIO')
    return (this.#lower ??= this.#session.lower.file(this.#file.origin))
  }

  #forgetLower(): void {
    this.#file.lower = false
    this.#lower?.close()
    this.#lower = undefined
  }

  /** Takes the lower file's bytes over before the first change to them. */
  #own(): void {
    if (this.#file.lower) ownContents(this.#session, this.#file)
    this.#lower?.close()
    this.#lower = undefined
  }
}

/** Copies a lower file into the volume, at the expense of its quota. */
export function ownContents(session: MemSession, file: MemFile): void {
  if (!session.lower || !file.origin) throw new FsFault('EIO')
  const lower = session.lower.file(file.origin)
  try {
    const { size } = lower.stat()
    session.volume.resize(file, size)
    file.lower = false
    try {
      for (let at = 0; at < size; ) {
        const bytes = lower.read(at, Math.min(size - at, 1 << 20))
        if (bytes.length === 0) break
        file.bytes.set(bytes, at)
        at += bytes.length
      }
    } catch (error) {
      session.volume.resize(file, 0)
      file.lower = true
      throw error
    }
  } finally {
    lower.close()
  }
}

function checkOffset(offset: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0) throw new FsFault('EINVAL')
}
