import type { GuestCore } from '../../core.js'
import { refuse, toData, toEncoding, toOptions, toPath, toPosition, toTime } from './arguments.js'
import type { Asking } from './asking.js'
import { encodeUtf8, toFileBytes } from './bytes.js'
import { Stats, toDirents } from './stats.js'

interface Listing {
  readonly names: readonly string[]
  readonly types: string
}

const hasCode = (error: unknown, code: string): boolean => (error as { code?: unknown } | null)?.code === code
const isDescriptor = (value: unknown): value is number => typeof value === 'number'
const toDescriptor = (value: unknown): unknown => (typeof value === 'object' && value !== null && 'fd' in value ? value.fd : value)

/** The standard streams by number and by the names programs know them under. */
const streamOf = (path: unknown): 'stdin' | 'stdout' | 'stderr' | undefined => {
  if (path === 0 || path === '/dev/stdin' || path === '/dev/fd/0') return 'stdin'
  if (path === 1 || path === '/dev/stdout' || path === '/dev/fd/1') return 'stdout'
  return path === 2 || path === '/dev/stderr' || path === '/dev/fd/2' ? 'stderr' : undefined
}

const refuseBigInt = ({ bigint }: Readonly<Record<string, unknown>>): void => {
  if (bigint) throw refuse('ERR_INVALID_ARG_VALUE', 'The option "bigint" is not supported; sizes and times are numbers')
}

