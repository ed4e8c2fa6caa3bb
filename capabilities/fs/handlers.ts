import { toHandlers } from '../capability.js'
import type { Handlers, RunScope } from '../capability.js'
import { FsContext } from './context.js'
import { descriptorOperations } from './descriptor-operations.js'
import type { Dir } from './dir.js'
import { fileOperations } from './file-operations.js'
import { statOperations } from './stat-operations.js'
import { treeOperations } from './tree-operations.js'

/**
 * Makes the `fs.*` operations of one run over its mounts, which are directories by guest path.
 * With no mounts every operation is denied. What is opened closes when the run settles; the directories stay their owner's.
 *
 * @throws GloveboxError `invalid-grant` when a path is not absolute and normalised, or lies within another
 */
export function createFsHandlers(mounts: ReadonlyMap<string, Dir>, scope: RunScope): Handlers {
  const context = new FsContext(mounts, scope)
  return toHandlers({
    ...fileOperations(context),
    ...treeOperations(context),
    ...statOperations(context),
    ...descriptorOperations(context),
  })
}
