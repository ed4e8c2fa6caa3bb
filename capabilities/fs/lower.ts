import type { DirNode, Stat, Times } from './dir.js'
import { FsFault } from './fault.js'
import type { MemSession } from './memory-session.js'
import { utf8Length } from './name.js'
import type { MemDirectory, MemNode } from './volume.js'

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

/** A node's status: that of the lower node as far as it is still the same. */
export function statOf(session: MemSession, node: MemNode): Stat {
  if (node.type === 'directory') return { type: 'directory', size: 0, links: 1, ...timesOf(session, node) }
  if (node.type === 'file' ? !node.lower : node.target !== undefined) {
    const size = node.type === 'file' ? node.size : utf8Length(node.target ?? '')
    return { type: node.type, size, links: node.links, ...timesOf(session, node) }
  }
  const seen = readLower(session, node, (dir, name) => dir.lookup(name))
  if (seen?.type !== node.type) throw new FsFault('ENOENT')
  return { ...seen, links: 1, ...node.times }
}

/** The children of a directory; those of a lower one become stubs when first asked for. */
export function childrenOf(session: MemSession, node: MemDirectory): Map<string, MemNode> {
  if (node.children) return node.children
  if (!session.lower) throw new FsFault('EIO')
  const dir = session.lower.dir(node.origin ?? [])
  try {
    const children = new Map<string, MemNode>()
    for (const entry of dir.entries()) children.set(entry.name, session.volume.stub(entry, node))
    for (const [name, child] of children) node.originals.set(name, child)
    return (node.children = children)
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
