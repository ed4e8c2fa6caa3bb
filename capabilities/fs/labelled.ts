import type { Dir, DirLabel } from './dir.js'
import { toReach } from './dir.js'
import { checkDir, toLabels } from './options.js'

/**
 * The same directory, marked: `private` makes a call's data private once it is read, `external` says that what is
 * written leaves. Marks add up; none is ever taken away.
 *
 * @throws GloveboxError `invalid-grant` when `dir` is no directory, `invalid-option` for an unknown mark
 */
export function labelled(dir: Dir, labels: readonly DirLabel[]): Dir {
  checkDir('labelled()', dir)
  const marks = toLabels('labelled()', [...dir.labels, ...labels])
  const marked: Dir = {
    kind: 'fs',
    labels: marks,
    reach: () => toReach(marked, '.'),
    refuses: (verb) => dir.refuses(verb),
    open: (session) => dir.open(session),
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  }
  return Object.freeze(marked)
}
