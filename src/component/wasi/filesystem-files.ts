import type { HostCall } from '../../../capabilities/capability.js'
import type { DirNode, FileNode, Identity, Verb } from '../../../capabilities/fs/dir.js'
import { VERBS } from '../../../capabilities/fs/dir.js'
import { normalise, toMounts } from '../../../capabilities/fs/mounts.js'
import type { Mount } from '../../../capabilities/fs/mounts.js'
import type { ComponentPort } from '../port.js'
import { fail, toFailure, toRecorded } from './filesystem-errors.js'
import { Hashes } from './filesystem-hash.js'
import { ChosenTimes } from './filesystem-times.js'
import type { Io } from './io.js'

/** What one operation is called, and the acts its mount must permit whatever the path names. */
export interface Act {
  /** As the ledger has it: `fs.open`. */
  readonly operation: string
  readonly verbs: readonly Verb[]
}

/** The mounts of one call, and the way through the door to them. */
export class Files {
  readonly io: Io
  readonly mounts: readonly Mount[]
  readonly hashes: Hashes
  readonly times = new ChosenTimes()
  readonly #port: ComponentPort
  readonly #roots = new Map<Mount, DirNode>()

  constructor(port: ComponentPort, io: Io) {
    this.io = io
    this.#port = port
    this.mounts = toMounts(port.grants.fs)
    this.hashes = new Hashes(port.grants.random)
    port.onSettle(() => {
      for (const root of this.#roots.values()) root.close()
      this.#roots.clear()
    })
  }

  /** Milliseconds of the call's clock. */
  now(): number {
    return this.#port.grants.clock.now()
  }

  /** A descriptor of the mount's root; all of one call belong together, so that names move between them. */
  openRoot(mount: Mount): Opened {
    let root = this.#roots.get(mount)
    if (root === undefined) this.#roots.set(mount, (root = mount.dir.open({ now: () => this.now() })))
    return new Opened(mount, mount.path, 0, root.reopen())
  }

  /** Acts through the door: decided, recorded under the guest's path, and failing with a WASI error code. */
  act<T>({ operation, verbs }: Act, opened: Opened, path: string, use: (call: HostCall) => T): T {
    try {
      return this.#port.perform(operation, (call) => {
        call.target = path
        try {
          for (const verb of verbs) {
            const refused = opened.mount.dir.refuses(verb)
            if (refused) throw refused
            if (verb === 'read') call.source(opened.label)
          }
          return use(call)
        } catch (error) {
          throw toRecorded(error, operation, { path, mount: opened.mount.path })
        }
      })
    } catch (error) {
      throw toFailure(error)
    }
  }
}

/** An open file or directory of a mount, closed once neither a descriptor nor a stream needs it. */
export class Opened {
  readonly mount: Mount
  /** As the guest named it. */
  readonly path: string
  /** How many directories it lies below the root of its mount. */
  readonly depth: number
  readonly dir: DirNode | undefined
  readonly file: FileNode | undefined
  #users = 1
  #identity: Identity | undefined

  constructor(mount: Mount, path: string, depth: number, dir: DirNode | undefined, file?: FileNode) {
    this.mount = mount
    this.path = path
    this.depth = depth
    this.dir = dir
    this.file = file
  }

  /** Where data read from it comes from. */
  get label(): string {
    return `fs:${this.mount.path}`
  }

  get node(): DirNode | FileNode {
    return this.dir ?? (this.file as FileNode)
  }

  /** What tells it from all others; it stays the same for as long as it is open. */
  get identity(): Identity {
    return (this.#identity ??= this.node.identity() ?? this)
  }

  /** Whether anything on the mount can be changed. */
  get mutable(): boolean {
    return VERBS.some((verb) => verb !== 'read' && this.mount.dir.refuses(verb) === undefined)
  }

  /** The guest path of what a relative path names, for the ledger: links are not resolved in it. */
  below(path: string): string {
    return normalise(`${this.path}/${path.slice(0, SHOWN)}`)
  }

  use(): this {
    this.#users++
    return this
  }

  release(): void {
    if (--this.#users === 0) this.node.close()
  }
}

const SHOWN = 1024

/** A guest's offset as a number: files of more than 2^53 bytes there are none. */
export function toOffset(offset: bigint, code: 'invalid' | 'file-too-large'): number {
  if (offset < 0n || offset > Number.MAX_SAFE_INTEGER) throw fail(code)
  return Number(offset)
}
