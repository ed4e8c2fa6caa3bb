import { GuestVisibleError } from '../capability.js'
import type { Handler } from '../capability.js'
import { option, toPathText, toTime } from './arguments.js'
import { toGuestError } from './context.js'
import type { Act, FsContext, Spot } from './context.js'
import { copyTree } from './copy-tree.js'
import type { DirNode, Entry } from './dir.js'
import { FsFault, isFault } from './fault.js'
import { normalise } from './mounts.js'
import { listTree, makeDirs, removeTree, setTimesAt, withDirAt, withNameAt, withNamesAt } from './tree.js'
import { outside } from './walk.js'

/** Bytes an entry counts for besides its name. */
const ENTRY_BYTES = 8

/** Directories and names. */
export function treeOperations(context: FsContext): Record<string, Handler> {
  const readdir: Handler = ([path, options], call) => {
    const act: Act = { operation: 'fs.readdir', syscall: 'scandir', verbs: ['read'] }
    return context.at(call, act, path, (target) => {
      if (target.kind === 'virtual') return toListing(target.names.map((name) => ({ name, type: 'directory' })))
      return withDirAt(target.root, target.inner, (dir) => {
        const found: Entry[] = []
        const add = (entry: Entry): void => {
          call.spend('in', entry.name.length + ENTRY_BYTES)
          found.push(entry)
        }
        if (option(options, 'recursive')) for (const { path: name, type } of listTree(dir)) add({ name, type })
        else for (const entry of dir.entries()) add(entry)
        return toListing(found)
      })
    })
  }

  const mkdir: Handler = ([path, options], call) => {
    const recursive = Boolean(option(options, 'recursive'))
    const act: Act = { operation: 'fs.mkdir', syscall: 'mkdir', verbs: ['create'] }
    // Making what is there already takes no permission: many programs begin so.
    return context.at(call, { ...act, verbs: [] }, path, (target) => {
      if (target.kind === 'virtual' || target.inner === '.') {
        if (recursive) return undefined
        throw new FsFault('EEXIST')
      }
      const refused = target.mount.dir.refuses('create')
      if (refused) throw refused
      if (recursive) {
        const made = makeDirs(target.root, target.inner)
        return made && under(target, made[0] as string)
      }
      return withNameAt(target.root, target.inner, (dir, name) => dir.mkdir(name))
    })
  }

  const rm: Handler = ([path, options], call) => {
    const act: Act = { operation: 'fs.rm', syscall: 'rm', verbs: ['remove'] }
    return context.in(call, act, path, (spot) => {
      try {
        withNameAt(spot.root, spot.inner, (dir, name) => {
          const type = dir.lookup(name)?.type
          if (!type) throw new FsFault('ENOENT')
          if (type !== 'directory') return dir.unlink(name)
          if (!option(options, 'recursive')) throw notRecursive(spot.path)
          removeTree(dir, { name, type }, (entry) => call.spend('out', entry.name.length + ENTRY_BYTES))
        })
      } catch (error) {
        if (!isFault(error, 'ENOENT')) throw error
        if (!option(options, 'force')) throw toGuestError('ENOENT', 'lstat', spot.path)
      }
    })
  }

  const removing = (operation: string, act: (dir: DirNode, name: string, trailing: boolean) => void): Handler => ([path], call) => {
    return context.in(call, { operation, syscall: operation.slice(3), verbs: ['remove'] }, path, (spot) =>
      withNameAt(spot.root, spot.inner, (dir, name, place) => act(dir, name, place.directory)))
  }

  const rename: Handler = ([from, to], call) => {
    const act: Act = { operation: 'fs.rename', syscall: 'rename', verbs: ['remove', 'create'] }
    return context.between(call, act, from, to, ['remove', 'create'], (source, target) =>
      withPair(source, target, (dir, name, toDir, toName) => dir.rename(name, toDir, toName)))
  }

  const link: Handler = ([from, to], call) => {
    const act: Act = { operation: 'fs.link', syscall: 'link', verbs: ['read', 'create'] }
    return context.between(call, act, from, to, ['create'], (source, target) =>
      withPair(source, target, (dir, name, toDir, toName) => dir.link(name, toDir, toName)))
  }

  const symlink: Handler = ([rawTarget, path], call) => {
    const text = toPathText(rawTarget, 'target')
    const act: Act = { operation: 'fs.symlink', syscall: 'symlink', verbs: ['create'] }
    return context.in(call, act, path, (spot) =>
      withNameAt(spot.root, spot.inner, (dir, name, { parents }) => dir.symlink(name, toLinkTarget(spot, text, parents))))
  }

  const utimes: Handler = ([path, accessed, modified, options], call) => {
    const act: Act = { operation: 'fs.utimes', syscall: 'utime', verbs: ['touch'] }
    return context.in(call, act, path, (spot) => {
      const times = { accessedMs: toTime(accessed, 'atime'), modifiedMs: toTime(modified, 'mtime') }
      setTimesAt(spot.root, spot.inner, times, { follow: option(options, 'follow') !== false })
    })
  }

  const cp: Handler = ([from, to, options], call) => {
    const act: Act = { operation: 'fs.cp', syscall: 'cp', verbs: ['read'] }
    return context.between(call, act, from, to, ['create'], (source, target) =>
      copyTree(source, target, {
        recursive: Boolean(option(options, 'recursive')),
        force: option(options, 'force') !== false,
        errorOnExist: Boolean(option(options, 'errorOnExist')),
        spend: (bytes) => call.spend('out', bytes),
        within: (use) => context.within(act, target, use),
      }))
  }

  return {
    'fs.readdir': readdir,
    'fs.mkdir': mkdir,
    'fs.rm': rm,
    'fs.rmdir': removing('fs.rmdir', (dir, name) => dir.rmdir(name)),
    'fs.unlink': removing('fs.unlink', (dir, name, trailing) => {
      if (trailing && dir.lookup(name)?.type !== 'directory') throw new FsFault('ENOTDIR')
      dir.unlink(name)
    }),
    'fs.rename': rename,
    'fs.link': link,
    'fs.symlink': symlink,
    'fs.utimes': utimes,
    'fs.cp': cp,
  }
}

