import { constants, fstatSync, openSync, closeSync, readlinkSync, realpathSync, statfsSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { sep } from 'node:path'
import { platform } from 'node:process'
import { GloveboxError } from '../../src/errors.js'
import type { Dir, DirLabel, DirSession, Stat, Times } from './dir.js'
import { toReach } from './dir.js'
import { HostDirNode, typeOf } from './host/dir/node.js'
import type { HostView } from './host/dir/node.js'
import { snapshotDir } from './host/snapshot/node.js'
import { readOnly } from './modes.js'
import { asEmbedder, checkOptions, toLabels } from './options.js'
import { protect, protectedNames } from './protect.js'
import { limited } from './quota.js'
import type { Quota } from './volume.js'

export interface OpenDirOptions extends Partial<Quota> {
  /** @default 'read' */
  readonly mode?: 'read' | 'read-write'
  /** `private`: reading it makes the call's data private. @default [] */
  readonly labels?: readonly DirLabel[]
  /** With `read-write`: whether guests may make symbolic links whose targets lie below them. @default 'refuse' */
  readonly symlinks?: 'refuse' | 'descending'
  /** With `read-write`: names the host's tools obey that guests may write nevertheless, such as `package.json`. @default [] */
  readonly dangerouslyWritable?: readonly string[]
}

const KEYS = ['mode', 'labels', 'symlinks', 'dangerouslyWritable', 'maxBytes', 'maxEntries', 'maxDepth']
const PROC = 0x9fa0

/** Changes younger than this before a run count as made in it: the file system's clock runs behind the host's. */
const CLOCK_SLACK_MS = 1000

/** Nodes changed in a run whose times are kept in mind. */
const REMEMBERED = 10_000

/**
 * Opens a directory of the host. Reading is all it permits unless `mode` says otherwise.
 *
 * On Linux every segment a guest names is opened below the descriptor of the directory before it, links resolved by
 * us and never out of the directory; files with several hard links are refused in `read-write` mode, FIFOs, sockets and
 * devices always; names that host tools obey (`.git`, `package.json`, ...) stay as they are; guests may add 64 MiB and
 * 10_000 entries unless `maxBytes` and `maxEntries` say otherwise. On other platforms there is no such guarantee:
 * `read` copies the directory into memory when it is opened, and `read-write` is refused.
 *
 * The caller disposes the result, which holds one descriptor.
 *
 * @throws GloveboxError `invalid-option`, `mount-failed`, `unsupported-platform`
 * @example
 * using reports = await openDir('./reports')
 * await sandbox.run(code, { grants: { fs: { '/data': reports } } })
 */
export async function openDir(path: string, options: OpenDirOptions = {}): Promise<Dir> {
  const settings = checked(path, options)
  if (!canWalkDescriptors()) {
    if (settings.mode === 'read') return snapshotDir(path, settings.labels, options)
    throw new GloveboxError('unsupported-platform', `Cannot open "${path}" read-write: safe only on Linux with /proc; use copyOnWrite() over a read directory`)
  }
  const { isProtected } = settings
  if (settings.mode === 'read-write') refuseProtectedRoot(path, isProtected)
  const host = hostDir(path, settings)
  if (settings.mode === 'read') return readOnly(host)
  const { maxBytes, maxEntries, maxDepth } = options
  const quota = Object.fromEntries(Object.entries({ maxBytes, maxEntries, maxDepth }).filter(([, value]) => value !== undefined))
  try {
    return limited(protect(host, isProtected), quota)
  } catch (error) {
    host[Symbol.dispose]()
    throw error
  }
}

interface Settings {
  readonly mode: 'read' | 'read-write'
  readonly labels: readonly DirLabel[]
  readonly symlinks: 'refuse' | 'descending'
  readonly isProtected: (name: string) => boolean
}

function checked(path: string, options: OpenDirOptions): Settings {
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw new GloveboxError('invalid-option', 'Cannot open a directory: its path must be a string without NUL')
  }
  checkOptions('openDir()', options, KEYS)
  const { mode = 'read', symlinks = 'refuse', dangerouslyWritable = [] } = options
  if (mode !== 'read' && mode !== 'read-write') {
    throw new GloveboxError('invalid-option', `Option "mode" of openDir() is ${JSON.stringify(mode)}; use "read" or "read-write"`)
  }
  if (symlinks !== 'refuse' && symlinks !== 'descending') {
    throw new GloveboxError('invalid-option', `Option "symlinks" of openDir() is ${JSON.stringify(symlinks)}; use "refuse" or "descending"`)
  }
  if (!Array.isArray(dangerouslyWritable) || !dangerouslyWritable.every((name) => typeof name === 'string' && name !== '')) {
    throw new GloveboxError('invalid-option', 'Option "dangerouslyWritable" of openDir() is a list of names, such as [".git"]')
  }
  return { mode, symlinks, labels: toLabels('openDir()', options.labels), isProtected: protectedNames(dangerouslyWritable) }
}

