import type { Dir } from './dir.js'
import { toReach } from './dir.js'
import { asEmbedder, checkDir } from './options.js'
import { openDirAt } from './tree.js'

/**
 * A directory within another, as a root of its own: nothing above it can be reached from it.
 * The path is resolved, links included, each time a run opens it, within `dir`; disposing the result disposes `dir`.
 *
 * @throws GloveboxError `mount-failed` when `path` leads to no directory, `invalid-grant` when `dir` is no directory
 * @example subdir(await openDir('./project'), 'docs')
 */
export function subdir(dir: Dir, path: string): Dir {
  checkDir('subdir()', dir)
  const inner: Dir = {
    kind: 'fs',
    labels: dir.labels,
    reach: () => toReach(inner, path),
    refuses: (verb) => dir.refuses(verb),
    open: (session) => {
      const root = dir.open(session)
      try {
        return openDirAt(root, path)
      } finally {
        root.close()
      }
    },
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  }
  asEmbedder(`open the directory "${path}"`, () => inner.open({ now: () => 0 }).close())
  return Object.freeze(inner)
}
