import { copyOnWrite, limited, memoryDir } from '../../../capabilities/fs/index.js'
import type { Dir } from '../../../capabilities/fs/index.js'
import { openDir } from '../../../capabilities/fs/node.js'
import { protect, protectedNames } from '../../../capabilities/fs/protect.js'
import type { Descriptor } from '../../../src/component/wasi/filesystem-descriptor.js'
import type { DescriptorFlags, OpenFlags } from '../../../src/component/wasi/filesystem-paths.js'
import { createWasi } from '../../../src/component/wasi/host.js'
import type { InputStream } from '../../../src/component/wasi/streams-input.js'
import { temporary } from '../../capabilities/fs/temporary.js'
import { FakePort, payloadOf } from './fake-port.js'
import type { FakeOptions } from './fake-port.js'

/** A directory below a mount, made anew for each case. */
export interface Kind {
  readonly hardlinks: boolean
  open(): Promise<Dir>
}

async function onHost(mode: 'read' | 'read-write'): Promise<Dir> {
  const place = temporary()
  const dir = await openDir(place.path, { mode, symlinks: 'descending' })
  return { ...dir, [Symbol.dispose]: () => { dir[Symbol.dispose](); place[Symbol.dispose]() } }
}

export const KINDS: Readonly<Record<string, Kind>> = {
  'memoryDir()': { hardlinks: true, open: async () => memoryDir() },
  'openDir()': { hardlinks: false, open: () => onHost('read-write') },
  'limited(protect(memoryDir()))': { hardlinks: true, open: async () => limited(protect(memoryDir(), protectedNames([])), {}) },
  'copyOnWrite(openDir())': { hardlinks: true, open: async () => copyOnWrite(await onHost('read')) },
}

const RW: DescriptorFlags = { read: true, write: true }

/** A guest of `wasi:filesystem`, as the generated glue calls its host: by the functions of the imports alone. */
export class Guest implements Disposable {
  readonly port: FakePort
  readonly imports: Record<string, Record<string, unknown>>
  readonly mounts: ReadonlyMap<string, Descriptor>

  constructor(mounts: Readonly<Record<string, Dir>>, options: FakeOptions = {}) {
    this.port = new FakePort({ fs: mounts, ...options })
    this.imports = createWasi(this.port).imports
    const { getDirectories } = this.imports['wasi:filesystem/preopens'] as { getDirectories: () => [Descriptor, string][] }
    this.mounts = new Map(getDirectories().map(([descriptor, path]) => [path, descriptor]))
  }

  /** The preopen at `/m`. */
  get m(): Descriptor {
    return this.mount('/m')
  }

  mount(path: string): Descriptor {
    const descriptor = this.mounts.get(path)
    if (!descriptor) throw new Error(`nothing is mounted at ${path}`)
    return descriptor
  }

  open(path: string, open: OpenFlags = {}, flags: DescriptorFlags = { read: true }): Descriptor {
    return this.m.openAt({ symlinkFollow: true }, path, open, flags)
  }

  /** Makes a file with these contents, or replaces them. */
  put(path: string, contents: string): void {
    const file = this.open(path, { create: true, truncate: true }, RW)
    if (contents !== '') file.write(new TextEncoder().encode(contents), 0n)
    file[Symbol.dispose]()
  }

  text(path: string): string {
    const file = this.open(path)
    try {
      return new TextDecoder().decode(file.read(1_000_000n, 0n)[0])
    } finally {
      file[Symbol.dispose]()
    }
  }

  names(descriptor: Descriptor = this.m): readonly string[] {
    const stream = descriptor.readDirectory()
    const found: string[] = []
    for (let entry = stream.readDirectoryEntry(); entry; entry = stream.readDirectoryEntry()) found.push(`${entry.name} ${entry.type}`)
    stream[Symbol.dispose]()
    return found
  }

  drain(stream: InputStream): string {
    let text = ''
    try {
      for (;;) text += new TextDecoder().decode(stream.read(3n))
    } catch (error) {
      if (payloadOf(() => { throw error }) !== undefined) return text
      throw error
    }
  }

  [Symbol.dispose](): void {
    this.port.settle()
  }
}
