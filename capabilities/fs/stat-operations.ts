import type { Handler } from '../capability.js'
import { option, toCount } from './arguments.js'
import type { Act, FsContext, Target } from './context.js'
import type { Stat, Verb } from './dir.js'
import { FsFault } from './fault.js'
import type { Mount } from './mounts.js'
import { readlinkAt, realPathAt, statAt } from './tree.js'
import { under } from './tree-operations.js'

/** A status as it crosses: Node's mode bits stand for what the mount permits, never for the host's. */
export interface GuestStat extends Stat {
  readonly mode: number
}

const TYPE_BITS = Object.freeze({ file: 0o100000, directory: 0o040000, symlink: 0o120000 })

export function toGuestStat(stat: Stat, mount?: Mount): GuestStat {
  const writable = mount !== undefined && mount.dir.refuses('append') === undefined
  const access = stat.type === 'file' ? 0o444 : stat.type === 'directory' ? 0o555 : 0o777
  return { ...stat, mode: TYPE_BITS[stat.type] | access | (writable ? 0o200 : 0) }
}

/** Questions about what a path names. */
export function statOperations(context: FsContext): Record<string, Handler> {
  const reading = (operation: string, syscall: string): Act => ({ operation, syscall, verbs: ['read'] })

  const stat: Handler = ([path, options], call) => {
    const follow = option(options, 'follow') !== false
    return context.at(call, reading('fs.stat', follow ? 'stat' : 'lstat'), path, (target) => statOf(target, follow))
  }

  const exists: Handler = ([path], call) => {
    return context.at(call, reading('fs.exists', 'access'), path, (target) => {
      try {
        statOf(target, true)
        return true
      } catch (error) {
        if (error instanceof FsFault) return false
        throw error
      }
    })
  }

  const access: Handler = ([path, mode], call) => {
    const bits = toCount(mode ?? 0, 'mode')
    const verbs: Verb[] = (bits & 2) !== 0 ? ['read', 'append'] : ['read']
    return context.at(call, { operation: 'fs.access', syscall: 'access', verbs }, path, (target) => {
      const { type } = statOf(target, true)
      if ((bits & 1) !== 0 && type === 'file') throw new FsFault('EACCES')
      if ((bits & 2) !== 0 && target.kind === 'virtual') throw new FsFault('EACCES')
    })
  }

  const realpath: Handler = ([path], call) => {
    return context.at(call, reading('fs.realpath', 'realpath'), path, (target) =>
      target.kind === 'virtual' ? target.path : under(target, realPathAt(target.root, target.inner).join('/')))
  }

  const readlink: Handler = ([path], call) => {
    return context.at(call, reading('fs.readlink', 'readlink'), path, (target) => {
      if (target.kind === 'virtual') throw new FsFault('EINVAL')
      return readlinkAt(target.root, target.inner)
    })
  }

  return { 'fs.stat': stat, 'fs.exists': exists, 'fs.access': access, 'fs.realpath': realpath, 'fs.readlink': readlink }
}

function statOf(target: Target, follow: boolean): GuestStat {
  if (target.kind === 'virtual') return toGuestStat({ type: 'directory', size: 0, links: 1, accessedMs: 0, modifiedMs: 0 })
  return toGuestStat(statAt(target.root, target.inner, { follow }), target.mount)
}
