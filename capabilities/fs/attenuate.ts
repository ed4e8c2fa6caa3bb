import type { Dir, DirNode, Entry, FileNode, Identity, OpenFlags, Stat, Times, Verb } from './dir.js'
import { toReach } from './dir.js'
import { FsFault, FsRefused, isFault } from './fault.js'
import type { RefusedCode } from './fault.js'

/** What an attenuated directory still permits, and what to say about the rest. */
export interface Mode {
  readonly permits: ReadonlySet<Verb>
  /** Continues `mount "/data" …`: `is read-only`. */
  readonly reason: string
  /** Continues `grants.fs["/data"] = …`. */
  readonly remedy: string
  /** @default 'EPERM' */
  readonly code?: RefusedCode
}

/**
 * Wraps a directory, every directory opened from it and every file opened in it, so that only the verbs of `mode` pass.
 * Disposing the result disposes `inner`.
 */
export function attenuate(inner: Dir, mode: Mode): Dir {
  const dir: Dir = {
    kind: 'fs',
    labels: inner.labels,
    reach: () => toReach(dir, '.'),
    refuses: (verb) => (mode.permits.has(verb) ? inner.refuses(verb) : refusal(mode)),
    open: (session) => new ModeDirNode(inner.open(session), mode),
    [Symbol.dispose]: () => inner[Symbol.dispose](),
  }
  return Object.freeze(dir)
}

function refusal(mode: Mode): FsRefused {
  return new FsRefused(mode.reason, mode.remedy, mode.code)
}

function demand(mode: Mode, ...verbs: readonly Verb[]): void {
  for (const verb of verbs) if (!mode.permits.has(verb)) throw refusal(mode)
}

/** An open directory of which only some verbs are left. */
export class ModeDirNode implements DirNode {
  readonly #inner: DirNode
  readonly #mode: Mode

  constructor(inner: DirNode, mode: Mode) {
    this.#inner = inner
    this.#mode = mode
  }

  reopen(): DirNode {
    return new ModeDirNode(this.#inner.reopen(), this.#mode)
  }

  stat(): Stat {
    return this.#inner.stat()
  }

  lookup(name: string): Stat | undefined {
    return this.#inner.lookup(name)
  }

  openDir(name: string): DirNode {
    return new ModeDirNode(this.#inner.openDir(name), this.#mode)
  }

  openFile(name: string, flags: OpenFlags): FileNode {
    const { permits } = this.#mode
    if (flags.create) demand(this.#mode, 'create')
    const writes = flags.write || flags.append || flags.truncate
    if (writes) demand(this.#mode, permits.has('write') ? 'write' : 'append')
    const safe = writes && !permits.has('write') ? { ...flags, write: true, append: true } : flags
    const file = flags.truncate && !permits.has('truncate') ? this.#openFresh(name, safe) : this.#inner.openFile(name, safe)
    return new ModeFileNode(file, this.#mode)
  }

  entries(): Iterable<Entry> {
    return this.#inner.entries()
  }

  mkdir(name: string): void {
    demand(this.#mode, 'create')
    this.#inner.mkdir(name)
  }

  unlink(name: string): void {
    demand(this.#mode, 'remove')
    this.#inner.unlink(name)
  }

  rmdir(name: string): void {
    demand(this.#mode, 'remove')
    this.#inner.rmdir(name)
  }

  rename(name: string, to: DirNode, toName: string): void {
    demand(this.#mode, 'remove', 'create')
    this.#inner.rename(name, this.#sibling(to), toName)
  }

  link(name: string, to: DirNode, toName: string): void {
    demand(this.#mode, 'create')
    this.#inner.link(name, this.#sibling(to), toName)
  }

  symlink(name: string, target: string): void {
    demand(this.#mode, 'create')
    this.#inner.symlink(name, target)
  }

  readlink(name: string): string {
    return this.#inner.readlink(name)
  }

  setTimes(name: string, times: Times): void {
    demand(this.#mode, 'touch')
    this.#inner.setTimes(name, times)
  }

  setOwnTimes(times: Times): void {
    demand(this.#mode, 'touch')
    this.#inner.setOwnTimes(times)
  }

  identity(name?: string): Identity | undefined {
    return this.#inner.identity(name)
  }

  close(): void {
    this.#inner.close()
  }

  /** Opens to truncate where nothing may be cut: only a file that is new or empty. */
  #openFresh(name: string, flags: OpenFlags): FileNode {
    const { truncate: _, ...kept } = flags
    try {
      if (flags.create) return this.#inner.openFile(name, { ...kept, exclusive: true })
    } catch (error) {
      if (flags.exclusive || !isFault(error, 'EEXIST')) throw error
    }
    const { create: __, exclusive: ___, ...existing } = kept
    const file = this.#inner.openFile(name, existing)
    if (file.stat().size === 0) return file
    file.close()
    throw refusal(this.#mode)
  }

  #sibling(to: DirNode): DirNode {
    if (!(to instanceof ModeDirNode) || to.#mode !== this.#mode) throw new FsFault('EXDEV')
    return to.#inner
  }
}

class ModeFileNode implements FileNode {
  readonly #inner: FileNode
  readonly #mode: Mode

  constructor(inner: FileNode, mode: Mode) {
    this.#inner = inner
    this.#mode = mode
  }

  stat(): Stat {
    return this.#inner.stat()
  }

  read(offset: number, length: number): Uint8Array {
    return this.#inner.read(offset, length)
  }

  write(offset: number, bytes: Uint8Array): void {
    if (!this.#mode.permits.has('write')) {
      demand(this.#mode, 'append')
      if (offset !== this.#inner.stat().size) throw refusal(this.#mode)
      return this.#inner.append(bytes)
    }
    this.#inner.write(offset, bytes)
  }

  append(bytes: Uint8Array): void {
    demand(this.#mode, 'append')
    this.#inner.append(bytes)
  }

  truncate(size: number): void {
    demand(this.#mode, 'truncate')
    this.#inner.truncate(size)
  }

  setTimes(times: Times): void {
    demand(this.#mode, 'touch')
    this.#inner.setTimes(times)
  }

  identity(): Identity {
    return this.#inner.identity()
  }

  close(): void {
    this.#inner.close()
  }
}
