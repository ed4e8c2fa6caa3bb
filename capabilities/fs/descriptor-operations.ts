import type { Handler, HostCall } from '../capability.js'
import { option, toBytes, toCount, toFlags, toTime } from './arguments.js'
import { closeAll, toDenied, toGuestError, toTarget } from './context.js'
import type { Act, FsContext, Spot } from './context.js'
import { decodeText, toEncoding } from './encoding.js'
import type { DirNode, FileNode, OpenFlags, Stat } from './dir.js'
import { FsFault, FsRefused, isFault } from './fault.js'
import { verbsOf } from './file-operations.js'
import { toGuestStat } from './stat-operations.js'
import { openDirAt, openFileAt } from './tree.js'

/** Numbers of the guest's own standard streams are never given out. */
const FIRST = 3

interface Descriptor {
  readonly spot: Spot
  readonly node: FileNode | DirNode
  /** `undefined` for a directory. */
  readonly file: FileNode | undefined
  readonly flags: OpenFlags
  position: number
  close(): void
}

/** Open files by number. They are counted as resources of the run and closed with it. */
export function descriptorOperations(context: FsContext): Record<string, Handler> {
  const open = new Map<number, Descriptor>()
  context.scope.onSettle(() => {
    closeAll([...open.values()])
    open.clear()
  })

  /** Acts on an open descriptor; failures and refusals carry its path's guest name. */
  const on = <T>(call: HostCall, operation: string, fd: unknown, use: (descriptor: Descriptor) => T): T => {
    const act: Act = { operation, syscall: operation.slice(3), verbs: [] }
    call.target = toTarget([fd])
    const descriptor = typeof fd === 'number' ? open.get(fd) : undefined
    if (!descriptor) throw toGuestError('EBADF', act.syscall)
    call.target = descriptor.spot.path
    try {
      return use(descriptor)
    } catch (error) {
      if (error instanceof FsFault) throw toGuestError(error.code, act.syscall)
      throw error instanceof FsRefused ? toDenied(error, act, descriptor.spot.path, descriptor.spot.mount) : error
    }
  }
  const fileOf = ({ file }: Descriptor): FileNode => {
    if (!file) throw new FsFault('EISDIR')
    return file
  }

  const openFile: Handler = ([path, rawFlags], call) => {
    const flags = toFlags(rawFlags, 'r')
    return context.in(call, { operation: 'fs.open', syscall: 'open', verbs: verbsOf(flags) }, path, (spot) => {
      const release = context.scope.resource()
      try {
        const { node, file } = openNode(spot, flags)
        let fd = FIRST
        while (open.has(fd)) fd++
        open.set(fd, { spot, node, file, flags, position: 0, close: () => closeBoth(node, release) })
        return fd
      } catch (error) {
        release()
        throw error
      }
    })
  }

  const read: Handler = ([fd, length, position], call) => on(call, 'fs.read', fd, (descriptor) => {
    const file = fileOf(descriptor)
    const at = position === null || position === undefined ? descriptor.position : toCount(position, 'position')
    const wanted = Math.min(toCount(length, 'length'), Math.max(0, file.stat().size - at))
    call.source(`fs:${descriptor.spot.mount.path}`)
    call.spend('in', wanted)
    const bytes = file.read(at, wanted)
    if (position === null || position === undefined) descriptor.position += bytes.length
    return bytes
  })

  const readToEnd: Handler = ([fd, options], call) => on(call, 'fs.readToEnd', fd, (descriptor) => {
    const file = fileOf(descriptor)
    const encoding = option(options, 'encoding')
    const left = Math.max(0, file.stat().size - descriptor.position)
    call.source(`fs:${descriptor.spot.mount.path}`)
    call.spend('in', left)
    const bytes = file.read(descriptor.position, left)
    descriptor.position += bytes.length
    return encoding === undefined || encoding === null ? bytes : decodeText(bytes, toEncoding(encoding))
  })

  const write: Handler = ([fd, data, position, encoding], call) => on(call, 'fs.write', fd, (descriptor) => {
    const file = fileOf(descriptor)
    const bytes = toBytes(data, encoding)
    const implicit = position === null || position === undefined
    const at = implicit ? descriptor.position : toCount(position, 'position')
    call.spend('out', bytes.length)
    if (descriptor.flags.append) file.append(bytes)
    else file.write(at, bytes)
    if (implicit) descriptor.position = descriptor.flags.append ? file.stat().size : at + bytes.length
    return bytes.length
  })

  const fstat: Handler = ([fd], call) => on(call, 'fs.fstat', fd, ({ spot, node }) => {
    call.source(`fs:${spot.mount.path}`)
    return toGuestStat((node.stat as () => Stat).call(node), spot.mount)
  })

  return {
    'fs.open': openFile,
    'fs.read': read,
    'fs.readToEnd': readToEnd,
    'fs.write': write,
    'fs.fstat': fstat,
    'fs.ftruncate': ([fd, length], call) => on(call, 'fs.ftruncate', fd, (descriptor) => fileOf(descriptor).truncate(toCount(length ?? 0, 'len'))),
    'fs.futimes': ([fd, accessed, modified], call) => on(call, 'fs.futimes', fd, (descriptor) =>
      fileOf(descriptor).setTimes({ accessedMs: toTime(accessed, 'atime'), modifiedMs: toTime(modified, 'mtime') })),
    'fs.fsync': ([fd], call) => on(call, 'fs.fsync', fd, () => undefined),
    'fs.close': ([fd], call) => on(call, 'fs.close', fd, (descriptor) => {
      open.delete(fd as number)
      descriptor.close()
    }),
  }
}

function openNode(spot: Spot, flags: ReturnType<typeof toFlags>): Pick<Descriptor, 'node' | 'file'> {
  const directory = (): Pick<Descriptor, 'node' | 'file'> => ({ node: openDirAt(spot.root, spot.inner), file: undefined })
  if (flags.directory) return directory()
  try {
    const file = openFileAt(spot.root, spot.inner, flags, { follow: !flags.noFollow })
    return { node: file, file }
  } catch (error) {
    const onlyRead = !flags.write && !flags.append && !flags.create
    if (onlyRead && isFault(error, 'EISDIR')) return directory()
    throw error
  }
}

function closeBoth(node: { close(): void }, release: () => void): void {
  try {
    node.close()
  } finally {
    release()
  }
}