/** Names in order, and one letter of type for each: `f`, `d` or `s`. */
function toListing(entries: readonly Entry[]): { readonly names: readonly string[]; readonly types: string } {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return { names: sorted.map(({ name }) => name), types: sorted.map(({ type }) => type[0]).join('') }
}

/** The guest path of something in a mount. */
export function under({ mount }: Pick<Spot, 'mount'>, inner: string): string {
  return normalise(`${mount.path}/${inner}`)
}

function withPair(from: Spot, to: Spot, use: (dir: DirNode, name: string, toDir: DirNode, toName: string) => void): void {
  if (from.mount !== to.mount) throw new FsFault('EXDEV')
  withNamesAt({ base: from.root, path: from.inner }, { base: to.root, path: to.inner }, use)
}

/** What a link holds: a guest path within the mount becomes relative to the link, so that it holds wherever that is mounted. */
function toLinkTarget(spot: Spot, text: string, parents: readonly string[]): string {
  if (!text.startsWith('/')) return text
  const path = normalise(text)
  const prefix = spot.mount.path === '/' ? '/' : `${spot.mount.path}/`
  if (path !== spot.mount.path && !path.startsWith(prefix)) throw outside()
  const inner = path.slice(prefix.length)
  return '../'.repeat(parents.length) + inner || '.'
}

function notRecursive(path: string): GuestVisibleError {
  const message = `Path is a directory: rm returned EISDIR (is a directory) ${path}`
  return new GuestVisibleError('SystemError', 'ERR_FS_EISDIR', message, { errno: 21, syscall: 'rm', path })
}
