import type { Change } from './changes.js'
import { applyChanges, collectChanges } from './changes.js'
import type { Dir, DirNode, DirSession, FileNode, Verb } from './dir.js'
import { labelsOf } from './dir.js'
import { FsFault } from './fault.js'
import { toQuota } from './memory.js'
import { MemDirNode } from './memory-node.js'
import { Leases } from './memory-session.js'
import type { MemSession } from './memory-session.js'
import { asEmbedder, checkDir, checkOptions } from './options.js'
import { readWhole } from './tree.js'
import { Volume } from './volume.js'
import type { Lower, Quota } from './volume.js'

/** A directory whose changes are kept apart, and the embedder's way to see and to apply them. */
export interface CopyOnWriteDir extends Dir {
  /** What guests changed so far, parents before children; times of change are no part of it. */
  changes(): readonly Change[]
  /** The bytes of a file as guests see it, links followed. Throws `GloveboxError` `mount-failed` when there is none. */
  readFile(path: string): Uint8Array
  /**
   * Applies the changes to the directory below, between runs, and answers with them; then there are none.
   * Refused before anything is done when that directory does not permit it. When it fails midway, a part is applied
   * and all of it stays listed.
   *
   * @throws GloveboxError `mount-failed`
   */
  commit(): readonly Change[]
  /** Forgets the changes. */
  discard(): void
}

/**
 * The same directory, of which guests see and change a copy: what they do is kept in memory and nothing reaches the
 * directory below until `commit()`. A file is copied when it is first changed, a directory listed when first looked at.
 * `maxBytes` and `maxEntries` bound what is kept. Disposing the result disposes `dir`.
 *
 * @throws GloveboxError `invalid-option`, or `invalid-grant` when `dir` is no directory
 * @example
 * const draft = copyOnWrite(await openDir('./project', { mode: 'read-write' }))
 * await sandbox.run(code, { grants: { fs: { '/project': draft } } })
 * if (await approved(draft.changes())) draft.commit()
 */
export function copyOnWrite(dir: Dir, options: Partial<Quota> = {}): CopyOnWriteDir {
  checkDir('copyOnWrite()', dir)
  checkOptions('copyOnWrite()', options, ['maxBytes', 'maxEntries', 'maxDepth'])
  const quota = toQuota('copyOnWrite()', options, { maxBytes: 64 << 20, maxEntries: 10_000, maxDepth: 64 })
  let volume = new Volume(quota, [])

  const begin = (session: DirSession): MemSession => {
    const lower = new LowerDirectory(dir.open(session))
    return { volume, now: () => session.now(), lower, leases: new Leases(() => lower.close()) }
  }
  const asOwner = <T>(what: string, act: (session: MemSession, node: MemDirNode) => T): T => asEmbedder(what, () => {
    const session = begin({ now: () => 0 })
    const node = new MemDirNode(session, volume.root)
    try {
      return act(session, node)
    } finally {
      node.close()
    }
  })

  const self: CopyOnWriteDir = {
    kind: 'fs',
    labels: dir.labels,
    reach: () => [{ capability: 'fs', target: '.', acts: 'read, draft', ...labelsOf(dir) }],
    refuses: () => undefined,
    open: (session) => new MemDirNode(begin(session), volume.root),
    readFile: (path) => asOwner(`read "${path}"`, (_, node) => readWhole(node, path)),
    changes: () => asOwner('collect the changes', (session) => collectChanges(session)),
    commit: () => asOwner('commit the changes', (session) => {
      const changes = collectChanges(session)
      for (const verb of new Set(changes.flatMap(verbsOf))) {
        const refused = dir.refuses(verb)
        if (refused) throw refused
      }
      const target = dir.open({ now: () => 0 })
      try {
        applyChanges(target, changes)
      } finally {
        target.close()
      }
      volume = new Volume(quota, [])
      return changes
    }),
    discard: () => {
      volume = new Volume(quota, [])
    },
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  }
  return Object.freeze(self)
}

/** What the directory below must permit for a change to be applied. */
function verbsOf({ kind, from }: Change): readonly Verb[] {
  if (kind === 'deleted') return ['remove']
  if (from !== undefined) return ['remove', 'create']
  return kind === 'created' ? ['create', 'append'] : ['write', 'truncate']
}

/** The directory below, as one run opened it. */
class LowerDirectory implements Lower {
  readonly #root: DirNode

  constructor(root: DirNode) {
    this.#root = root
  }

  dir(names: readonly string[]): DirNode {
    let at = this.#root.reopen()
    for (const name of names) {
      try {
        const next = at.openDir(name)
        at.close()
        at = next
      } catch (error) {
        at.close()
        throw error
      }
    }
    return at
  }

  file(names: readonly string[]): FileNode {
    const name = names.at(-1)
    if (name === undefined) throw new FsFault('EISDIR')
    const dir = this.dir(names.slice(0, -1))
    try {
      return dir.openFile(name, { read: true })
    } finally {
      dir.close()
    }
  }

  close(): void {
    this.#root.close()
  }
}
