import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { GloveboxError } from '../../../../src/errors.js'
import type { Dir, DirLabel, DirNode } from '../../dir.js'
import { FsFault } from '../../fault.js'
import { memoryDir } from '../../memory.js'
import { readOnly } from '../../modes.js'
import { asEmbedder } from '../../options.js'
import type { Quota } from '../../volume.js'

/** What is copied at most. */
const DEFAULTS: Quota = Object.freeze({ maxBytes: 64 << 20, maxEntries: 10_000, maxDepth: 32 })

/**
 * Copies a directory of the host into memory, for reading: what a platform gets that has no descriptors to walk.
 * Regular files and relative links are copied; later changes on the host are not seen.
 *
 * @throws GloveboxError `mount-failed` when it is no directory or exceeds the quota
 */
export function snapshotDir(path: string, labels: readonly DirLabel[], quota: Partial<Quota>): Dir {
  const { maxBytes = DEFAULTS.maxBytes, maxEntries = DEFAULTS.maxEntries, maxDepth = DEFAULTS.maxDepth } = quota
  const memory = memoryDir({ maxBytes, maxEntries, maxDepth, labels })
  asEmbedder(`copy "${path}" into memory`, () => {
    let modified = 0
    const root = memory.open({ now: () => modified })
    try {
      copyInto(root, path, (stats) => (modified = Math.floor(stats.mtimeMs)))
    } catch (cause) {
      if (cause instanceof FsFault) throw cause
      throw new GloveboxError('mount-failed', `Cannot copy "${path}" into memory; pass the path of a directory that can be read`, { cause })
    } finally {
      root.close()
    }
  })
  return readOnly(memory)
}

function copyInto(to: DirNode, from: string, stamp: (stats: { mtimeMs: number }) => void): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const path = join(from, entry.name)
    const stats = lstatSync(path)
    stamp(stats)
    if (stats.isDirectory()) {
      to.mkdir(entry.name)
      const inner = to.openDir(entry.name)
      copyInto(inner, path, stamp)
      inner.close()
    } else if (stats.isSymbolicLink()) {
      const target = readlinkSync(path).replaceAll('\\', '/')
      if (!target.startsWith('/') && !/^[a-z]:/i.test(target)) to.symlink(entry.name, target)
    } else if (stats.isFile()) {
      const file = to.openFile(entry.name, { write: true, create: true, exclusive: true })
      copyFile(path, (offset, bytes) => file.write(offset, bytes))
      file.close()
    }
  }
}

/** Reads a file piece by piece, so that a quota ends it before it fills the memory. */
function copyFile(path: string, write: (offset: number, bytes: Uint8Array) => void): void {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  try {
    if (!fstatSync(fd).isFile()) return
    const piece = new Uint8Array(1 << 16)
    for (let offset = 0; ; ) {
      const count = readSync(fd, piece, 0, piece.length, offset)
      if (count === 0) return
      write(offset, piece.subarray(0, count))
      offset += count
    }
  } finally {
    closeSync(fd)
  }
}
