import type { Handler } from '../capability.js'
import { option, toBytes, toCount, toFlags } from './arguments.js'
import type { Act, FsContext, Spot } from './context.js'
import { decodeText, toEncoding } from './encoding.js'
import type { FileNode, OpenFlags } from './dir.js'
import { isFault } from './fault.js'
import { openFileAt, readAll } from './tree.js'

const PIECE = 1 << 20

/** The verbs an open needs whether or not the file exists. */
export function verbsOf(flags: OpenFlags): Act['verbs'] {
  const writes = flags.write || flags.append || flags.create
  return writes ? (flags.read ? ['read', 'append'] : ['append']) : ['read']
}

/** Opens a file of a mount for as long as `use` runs. */
export function withFile<T>(spot: Spot, flags: OpenFlags, use: (file: FileNode) => T): T {
  const file = openFileAt(spot.root, spot.inner, flags)
  try {
    return use(file)
  } finally {
    file.close()
  }
}

/** Whole files, by path. */
export function fileOperations(context: FsContext): Record<string, Handler> {
  const readFile: Handler = ([path, options], call) => {
    const encoding = option(options, 'encoding')
    const known = encoding === undefined || encoding === null || encoding === 'buffer' ? undefined : toEncoding(encoding)
    const flags = toFlags(option(options, 'flag'), 'r')
    const act: Act = { operation: 'fs.readFile', syscall: 'open', verbs: ['read', ...(flags.write ? verbsOf(flags) : [])] }
    return context.in(call, act, path, (spot) => {
      const bytes = withFile(spot, flags, (file) => readAll(file, (count) => call.spend('in', count)))
      return known ? decodeText(bytes, known) : bytes
    })
  }

  const write = (operation: string, fallback: string): Handler => ([path, data, options], call) => {
    const flags = toFlags(option(options, 'flag'), fallback)
    const act: Act = { operation, syscall: 'open', verbs: verbsOf({ ...flags, write: true, read: false }) }
    return context.in(call, act, path, (spot) => {
      const bytes = toBytes(data, option(options, 'encoding'))
      call.spend('out', bytes.length)
      withFile(spot, flags, (file) => (flags.append ? file.append(bytes) : file.write(0, bytes)))
    })
  }

  const truncate: Handler = ([path, length], call) => {
    return context.in(call, { operation: 'fs.truncate', syscall: 'open', verbs: ['truncate'] }, path, (spot) => {
      const size = toCount(length ?? 0, 'len')
      withFile(spot, { write: true }, (file) => file.truncate(size))
    })
  }

  const copyFile: Handler = ([from, to, options], call) => {
    const act: Act = { operation: 'fs.copyFile', syscall: 'copyfile', verbs: ['read'] }
    return context.between(call, act, from, to, ['create'], (source, target) => {
      withFile(source, { read: true }, (file) => {
        context.within(act, target, () => {
          copyContents(file, target, Boolean(option(options, 'exclusive')), (bytes) => call.spend('out', bytes))
        })
      })
    })
  }

  return {
    'fs.readFile': readFile,
    'fs.writeFile': write('fs.writeFile', 'w'),
    'fs.appendFile': write('fs.appendFile', 'a'),
    'fs.truncate': truncate,
    'fs.copyFile': copyFile,
  }
}

/** Copies an open file to a path. A file copied onto itself stays as it is: it is cut only after it is written. */
export function copyContents(file: FileNode, target: Spot, exclusive: boolean, spend: (bytes: number) => void): void {
  const refused = target.mount.dir.refuses('truncate')
  const { out, existed } = openTarget(target, exclusive)
  try {
    if (existed && refused) throw refused
    let at = 0
    for (;;) {
      const bytes = file.read(at, PIECE)
      if (bytes.length === 0) break
      spend(bytes.length)
      out.write(at, bytes)
      at += bytes.length
    }
    if (existed) out.truncate(at)
  } finally {
    out.close()
  }
}

function openTarget({ root, inner }: Spot, exclusive: boolean): { readonly out: FileNode; readonly existed: boolean } {
  if (exclusive) return { out: openFileAt(root, inner, { write: true, create: true, exclusive }), existed: false }
  try {
    return { out: openFileAt(root, inner, { write: true }), existed: true }
  } catch (error) {
    if (!isFault(error, 'ENOENT')) throw error
  }
  // Not exclusive: a link that leads nowhere is made good by creating what it leads to.
  return { out: openFileAt(root, inner, { write: true, create: true }), existed: false }
}
