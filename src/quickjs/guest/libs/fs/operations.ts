import type { GuestCore } from '../../core.js'
import { refuse, toData, toEncoding, toOptions, toPath, toPosition, toTime } from './arguments.js'
import type { Ask } from './asking.js'
import { encodeUtf8, toBuffer, toFileBytes } from './bytes.js'
import { Stats, toDirents } from './stats.js'

interface Listing {
  readonly names: readonly string[]
  readonly types: string
}

const hasCode = (error: unknown, code: string): boolean => (error as { code?: unknown } | null)?.code === code
const no = (): boolean => false
const isTrue = (answer: unknown): boolean => answer === true
/** What functions answer that answer nothing. */
const nothing = (): void => {}
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
  const toStats = (wire: ConstructorParameters<typeof Stats>[0]): Stats => new Stats(wire)
  const statOf = (ask: Ask, path: unknown, options: unknown, follow: boolean): Stats | undefined => {
    const chosen = toOptions(options)
    refuseBigInt(chosen)
    const question = ['fs.stat', toPath(path), { follow }] as const
    if (chosen['throwIfNoEntry'] !== false) return ask(question, toStats)
    return ask<Stats | undefined>(question, toStats, (error) => {
      if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined
      throw error
    })
  }

  const put = (operation: string) => (ask: Ask, path: unknown, data: unknown, options?: unknown): unknown => {
    const target = toDescriptor(path)
    const { encoding, flag, flags } = toOptions(options)
    const stream = streamOf(target)
    if (stream === 'stdout' || stream === 'stderr') {
      return core.log(stream, typeof data === 'string' ? data : toFileBytes(toData(data)).toString())
    }
    if (isDescriptor(target)) return ask(['fs.write', target, toData(data), null, encoding], nothing)
    return ask([operation, toPath(target), toData(data), { encoding, flag: flag ?? flags }], nothing)
  }
  const toContents = (answer: unknown): string | Uint8Array => (typeof answer === 'string' ? answer : toBuffer(core, answer as Uint8Array))

  return {
    readFile(ask: Ask, path: unknown, options?: unknown): string | Uint8Array {
      const target = toDescriptor(path)
      const chosen = toOptions(options)
      const encoding = toEncoding(chosen)
      if (streamOf(target) === 'stdin') {
        const bytes = toFileBytes(encodeUtf8(core.settings().stdin))
        return encoding === undefined ? toBuffer(core, bytes) : bytes.toString(encoding)
      }
      if (isDescriptor(target)) return ask(['fs.readToEnd', target, { encoding }], toContents)
      return ask(['fs.readFile', toPath(target), { encoding, flag: chosen['flag'] }], toContents)
    },
    writeFile: put('fs.writeFile'),
    appendFile: put('fs.appendFile'),
    readdir(ask: Ask, path: unknown, options?: unknown): unknown[] {
      const { recursive, withFileTypes } = toOptions(options)
      return ask(['fs.readdir', toPath(path), { recursive: Boolean(recursive) }], ({ names, types }: Listing): unknown[] =>
        withFileTypes ? toDirents(String(toPath(path)), names, types) : [...names])
    },
    stat: (ask: Ask, path: unknown, options?: unknown): Stats | undefined => statOf(ask, path, options, true),
    lstat: (ask: Ask, path: unknown, options?: unknown): Stats | undefined => statOf(ask, path, options, false),
    fstat(ask: Ask, fd: unknown, options?: unknown): Stats {
      refuseBigInt(toOptions(options))
      return ask(['fs.fstat', fd], toStats)
    },
    access(ask: Ask, path: unknown, mode?: unknown): void {
      return ask(['fs.access', toPath(path), mode], nothing)
    },
    mkdir(ask: Ask, path: unknown, options?: unknown): unknown {
      return ask(['fs.mkdir', toPath(path), { recursive: Boolean(toOptions(options)['recursive']) }])
    },
    mkdtemp(ask: Ask, prefix: unknown): string {
      const text = String(toPath(prefix, 'prefix'))
      const attempt = (count: number): string => {
        const path = text + Array.from({ length: 6 }, () => Math.floor(Math.random() * 36).toString(36)).join('')
        return ask(['fs.mkdir', path, { recursive: false }], () => path, (error) => {
          if (count === 8 || !hasCode(error, 'EEXIST')) throw error
          return attempt(count + 1)
        })
      }
      return attempt(0)
    },
    rm(ask: Ask, path: unknown, options?: unknown): void {
      const { recursive, force } = toOptions(options)
      return ask(['fs.rm', toPath(path), { recursive: Boolean(recursive), force: Boolean(force) }], nothing)
    },
    rmdir(ask: Ask, path: unknown, options?: unknown): void {
      if (toOptions(options)['recursive']) return ask(['fs.rm', toPath(path), { recursive: true, force: false }], nothing)
      return ask(['fs.rmdir', toPath(path)], nothing)
    },
    unlink(ask: Ask, path: unknown): void {
      return ask(['fs.unlink', toPath(path)], nothing)
    },
    rename(ask: Ask, from: unknown, to: unknown): void {
      return ask(['fs.rename', toPath(from, 'oldPath'), toPath(to, 'newPath')], nothing)
    },
    copyFile(ask: Ask, from: unknown, to: unknown, mode?: unknown): void {
      return ask(['fs.copyFile', toPath(from, 'src'), toPath(to, 'dest'), { exclusive: (Number(mode ?? 0) & 1) === 1 }], nothing)
    },
    cp(ask: Ask, from: unknown, to: unknown, options?: unknown): void {
      const { recursive, force, errorOnExist, filter, dereference } = toOptions(options)
      if (filter || dereference) throw refuse('ERR_INVALID_ARG_VALUE', 'The options "filter" and "dereference" of cp are not supported; copy the files one by one')
      const flags = { recursive: Boolean(recursive), force: force !== false, errorOnExist: Boolean(errorOnExist) }
      return ask(['fs.cp', toPath(from, 'src'), toPath(to, 'dest'), flags], nothing)
    },
    truncate(ask: Ask, path: unknown, length?: unknown): void {
      return ask(isDescriptor(path) ? ['fs.ftruncate', path, length ?? 0] : ['fs.truncate', toPath(path), length ?? 0], nothing)
    },
    ftruncate(ask: Ask, fd: unknown, length?: unknown): void {
      return ask(['fs.ftruncate', fd, length ?? 0], nothing)
    },
    realpath(ask: Ask, path: unknown): unknown {
      return ask(['fs.realpath', toPath(path)])
    },
    readlink(ask: Ask, path: unknown): unknown {
      return ask(['fs.readlink', toPath(path)])
    },
    symlink(ask: Ask, target: unknown, path: unknown): void {
      return ask(['fs.symlink', toPath(target, 'target'), toPath(path)], nothing)
    },
    link(ask: Ask, from: unknown, to: unknown): void {
      return ask(['fs.link', toPath(from, 'existingPath'), toPath(to, 'newPath')], nothing)
    },
    utimes(ask: Ask, path: unknown, atime: unknown, mtime: unknown): void {
      return ask(['fs.utimes', toPath(path), toTime(atime), toTime(mtime), { follow: true }], nothing)
    },
    lutimes(ask: Ask, path: unknown, atime: unknown, mtime: unknown): void {
      return ask(['fs.utimes', toPath(path), toTime(atime), toTime(mtime), { follow: false }], nothing)
    },
    futimes(ask: Ask, fd: unknown, atime: unknown, mtime: unknown): void {
      return ask(['fs.futimes', fd, toTime(atime), toTime(mtime)], nothing)
    },
    open(ask: Ask, path: unknown, flags?: unknown): unknown {
      return ask(['fs.open', toPath(path), flags])
    },
    close(ask: Ask, fd: unknown): void {
      return ask(['fs.close', fd], nothing)
    },
    fsync(ask: Ask, fd: unknown): void {
      return ask(['fs.fsync', fd], nothing)
    },
    fdatasync(ask: Ask, fd: unknown): void {
      return ask(['fs.fsync', fd], nothing)
    },
    /** Reads into `buffer`; answers how many bytes. */
    read(ask: Ask, fd: unknown, buffer: unknown, offset?: unknown, length?: unknown, position?: unknown): number {
      if (!ArrayBuffer.isView(buffer)) throw refuse('ERR_INVALID_ARG_TYPE', 'The "buffer" argument must be an instance of Buffer, TypedArray, or DataView')
      const chosen = typeof offset === 'object' && offset !== null ? (offset as Readonly<Record<string, unknown>>) : { offset, length, position }
      const start = Number(chosen['offset'] ?? 0)
      const room = buffer.byteLength - start
      const wanted = Number(chosen['length'] ?? room)
      if (!(start >= 0 && wanted >= 0 && wanted <= room)) throw refuse('ERR_OUT_OF_RANGE', 'The values of "offset" and "length" are out of the buffer\'s range')
      return ask(['fs.read', fd, wanted, toPosition(chosen['position'])], (bytes: Uint8Array) => {
        new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset + start, bytes.length).set(bytes)
        return bytes.length
      })
    },
    /** Writes text `(fd, text, position, encoding)` or bytes `(fd, buffer, offset, length, position)`; answers how many bytes. */
    write(ask: Ask, fd: unknown, data: unknown, first?: unknown, second?: unknown, third?: unknown): unknown {
      const stream = streamOf(fd)
      if (typeof data === 'string') {
        if (stream === 'stdout' || stream === 'stderr') {
          core.log(stream, data)
          return encodeUtf8(data).length
        }
        return ask(['fs.write', fd, data, toPosition(first), second ?? undefined])
      }
      const bytes = toData(data) as Uint8Array
      const chosen = typeof first === 'object' && first !== null ? (first as Readonly<Record<string, unknown>>) : { offset: first, length: second, position: third }
      const start = Number(chosen['offset'] ?? 0)
      const piece = bytes.slice(start, start + Number(chosen['length'] ?? bytes.length))
      if (stream === 'stdout' || stream === 'stderr') {
        core.log(stream, toFileBytes(piece).toString())
        return piece.length
      }
      return ask(['fs.write', fd, piece, toPosition(chosen['position'])])
    },
    exists(ask: Ask, path: unknown): boolean {
      try {
        return ask(['fs.exists', toPath(path)], isTrue, no)
      } catch {
        return false
      }
    },
  }
}

export type Operations = ReturnType<typeof createOperations>
