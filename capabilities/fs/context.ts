import { Denied, GuestVisibleError } from '../capability.js'
import type { HostCall, RunScope } from '../capability.js'
import { toPathText } from './arguments.js'
import type { Dir, DirNode, Verb } from './dir.js'
import { ERRNO, FsFault, FsRefused, REASONS } from './fault.js'
import type { FsCode } from './fault.js'
import { locate, normalise, toMounts } from './mounts.js'
import type { Located, Mount } from './mounts.js'

/** What one operation is called, towards the ledger and in the guest's errors. */
export interface Act {
  /** `fs.readFile` */
  readonly operation: string
  /** `open`, as Node's errors have it. */
  readonly syscall: string
  /** Acts that must be permitted whatever the path names. */
  readonly verbs: readonly Verb[]
}

/** Something in a mount, with the mount's root open. */
export interface Spot {
  readonly kind: 'mount'
  readonly path: string
  readonly mount: Mount
  readonly inner: string
  readonly root: DirNode
}

export type Target = Spot | Extract<Located, { kind: 'virtual' }>

const SHOWN = 1024

/** The mounts of one run: finds what guest paths name, decides, and gives failures their guest names. */
export class FsContext {
  readonly scope: RunScope
  readonly #mounts: readonly Mount[]
  readonly #roots = new Map<Dir, DirNode>()
  #settled = false

