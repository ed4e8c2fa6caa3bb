import type { GuestCore } from '../core.js'
import { refuse, toPath } from './fs/arguments.js'
import { callback, promise, sync } from './fs/asking.js'
import { constants } from './fs/constants.js'
import { createFileHandle } from './fs/file-handle.js'
import { createOperations } from './fs/operations.js'
import { Dirent, Stats } from './fs/stats.js'
import { createStreams } from './fs/streams.js'

const unsupported = (name: string, instead: string) => (): never => {
  throw refuse('ENOSYS', `fs.${name} is not supported: ${instead}`)
}

const NO_WATCH = 'nothing outside a call changes its files; read them again instead'
const NO_MODES = 'what may be done is decided by the grant of the mount, not by mode bits'
const UNSUPPORTED: Readonly<Record<string, string>> = {
  chmod: NO_MODES, fchmod: NO_MODES, lchmod: NO_MODES, chown: NO_MODES, fchown: NO_MODES, lchown: NO_MODES,
  statfs: 'a mount has a quota, not a file system', glob: 'use readdir with { recursive: true } and filter the names',
  readv: 'use read', writev: 'use write',
}

/** Node's `fs`: every function in its sync, callback and promise form, each act decided and recorded on the host's side. */
export default (core: GuestCore) => {
  const operations = createOperations(core)
  const { read, write, exists, open, ...whole } = operations
  const FileHandle = createFileHandle(core, operations)
  const openSync = sync(core, open)
  const existsAt = sync(core, exists)
  const { call } = core
  /** The commonest question of all: without what it shares with the others, a call of it costs half. */
  const existsSync = (path: unknown): boolean => {
    if (typeof path !== 'string') return existsAt(path)
    try {
      return call('fs.exists', path) === true
    } catch {
      return false
    }
  }

  const syncs: Record<string, unknown> = { readSync: sync(core, read), writeSync: sync(core, write), existsSync, openSync }
  const callbacks: Record<string, unknown> = {
    open: callback(core, open),
    read: (fd: unknown, buffer: unknown, ...rest: unknown[]) => {
      const done = rest.pop() as (error: unknown, count?: number, buffer?: unknown) => void
      callback(core, read)(fd, buffer, ...rest, (error: unknown, count: number) => done(error, count, buffer))
    },
    write: (fd: unknown, data: unknown, ...rest: unknown[]) => {
      const done = rest.pop() as (error: unknown, count?: unknown, data?: unknown) => void
      callback(core, write)(fd, data, ...rest, (error: unknown, count: unknown) => done(error, count, data))
    },
    exists: (path: unknown, done: (found: boolean) => void) => void promise(core, exists)(path).then(done),
  }
  const promises: Record<string, unknown> = {
    constants,
    open: async (path: unknown, flags?: unknown) => new FileHandle((await promise(core, open)(path, flags)) as number),
    watch: unsupported('promises.watch', NO_WATCH),
  }
  const notInPromises = ['fstat', 'ftruncate', 'futimes', 'close', 'fsync', 'fdatasync']
  for (const [name, ask] of Object.entries(whole) as [string, typeof operations.unlink][]) {
    syncs[`${name}Sync`] = sync(core, ask)
    callbacks[name] = callback(core, ask)
    if (!notInPromises.includes(name)) promises[name] = promise(core, ask)
  }
  for (const [name, instead] of Object.entries(UNSUPPORTED)) {
    callbacks[name] = syncs[`${name}Sync`] = unsupported(name, instead)
    promises[name] = async () => unsupported(`promises.${name}`, instead)()
  }

  const opendirSync = (path: unknown, options?: unknown) => {
    const entries = (syncs['readdirSync'] as (path: unknown, options: unknown) => Dirent[])(path, { ...(options as object), withFileTypes: true })
    return {
      path: toPath(path),
      readSync: (): Dirent | null => entries.shift() ?? null,
      read: async (): Promise<Dirent | null> => entries.shift() ?? null,
      closeSync: (): void => {},
      close: async (): Promise<void> => {},
      async *[Symbol.asyncIterator]() {
        yield* entries
      },
    }
  }

  return {
    ...callbacks,
    ...syncs,
    ...createStreams(core, operations),
    opendirSync,
    promises: { ...promises, opendir: async (path: unknown, options?: unknown) => opendirSync(path, options) },
    constants,
    ...Object.fromEntries(['F_OK', 'R_OK', 'W_OK', 'X_OK'].map((name) => [name, constants[name as 'F_OK']])),
    Stats,
    Dirent,
    watch: unsupported('watch', NO_WATCH),
    watchFile: unsupported('watchFile', NO_WATCH),
    unwatchFile: (): void => {},
  }
}
