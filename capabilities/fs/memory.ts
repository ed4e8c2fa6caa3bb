import { GloveboxError } from '../../src/errors.js'
import type { Dir, DirLabel, DirNode, DirSession } from './dir.js'
import { toReach } from './dir.js'
import { encodeUtf8 } from './encoding.js'
import { MemDirNode } from './memory-node.js'
import { asEmbedder, checkOptions, toBound, toLabels } from './options.js'
import { listTree, makeDirs, readWhole, writeWhole } from './tree.js'
import type { Listed } from './tree.js'
import { Volume } from './volume.js'
import type { Quota } from './volume.js'

export interface MemoryDirOptions {
  /** Bytes of file contents and link targets. @default 16 MiB */
  readonly maxBytes?: number
  /** Files, directories and links. @default 10_000 */
  readonly maxEntries?: number
  /** Directories within directories. @default 32 */
  readonly maxDepth?: number
  /** What it holds at first, by path: `{ 'notes/a.txt': 'text' }`. @default {} */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** @default [] */
  readonly labels?: readonly DirLabel[]
}

/** A directory in memory, and the embedder's own way to what guests left there. Paths are relative to it. */
export interface MemoryDir extends Dir {
  /** The bytes of a file, links followed. Throws `GloveboxError` `mount-failed` when there is none. */
  readFile(path: string): Uint8Array
  /** Everything in it, parents before children, in the order of creation. */
  list(): readonly Listed[]
  usage(): { readonly bytes: number; readonly entries: number }
}

const DEFAULTS: Quota = Object.freeze({ maxBytes: 16 << 20, maxEntries: 10_000, maxDepth: 32 })

export function toQuota(where: string, options: Partial<Quota>, defaults: Quota = DEFAULTS): Quota {
  return Object.freeze({
    maxBytes: toBound(where, 'maxBytes', options.maxBytes, defaults.maxBytes),
    maxEntries: toBound(where, 'maxEntries', options.maxEntries, defaults.maxEntries),
    maxDepth: toBound(where, 'maxDepth', options.maxDepth, defaults.maxDepth),
  })
}

/**
 * Makes an empty directory in memory that permits everything and lives as long as the value does, over any number of
 * runs. Its quota counts bytes of open files too, also when their last name is gone.
 *
 * @throws GloveboxError `invalid-option`, or `mount-failed` when `files` does not fit
 * @example
 * const out = memoryDir({ maxBytes: 1_000_000 })
 * await sandbox.run(code, { grants: { fs: { '/out': out } } })
 * out.readFile('report.md')
 */
export function memoryDir(options: MemoryDirOptions = {}): MemoryDir {
  checkOptions('memoryDir()', options, ['maxBytes', 'maxEntries', 'maxDepth', 'files', 'labels'])
  const volume = new Volume(toQuota('memoryDir()', options as Partial<Quota>))
  const labels = toLabels('memoryDir()', options.labels)
  const open = (session: DirSession): DirNode => new MemDirNode({ volume, now: () => session.now() }, volume.root)
  const root = open({ now: () => 0 })
  for (const [path, contents] of Object.entries(options.files ?? {})) {
    if (typeof contents !== 'string' && !(contents instanceof Uint8Array)) {
      throw new GloveboxError('invalid-option', `File "${path}" of memoryDir() is neither a string nor a Uint8Array`)
    }
    asEmbedder(`put "${path}" into memoryDir()`, () => {
      const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
      if (parent !== '') makeDirs(root, parent)
      writeWhole(root, path, typeof contents === 'string' ? encodeUtf8(contents) : contents)
    })
  }
  const dir: MemoryDir = {
    kind: 'fs',
    labels,
    reach: () => toReach(dir, 'memory'),
    refuses: () => undefined,
    open,
    readFile: (path) => asEmbedder(`read "${path}"`, () => readWhole(root, path)),
    list: () => [...listTree(root)],
    usage: () => ({ bytes: volume.bytes, entries: volume.entries }),
    [Symbol.dispose]: () => {},
  }
  return Object.freeze(dir)
}