  constructor(mounts: ReadonlyMap<string, Dir>, scope: RunScope) {
    this.scope = scope
    this.#mounts = toMounts(mounts)
    scope.onSettle(() => {
      this.#settled = true
      closeAll([...this.#roots.values()])
      this.#roots.clear()
    })
  }

  /** Acts on what a guest path names, or on what leads to mounts; anything else is denied before it is looked at. */
  at<T>(call: HostCall, act: Act, rawPath: unknown, use: (target: Target) => T): T {
    const text = this.#noteOne(call, rawPath)
    let path: string | undefined
    let target: Target | undefined
    try {
      path = text.length <= SHOWN ? call.target : normalise(text)
      target = this.#locate(call, act, text, path, act.verbs)
      return use(target)
    } catch (error) {
      if (error instanceof FsFault) throw toGuestError(error.code, act.syscall, path ?? normalise(text))
      throw error instanceof FsRefused && target?.kind === 'mount' ? toDenied(error, act, target.path, target.mount) : error
    }
  }

  /** Acts on two places at once; each needs verbs of its own. A refusal counts as that of the first. */
  between<T>(call: HostCall, act: Act, rawFrom: unknown, rawTo: unknown, toVerbs: readonly Verb[], use: (from: Spot, to: Spot) => T): T {
    const [fromText, toText] = this.#note(call, [rawFrom, rawTo]) as [string, string]
    return named(act, normalise(fromText), normalise(toText), () => {
      const from = this.inMount(act, this.#locate(call, act, fromText, normalise(fromText), act.verbs))
      const to = this.inMount({ ...act, verbs: toVerbs }, this.#locate(call, act, toText, normalise(toText), toVerbs))
      return this.within(act, from, () => use(from, to))
    })
  }

  /** Turns a refusal by the directory of `target` into the guest's words. */
  within<T>(act: Act, target: Target, use: () => T): T {
    try {
      return use()
    } catch (error) {
      throw error instanceof FsRefused && target.kind === 'mount' ? toDenied(error, act, target.path, target.mount) : error
    }
  }

  /** Like `at`, for what a guest path names within a mount only. */
  in<T>(call: HostCall, act: Act, rawPath: unknown, use: (spot: Spot) => T): T {
    return this.at(call, act, rawPath, (target) => use(this.inMount(act, target)))
  }

  /** Refuses to change a directory that only leads to mounts, and knows no file there. */
  inMount(act: Act, target: Target): Spot {
    if (target.kind === 'mount') return target
    if (act.verbs.every((verb) => verb === 'read')) throw new FsFault('EISDIR')
    throw new Denied(asked(act, target.path), 'only mounts are there', `grants.fs[${JSON.stringify(target.path)}] = memoryDir()`)
  }

  /** Whether anything is granted, and still is. */
  get grants(): boolean {
    return this.#mounts.length > 0 && !this.#settled
  }

  /** Denies an operation, before its arguments are looked at, because nothing is granted, or nothing any more. */
  deny(call: HostCall, operation: string, names: readonly unknown[]): never {
    call.target = toTarget(names)
    const asked = `${operation} ${JSON.stringify(call.target)}`
    if (this.#settled) throw new Denied(asked, 'the run has ended', 'the directory to another run')
    throw new Denied(asked, 'no directory is granted', 'grants.fs["/data"] = readOnly(await openDir(...))')
  }

  #note(call: HostCall, raw: readonly unknown[]): readonly string[] {
    call.target = toTarget(raw)
    return raw.map((path) => toPathText(path))
  }

  #noteOne(call: HostCall, raw: unknown): string {
    call.target = typeof raw === 'string' ? normalise(raw.slice(0, SHOWN)) : toTarget([raw])
    return toPathText(raw)
  }

  #locate(call: HostCall, act: Act, text: string, path: string, verbs: readonly Verb[]): Target {
    if (text === '') throw new FsFault('ENOENT')
    const located = locate(this.#mounts, path, /(?:\/|\/\.|\/\.\.)$/.test(text))
    if (located.kind === 'none') throw notGranted(act, path, verbs)
    if (located.kind === 'virtual') return located
    const { mount } = located
    for (const verb of verbs) {
      const refused = mount.dir.refuses(verb)
      if (refused) throw toDenied(refused, act, path, mount)
    }
    if (verbs.includes('read')) call.source(`fs:${mount.path}`)
    return { ...located, root: this.#root(mount) }
  }

  #root({ dir }: Mount): DirNode {
    const root = this.#roots.get(dir) ?? dir.open({ now: () => this.scope.now() })
    this.#roots.set(dir, root)
    return root
  }
}

/** Gives failures their guest names. */
function named<T>(act: Act, path: string, dest: string | undefined, use: () => T): T {
  try {
    return use()
  } catch (error) {
    throw error instanceof FsFault ? toGuestError(error.code, act.syscall, path, dest) : error
  }
}

export function closeAll(nodes: readonly { close(): void }[]): void {
  const failures: unknown[] = []
  for (const node of nodes) {
    try {
      node.close()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'descriptors failed to close')
}

/** What the ledger shows of paths and descriptors, as a guest named them. */
export function toTarget(names: readonly unknown[]): string {
  return names.map((name) => {
    if (typeof name === 'number') return `descriptor ${name}`
    return typeof name === 'string' ? normalise(name.slice(0, SHOWN)) : `(${typeof name})`
  }).join(' -> ')
}

export function toGuestError(code: FsCode, syscall: string, path?: string, dest?: string): GuestVisibleError {
  const at = (path === undefined ? '' : ` '${path.slice(0, SHOWN)}'`) + (dest === undefined ? '' : ` -> '${dest.slice(0, SHOWN)}'`)
  const names = { ...(path === undefined ? {} : { path }), ...(dest === undefined ? {} : { dest }) }
  return new GuestVisibleError('Error', code, `${code}: ${REASONS[code]}, ${syscall}${at}`, { errno: -ERRNO[code], syscall, ...names })
}

export function toDenied(refused: FsRefused, act: Act, path: string, mount: Mount): Denied {
  const place = JSON.stringify(mount.path)
  return new Denied(asked(act, path), `mount ${place} ${refused.reason}`, `grants.fs[${place}] = ${refused.remedy}`)
}

function notGranted(act: Act, path: string, verbs: readonly Verb[]): Denied {
  const parent = act.syscall === 'scandir' || act.syscall === 'mkdir' ? path : path.slice(0, Math.max(1, path.lastIndexOf('/')))
  const directory = verbs.every((verb) => verb === 'read') && act.syscall !== 'mkdir' ? 'readOnly(await openDir(...))' : 'memoryDir()'
  return new Denied(asked(act, path), 'no mount', `grants.fs[${JSON.stringify(parent.slice(0, SHOWN))}] = ${directory}`)
}

function asked(act: Act, path: string): string {
  return `${act.operation} ${JSON.stringify(path.slice(0, SHOWN))}`
}
