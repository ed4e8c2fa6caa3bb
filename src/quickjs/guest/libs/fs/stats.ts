/** A status as it crosses. */
interface Wire {
  readonly mode: number
  readonly size: number
  readonly links: number
  readonly accessedMs: number
  readonly modifiedMs: number
}

const TYPE = 0o170000

/** What nothing of a mount ever is. */
class Plain {
  isBlockDevice(): boolean {
    return false
  }

  isCharacterDevice(): boolean {
    return false
  }

  isFIFO(): boolean {
    return false
  }

  isSocket(): boolean {
    return false
  }
}

/** Node's `fs.Stats`. There are no inodes, devices and owners here: they are 0. */
export class Stats extends Plain {
  readonly dev = 0
  readonly ino = 0
  readonly mode: number
  readonly nlink: number
  readonly uid = 0
  readonly gid = 0
  readonly rdev = 0
  readonly size: number
  readonly blksize = 4096
  readonly blocks: number
  readonly atimeMs: number
  readonly mtimeMs: number
  readonly ctimeMs: number
  readonly birthtimeMs: number

  constructor(wire: Wire) {
    super()
    this.mode = wire.mode
    this.nlink = wire.links
    this.size = wire.size
    this.blocks = Math.ceil(wire.size / 512)
    this.atimeMs = wire.accessedMs
    this.mtimeMs = this.ctimeMs = this.birthtimeMs = wire.modifiedMs
  }

  get atime(): Date {
    return new Date(this.atimeMs)
  }

  get mtime(): Date {
    return new Date(this.mtimeMs)
  }

  get ctime(): Date {
    return new Date(this.ctimeMs)
  }

  get birthtime(): Date {
    return new Date(this.birthtimeMs)
  }

  isFile(): boolean {
    return (this.mode & TYPE) === 0o100000
  }

  isDirectory(): boolean {
    return (this.mode & TYPE) === 0o040000
  }

  isSymbolicLink(): boolean {
    return (this.mode & TYPE) === 0o120000
  }
}

/** Node's `fs.Dirent`. */
export class Dirent extends Plain {
  readonly name: string
  readonly parentPath: string
  readonly path: string
  readonly #type: string

  constructor(name: string, parentPath: string, type: string) {
    super()
    this.name = name
    this.parentPath = this.path = parentPath
    this.#type = type
  }

  isFile(): boolean {
    return this.#type === 'f'
  }

  isDirectory(): boolean {
    return this.#type === 'd'
  }

  isSymbolicLink(): boolean {
    return this.#type === 's'
  }
}

/** The entries of a listing that crossed as names and one letter of type each. */
export const toDirents = (path: string, names: readonly string[], types: string): Dirent[] =>
  names.map((name, i) => {
    const cut = name.lastIndexOf('/')
    const parent = cut < 0 ? path : `${path.endsWith('/') ? path : `${path}/`}${name.slice(0, cut)}`
    return new Dirent(name.slice(cut + 1), parent, types[i] as string)
  })
