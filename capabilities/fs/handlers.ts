import { toHandlers } from '../capability.js'
import type { Handler, Handlers, RunScope } from '../capability.js'
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
  const operations = {
    ...fileOperations(context),
    ...treeOperations(context),
    ...statOperations(context),
    ...descriptorOperations(context),
  }
  const demanding = Object.entries(operations).map(([operation, handler]): [string, Handler] => [operation, (args, call) => {
    if (!context.grants) context.deny(call, operation, (NAMES[operation] ?? [0]).map((index) => args[index]))
    return handler(args, call)
  }])
  return toHandlers(Object.fromEntries(demanding))
}

/** Which arguments name what an operation acts on, where it is not the first alone. */
const NAMES: Readonly<Record<string, readonly number[]>> = Object.freeze({
  'fs.rename': [0, 1], 'fs.link': [0, 1], 'fs.copyFile': [0, 1], 'fs.cp': [0, 1], 'fs.symlink': [1],
})