/** A directory within one that host tools obey is written only by name, too. */
function refuseProtectedRoot(path: string, isProtected: (name: string) => boolean): void {
  const real = asMount(path, () => realpathSync(path))
  const name = real.split(sep).find(isProtected)
  if (name === undefined) return
  throw new GloveboxError('mount-failed', `Cannot open "${path}" read-write: host tools obey what is in "${name}"; name it in dangerouslyWritable`)
}

function hostDir(path: string, settings: Settings): Dir {
  let root = asMount(path, () => openSync(path, constants.O_RDONLY | constants.O_DIRECTORY))
  const open = (session: DirSession): HostDirNode => {
    if (root < 0) throw new GloveboxError('disposed', `Cannot use the directory "${path}": it is disposed`)
    return HostDirNode.open(toView(settings, session), `/proc/self/fd/${root}`, { follow: true })
  }
  const dir: Dir = {
    kind: 'fs',
    labels: settings.labels,
    reach: () => toReach(dir, '.'),
    refuses: () => undefined,
    open,
    [Symbol.dispose]: () => {
      if (root >= 0) closeSync(root)
      root = -1
    },
  }
  try {
    asEmbedder(`open "${path}"`, () => open({ now: () => 0 }).close())
  } catch (error) {
    dir[Symbol.dispose]()
    throw error
  }
  return Object.freeze(dir)
}

/** One run's view: what was changed since it began carries the run's own time, so files are no clock. */
function toView(settings: Settings, session: DirSession): HostView {
  const began = Date.now() - CLOCK_SLACK_MS
  const shown = new Map<string, Required<Times> & { readonly mtimeMs: number }>()
  const toStat = (stats: Stats): Stat => {
    const type = typeOf(stats)
    if (!type) throw new TypeError('only files, directories and links have a status')
    const times = shown.size > 0 ? shown.get(keyOf(stats)) : undefined
    const size = type === 'directory' ? 0 : stats.size
    if (times?.mtimeMs === stats.mtimeMs) return { type, size, links: 1, accessedMs: times.accessedMs, modifiedMs: times.modifiedMs }
    const changed = stats.mtimeMs >= began
    const modifiedMs = changed ? session.now() : Math.floor(stats.mtimeMs)
    // On a clock that moves, the time of a change stays what it was when the run first saw it.
    if (changed) remember(stats, { accessedMs: modifiedMs, modifiedMs })
    return { type, size, links: 1, accessedMs: modifiedMs, modifiedMs }
  }
  const remember = (stats: Stats, { accessedMs, modifiedMs }: Required<Times>): void => {
    if (shown.size >= REMEMBERED) shown.clear()
    shown.set(keyOf(stats), { mtimeMs: stats.mtimeMs, accessedMs, modifiedMs })
  }
  return { writable: settings.mode === 'read-write', symlinks: settings.symlinks, toStat, remember }
}

function keyOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`
}

/** Whether `/proc/self/fd/N` is the directory N itself. */
function canWalkDescriptors(): boolean {
  if (platform !== 'linux') return false
  let fd = -1
  try {
    fd = openSync('/', constants.O_RDONLY | constants.O_DIRECTORY)
    const [here, there] = [fstatSync(fd), statSync(`/proc/self/fd/${fd}`)]
    return statfsSync('/proc/self').type === PROC && readlinkSync(`/proc/self/fd/${fd}`) === '/' && here.ino === there.ino && here.dev === there.dev
  } catch {
    return false
  } finally {
    if (fd >= 0) closeSync(fd)
  }
}

function asMount<T>(path: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO'
    throw new GloveboxError('mount-failed', `Cannot open "${path}": ${code}; pass the path of a directory that exists`, { cause })
  }
}
