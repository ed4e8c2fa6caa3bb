import type { DirNode, Stat, Times } from './dir.js'
import { FsFault } from './fault.js'
import type { MemSession } from './memory-node.js'
import type { MemNode } from './volume.js'

/** Calls `use` with the lower directory and name a node stands for. */
export function readLower<T>(session: MemSession, node: MemNode, use: (dir: DirNode, name: string) => T): T {
  const name = node.origin?.at(-1)
  if (!session.lower || !node.origin || name === undefined) throw new FsFault('EIO')
  const dir = session.lower.dir(node.origin.slice(0, -1))
  try {
    return use(dir, name)
  } finally {
    dir.close()
  }
}

/** A node's times: those of the lower node until they are set here. */
export function timesOf(session: MemSession, node: MemNode): Required<Times> {
  if (node.times) return node.times
  const seen = node.origin?.length === 0
    ? statLowerRoot(session)
    : readLower(session, node, (dir, last) => dir.lookup(last))
  if (!seen) throw new FsFault('ENOENT')
  return { accessedMs: seen.accessedMs, modifiedMs: seen.modifiedMs }
}

function statLowerRoot(session: MemSession): Stat | undefined {
  const dir = session.lower?.dir([])
  try {
    return dir?.stat()
  } finally {
    dir?.close()
  }
}
