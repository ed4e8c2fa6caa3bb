import type { DirNode, FileNode } from '../../../capabilities/fs/dir.js'
import { FsFault } from '../../../capabilities/fs/fault.js'
import { readlinkAt, setTimesAt, statAt, withNamesAt } from '../../../capabilities/fs/tree.js'
import { outside } from '../../../capabilities/fs/walk.js'
import { unknownHandle } from './failure.js'
import { DirectoryEntryStream, listEntries } from './filesystem-entries.js'
import { fail } from './filesystem-errors.js'
import type { ErrorCode } from './filesystem-errors.js'
import { Opened, toOffset } from './filesystem-files.js'
import type { Act, Files } from './filesystem-files.js'
import type { MetadataHash } from './filesystem-hash.js'
import { atName, atNewName, linkAt, lookAt, openAt, unlinkAt } from './filesystem-paths.js'
import type { DescriptorFlags, OpenFlags, PathFlags } from './filesystem-paths.js'
import { toDescriptorStat } from './filesystem-stat.js'
import type { DescriptorStat, DescriptorType } from './filesystem-stat.js'
import { toNewTimes } from './filesystem-times.js'
import type { NewTimestamp } from './filesystem-times.js'
import { fileSink, fileSource, readFile, writeFile } from './filesystem-streams.js'
import { MOST_BYTES, toLength } from './io.js'
import { InputStream } from './streams-input.js'
import { OutputStream } from './streams-output.js'

/**
 * `wasi:filesystem/types` `descriptor`: an open file with the flags it was opened with, or an open directory, which may
 * do what its mount permits; no libc of a guest asks for `mutate-directory`.
 */
export class Descriptor {
  readonly #files: Files
  readonly #opened: Opened
  readonly #flags: DescriptorFlags
  readonly #drop: () => void

  /** Takes over what is opened, also when it fails. */
  constructor(files: Files, opened: Opened, flags: DescriptorFlags) {
    this.#files = files
    this.#opened = opened
    this.#flags = flags
    this.#drop = files.io.takeOver(() => opened.release())
  }