/** Node's functions by their promise name, each written once; `asking.ts` makes the three forms of them. */
export const createOperations = (core: GuestCore) => {
  const statOf = function* (path: unknown, options: unknown, follow: boolean): Asking<Stats | undefined> {
    const chosen = toOptions(options)
    refuseBigInt(chosen)
    try {
      return new Stats((yield ['fs.stat', toPath(path), { follow }]) as ConstructorParameters<typeof Stats>[0])
    } catch (error) {
      if (chosen['throwIfNoEntry'] === false && (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR'))) return undefined
      throw error
    }
  }

  const put = (operation: string) => function* (path: unknown, data: unknown, options?: unknown): Asking<void> {
    const target = toDescriptor(path)
    const { encoding, flag, flags } = toOptions(options)
    const stream = streamOf(target)
    if (stream === 'stdout' || stream === 'stderr') {
      core.log(stream, typeof data === 'string' ? data : toFileBytes(toData(data)).toString())
    } else if (isDescriptor(target)) {
      yield ['fs.write', target, toData(data), null, encoding]
    } else {
      yield [operation, toPath(target), toData(data), { encoding, flag: flag ?? flags }]
    }
  }

  return {
    *readFile(path: unknown, options?: unknown): Asking<string | Uint8Array> {
      const target = toDescriptor(path)
      const chosen = toOptions(options)
      const encoding = toEncoding(chosen)
      if (streamOf(target) === 'stdin') {
        const bytes = toFileBytes(encodeUtf8(core.settings().stdin))
        return encoding === undefined ? bytes : bytes.toString(encoding)
      }
      const answer = isDescriptor(target)
        ? yield ['fs.readToEnd', target, { encoding }]
        : yield ['fs.readFile', toPath(target), { encoding, flag: chosen['flag'] }]
      return typeof answer === 'string' ? answer : toFileBytes(answer)
    },
    writeFile: put('fs.writeFile'),
    appendFile: put('fs.appendFile'),
    *readdir(path: unknown, options?: unknown): Asking<unknown[]> {
      const { recursive, withFileTypes } = toOptions(options)
      const { names, types } = (yield ['fs.readdir', toPath(path), { recursive: Boolean(recursive) }]) as Listing
      return withFileTypes ? toDirents(String(toPath(path)), names, types) : [...names]
    },
    stat: (path: unknown, options?: unknown): Asking<Stats | undefined> => statOf(path, options, true),
    lstat: (path: unknown, options?: unknown): Asking<Stats | undefined> => statOf(path, options, false),
    *fstat(fd: unknown, options?: unknown): Asking<Stats> {
      refuseBigInt(toOptions(options))
      return new Stats((yield ['fs.fstat', fd]) as ConstructorParameters<typeof Stats>[0])
    },
    *access(path: unknown, mode?: unknown): Asking<void> {
      yield ['fs.access', toPath(path), mode]
    },
    *mkdir(path: unknown, options?: unknown): Asking {
      return yield ['fs.mkdir', toPath(path), { recursive: Boolean(toOptions(options)['recursive']) }]
    },
    *mkdtemp(prefix: unknown): Asking<string> {
      const text = String(toPath(prefix, 'prefix'))
      for (let attempt = 0; ; attempt++) {
        const path = text + Array.from({ length: 6 }, () => Math.floor(Math.random() * 36).toString(36)).join('')
        try {
          yield ['fs.mkdir', path, { recursive: false }]
          return path
        } catch (error) {
          if (attempt === 8 || !hasCode(error, 'EEXIST')) throw error
        }
      }
    },
    *rm(path: unknown, options?: unknown): Asking<void> {
      const { recursive, force } = toOptions(options)
      yield ['fs.rm', toPath(path), { recursive: Boolean(recursive), force: Boolean(force) }]
    },
    *rmdir(path: unknown, options?: unknown): Asking<void> {
      if (toOptions(options)['recursive']) yield ['fs.rm', toPath(path), { recursive: true, force: false }]
      else yield ['fs.rmdir', toPath(path)]
    },
    *unlink(path: unknown): Asking<void> {
      yield ['fs.unlink', toPath(path)]
    },
    *rename(from: unknown, to: unknown): Asking<void> {
      yield ['fs.rename', toPath(from, 'oldPath'), toPath(to, 'newPath')]
    },
    *copyFile(from: unknown, to: unknown, mode?: unknown): Asking<void> {
      yield ['fs.copyFile', toPath(from, 'src'), toPath(to, 'dest'), { exclusive: (Number(mode ?? 0) & 1) === 1 }]
    },
    *cp(from: unknown, to: unknown, options?: unknown): Asking<void> {
      const { recursive, force, errorOnExist, filter, dereference } = toOptions(options)
      if (filter || dereference) throw refuse('ERR_INVALID_ARG_VALUE', 'The options "filter" and "dereference" of cp are not supported; copy the files one by one')
      const flags = { recursive: Boolean(recursive), force: force !== false, errorOnExist: Boolean(errorOnExist) }
      yield ['fs.cp', toPath(from, 'src'), toPath(to, 'dest'), flags]
    },
    *truncate(path: unknown, length?: unknown): Asking<void> {
      yield isDescriptor(path) ? ['fs.ftruncate', path, length ?? 0] : ['fs.truncate', toPath(path), length ?? 0]
    },
    *ftruncate(fd: unknown, length?: unknown): Asking<void> {
      yield ['fs.ftruncate', fd, length ?? 0]
    },
    *realpath(path: unknown): Asking {
      return yield ['fs.realpath', toPath(path)]
    },
    *readlink(path: unknown): Asking {
      return yield ['fs.readlink', toPath(path)]
    },
    *symlink(target: unknown, path: unknown): Asking<void> {
      yield ['fs.symlink', toPath(target, 'target'), toPath(path)]
    },
    *link(from: unknown, to: unknown): Asking<void> {
      yield ['fs.link', toPath(from, 'existingPath'), toPath(to, 'newPath')]
    },
    *utimes(path: unknown, atime: unknown, mtime: unknown): Asking<void> {
      yield ['fs.utimes', toPath(path), toTime(atime), toTime(mtime), { follow: true }]
    },
    *lutimes(path: unknown, atime: unknown, mtime: unknown): Asking<void> {
      yield ['fs.utimes', toPath(path), toTime(atime), toTime(mtime), { follow: false }]
    },
    *futimes(fd: unknown, atime: unknown, mtime: unknown): Asking<void> {
      yield ['fs.futimes', fd, toTime(atime), toTime(mtime)]
    },
    *open(path: unknown, flags?: unknown): Asking {
      return yield ['fs.open', toPath(path), flags]
    },
    *close(fd: unknown): Asking<void> {
      yield ['fs.close', fd]
    },
    *fsync(fd: unknown): Asking<void> {
      yield ['fs.fsync', fd]
    },
    *fdatasync(fd: unknown): Asking<void> {
      yield ['fs.fsync', fd]
    },
    /** Reads into `buffer`; answers how many bytes. */
    *read(fd: unknown, buffer: unknown, offset?: unknown, length?: unknown, position?: unknown): Asking<number> {
      if (!ArrayBuffer.isView(buffer)) throw refuse('ERR_INVALID_ARG_TYPE', 'The "buffer" argument must be an instance of Buffer, TypedArray, or DataView')
      const chosen = typeof offset === 'object' && offset !== null ? (offset as Readonly<Record<string, unknown>>) : { offset, length, position }
      const start = Number(chosen['offset'] ?? 0)
      const room = buffer.byteLength - start
      const wanted = Number(chosen['length'] ?? room)
      if (!(start >= 0 && wanted >= 0 && wanted <= room)) throw refuse('ERR_OUT_OF_RANGE', 'The values of "offset" and "length" are out of the buffer\'s range')
      const bytes = (yield ['fs.read', fd, wanted, toPosition(chosen['position'])]) as Uint8Array
      new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset + start, bytes.length).set(bytes)
      return bytes.length
    },
    /** Writes text `(fd, text, position, encoding)` or bytes `(fd, buffer, offset, length, position)`; answers how many bytes. */
    *write(fd: unknown, data: unknown, first?: unknown, second?: unknown, third?: unknown): Asking {
      const stream = streamOf(fd)
      if (typeof data === 'string') {
        if (stream === 'stdout' || stream === 'stderr') {
          core.log(stream, data)
          return encodeUtf8(data).length
        }
        return yield ['fs.write', fd, data, toPosition(first), second ?? undefined]
      }
      const bytes = toData(data) as Uint8Array
      const chosen = typeof first === 'object' && first !== null ? (first as Readonly<Record<string, unknown>>) : { offset: first, length: second, position: third }
      const start = Number(chosen['offset'] ?? 0)
      const piece = bytes.slice(start, start + Number(chosen['length'] ?? bytes.length))
      if (stream === 'stdout' || stream === 'stderr') {
        core.log(stream, toFileBytes(piece).toString())
        return piece.length
      }
      return yield ['fs.write', fd, piece, toPosition(chosen['position'])]
    },
    *exists(path: unknown): Asking<boolean> {
      try {
        return Boolean(yield ['fs.exists', toPath(path)])
      } catch {
        return false
      }
    },
  }
}

export type Operations = ReturnType<typeof createOperations>
