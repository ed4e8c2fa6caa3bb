import type { GuestCore } from '../../core.js'
import { promise } from './asking.js'
import type { Operations } from './operations.js'

/** Node's `FileHandle`, over a descriptor of the host; the run's end closes what a program leaves open. */
export const createFileHandle = (core: GuestCore, operations: Operations) => {
  const { close, fstat, ftruncate, fsync, futimes, read, readFile, write, writeFile } = operations

  class FileHandle {
    fd: number

    constructor(fd: number) {
      this.fd = fd
    }

    async read(buffer?: unknown, ...rest: readonly unknown[]): Promise<{ bytesRead: number; buffer: unknown }> {
      const isOptions = typeof buffer === 'object' && buffer !== null && !ArrayBuffer.isView(buffer)
      const into = (isOptions ? (buffer as { buffer?: unknown }).buffer : buffer) ?? new Uint8Array(16384)
      const [offset, length, position] = isOptions ? [buffer] : rest
      return { bytesRead: await promise(core, read)(this.fd, into, offset, length, position), buffer: into }
    }

    async write(data: unknown, ...rest: readonly unknown[]): Promise<{ bytesWritten: unknown; buffer: unknown }> {
      const [first, second, third] = rest
      return { bytesWritten: await promise(core, write)(this.fd, data, first, second, third), buffer: data }
    }

    readFile = (options?: unknown) => promise(core, readFile)(this.fd, options)
    writeFile = (data: unknown, options?: unknown) => promise(core, writeFile)(this.fd, data, options)
    appendFile = (data: unknown, options?: unknown) => promise(core, writeFile)(this.fd, data, options)
    stat = (options?: unknown) => promise(core, fstat)(this.fd, options)
    truncate = (length?: unknown) => promise(core, ftruncate)(this.fd, length)
    utimes = (atime: unknown, mtime: unknown) => promise(core, futimes)(this.fd, atime, mtime)
    sync = () => promise(core, fsync)(this.fd)
    datasync = () => promise(core, fsync)(this.fd)

    async *readLines(options?: { readonly encoding?: string }): AsyncGenerator<string> {
      const text = String(await this.readFile({ encoding: options?.encoding ?? 'utf8' }))
      await this.close()
      const lines = text.split(/\r\n|\n|\r/)
      if (lines[lines.length - 1] === '') lines.pop()
      yield* lines
    }

    async close(): Promise<void> {
      if (this.fd < 0) return
      const { fd } = this
      this.fd = -1
      await promise(core, close)(fd)
    }
  }
  const { asyncDispose } = Symbol as { readonly asyncDispose?: symbol }
  if (asyncDispose) {
    Object.defineProperty(FileHandle.prototype, asyncDispose, { value(this: FileHandle) { return this.close() }, configurable: true, writable: true })
  }
  return FileHandle
}