  readViaStream(offset: bigint): InputStream {
    const { opened } = Descriptor.#readable(this)
    const { io } = this.#files
    return new InputStream(io, fileSource(this.#files, opened, toOffset(offset, 'invalid')))
  }

  writeViaStream(offset: bigint): OutputStream {
    const { opened } = Descriptor.#writable(this)
    return new OutputStream(this.#files.io, fileSink(this.#files, opened, toOffset(offset, 'file-too-large')))
  }

  appendViaStream(): OutputStream {
    const { opened } = Descriptor.#writable(this)
    return new OutputStream(this.#files.io, fileSink(this.#files, opened, 'end'))
  }

  /** Takes note of nothing. */
  advise(_offset: bigint, _length: bigint, _advice: string): void {
    Descriptor.#fileOf(this, 'bad-descriptor')
  }

  syncData(): void {
    this.sync()
  }

  getFlags(): DescriptorFlags {
    const opened = Descriptor.#openedOf(this)
    return opened.dir ? { read: true, mutateDirectory: opened.mutable } : { ...this.#flags, mutateDirectory: false }
  }

  getType(): DescriptorType {
    return Descriptor.#openedOf(this).dir ? 'directory' : 'regular-file'
  }

  setSize(size: bigint): void {
    const { opened, file } = Descriptor.#writable(this)
    const length = toOffset(size, 'file-too-large')
    this.#files.act({ operation: 'fs.ftruncate', verbs: [] }, opened, opened.path, () => file.truncate(length))
  }

  setTimes(accessed: NewTimestamp, modified: NewTimestamp): void {
    const opened = Descriptor.#openedOf(this)
    const times = toNewTimes(accessed, modified, () => this.#files.now())
    this.#files.act({ operation: 'fs.futimes', verbs: ['touch'] }, opened, opened.path, () => {
      if (opened.dir) opened.dir.setOwnTimes(times)
      else opened.file?.setTimes(times)
      this.#files.times.note(opened.identity, times)
    })
  }

  read(length: bigint, offset: bigint): [Uint8Array, boolean] {
    const { opened, file } = Descriptor.#readable(this)
    const wanted = toLength(length)
    const bytes = readFile(this.#files, opened, file, { offset: toOffset(offset, 'invalid'), length: wanted })
    return [bytes, bytes.length < wanted]
  }

  write(buffer: Uint8Array, offset: bigint): bigint {
    const { opened, file } = Descriptor.#writable(this)
    const bytes = buffer.length > MOST_BYTES ? buffer.subarray(0, MOST_BYTES) : buffer
    writeFile(this.#files, opened, file, { offset: toOffset(offset, 'file-too-large'), bytes })
    return BigInt(bytes.length)
  }

  readDirectory(): DirectoryEntryStream {
    const { opened, dir } = Descriptor.#dirOf(this)
    const entries = this.#files.act({ operation: 'fs.readdir', verbs: ['read'] }, opened, opened.path, (call) => listEntries(dir.entries(), call))
    return new DirectoryEntryStream(this.#files.io, entries)
  }

  /** When bytes reach a disk is the host's business. */
  sync(): void {
    const opened = Descriptor.#openedOf(this)
    this.#files.act({ operation: 'fs.fsync', verbs: [] }, opened, opened.path, () => {})
  }

  createDirectoryAt(path: string): void {
    const { opened, dir } = Descriptor.#dirOf(this)
    this.#files.act({ operation: 'fs.mkdir', verbs: ['create'] }, opened, opened.below(path), () =>
      atName(dir, path, new FsFault('EEXIST'), (at, name) => at.mkdir(name)))
  }

  stat(): DescriptorStat {
    const opened = Descriptor.#openedOf(this)
    return this.#files.act({ operation: 'fs.fstat', verbs: ['read'] }, opened, opened.path, () => {
      const stat = opened.node.stat()
      const { times } = this.#files
      return toDescriptorStat(stat, times.show(times.any ? opened.identity : undefined, stat))
    })
  }

  statAt(pathFlags: PathFlags, path: string): DescriptorStat {
    const { opened, dir } = Descriptor.#dirOf(this)
    return this.#files.act({ operation: 'fs.stat', verbs: ['read'] }, opened, opened.below(path), () => {
      const follow = Boolean(pathFlags.symlinkFollow)
      const { times } = this.#files
      if (times.any) {
        const { identity, stat } = lookAt(dir, path, follow)
        return toDescriptorStat(stat, times.show(identity, stat))
      }
      const stat = statAt(dir, path, { follow })
      return toDescriptorStat(stat, times.show(undefined, stat))
    })
  }

  setTimesAt(pathFlags: PathFlags, path: string, accessed: NewTimestamp, modified: NewTimestamp): void {
    const { opened, dir } = Descriptor.#dirOf(this)
    const times = toNewTimes(accessed, modified, () => this.#files.now())
    this.#files.act({ operation: 'fs.utimes', verbs: ['touch'] }, opened, opened.below(path), () => {
      const follow = Boolean(pathFlags.symlinkFollow)
      setTimesAt(dir, path, times, { follow })
      this.#files.times.note(lookAt(dir, path, follow).identity, times)
    })
  }

  linkAt(oldPathFlags: PathFlags, oldPath: string, newDescriptor: Descriptor, newPath: string): void {
    Descriptor.#dirOf(this)
    if (oldPathFlags.symlinkFollow) throw fail('invalid')
    Descriptor.#between(this, newDescriptor, { operation: 'fs.link', verbs: ['read', 'create'] }, oldPath, newPath, (from, to) => linkAt(from, oldPath, to, newPath))
  }

  openAt(pathFlags: PathFlags, path: string, openFlags: OpenFlags, flags: DescriptorFlags): Descriptor {
    const { opened, dir } = Descriptor.#dirOf(this)
    const { create, directory, exclusive, truncate } = openFlags
    if (directory && (create || exclusive || truncate)) throw fail('invalid')
    const writes = Boolean(flags.write || create || truncate)
    const verbs = writes ? (['read', 'append'] as const).slice(flags.read ? 0 : 1) : (['read'] as const)
    const name = opened.below(path)
    const found = this.#files.act({ operation: 'fs.open', verbs }, opened, name, () => {
      const refused = flags.mutateDirectory && !opened.mutable ? opened.mount.dir.refuses('create') : undefined
      if (refused) throw refused
      return openAt(dir, path, Boolean(pathFlags.symlinkFollow), openFlags, flags)
    })
    const { mount, depth } = opened
    return new Descriptor(this.#files, new Opened(mount, name, depth + found.depth, found.dir, found.file), { ...flags })
  }

  readlinkAt(path: string): string {
    const { opened, dir } = Descriptor.#dirOf(this)
    return this.#files.act({ operation: 'fs.readlink', verbs: ['read'] }, opened, opened.below(path), () => readlinkAt(dir, path, opened.depth))
  }

  removeDirectoryAt(path: string): void {
    const { opened, dir } = Descriptor.#dirOf(this)
    this.#files.act({ operation: 'fs.rmdir', verbs: ['remove'] }, opened, opened.below(path), () =>
      atName(dir, path, new FsFault('EINVAL'), (at, name) => at.rmdir(name)))
  }

  renameAt(oldPath: string, newDescriptor: Descriptor, newPath: string): void {
    Descriptor.#between(this, newDescriptor, { operation: 'fs.rename', verbs: ['remove', 'create'] }, oldPath, newPath, (from, to) =>
      withNamesAt({ base: from, path: oldPath }, { base: to, path: newPath }, (dir, name, toDir, toName) => dir.rename(name, toDir, toName)))
  }

  symlinkAt(oldPath: string, newPath: string): void {
    const { opened, dir } = Descriptor.#dirOf(this)
    this.#files.act({ operation: 'fs.symlink', verbs: ['create'] }, opened, opened.below(newPath), () => {
      if (oldPath.startsWith('/')) throw outside()
      atNewName(dir, newPath, (at, name) => at.symlink(name, oldPath))
    })
  }

  unlinkFileAt(path: string): void {
    const { opened, dir } = Descriptor.#dirOf(this)
    this.#files.act({ operation: 'fs.unlink', verbs: ['remove'] }, opened, opened.below(path), () => unlinkAt(dir, path))
  }

  isSameObject(other: Descriptor): boolean {
    return Descriptor.#openedOf(this).identity === Descriptor.#openedOf(other).identity
  }

  metadataHash(): MetadataHash {
    const opened = Descriptor.#openedOf(this)
    return this.#files.act({ operation: 'fs.fstat', verbs: ['read'] }, opened, opened.path, () =>
      this.#files.hashes.of(opened.identity, opened.node.stat()))
  }

  metadataHashAt(pathFlags: PathFlags, path: string): MetadataHash {
    const { opened, dir } = Descriptor.#dirOf(this)
    const follow = Boolean(pathFlags.symlinkFollow)
    return this.#files.act({ operation: 'fs.stat', verbs: ['read'] }, opened, opened.below(path), () => {
      const { identity, stat } = lookAt(dir, path, follow)
      return this.#files.hashes.of(identity, stat)
    })
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  static #openedOf(descriptor: Descriptor): Opened {
    if (!(#opened in descriptor)) throw unknownHandle('descriptor')
    return descriptor.#opened
  }

  static #dirOf(descriptor: Descriptor): { readonly opened: Opened; readonly dir: DirNode } {
    const opened = Descriptor.#openedOf(descriptor)
    if (!opened.dir) throw fail('not-directory')
    return { opened, dir: opened.dir }
  }

  static #fileOf(descriptor: Descriptor, otherwise: ErrorCode): { readonly opened: Opened; readonly file: FileNode } {
    const opened = Descriptor.#openedOf(descriptor)
    if (!opened.file) throw fail(otherwise)
    return { opened, file: opened.file }
  }

  static #readable(descriptor: Descriptor): { readonly opened: Opened; readonly file: FileNode } {
    const target = Descriptor.#fileOf(descriptor, 'is-directory')
    if (!descriptor.#flags.read) throw fail('bad-descriptor')
    return target
  }

  static #writable(descriptor: Descriptor): { readonly opened: Opened; readonly file: FileNode } {
    const target = Descriptor.#fileOf(descriptor, 'bad-descriptor')
    if (!descriptor.#flags.write) throw fail('bad-descriptor')
    return target
  }

  /** Acts on two names, of which the second may be another mount's; there is no way between mounts. */
  static #between(
    source: Descriptor, target: Descriptor, act: Act, oldPath: string, newPath: string, use: (from: DirNode, to: DirNode) => void,
  ): void {
    const { opened: from, dir } = Descriptor.#dirOf(source)
    const { opened: to, dir: toDir } = Descriptor.#dirOf(target)
    source.#files.act(act, from, `${from.below(oldPath)} -> ${to.below(newPath)}`, () => {
      for (const verb of act.verbs) {
        const refused = to.mount.dir.refuses(verb)
        if (refused) throw refused
      }
      if (from.mount !== to.mount) throw new FsFault('EXDEV')
      use(dir, toDir)
    })
  }
}
