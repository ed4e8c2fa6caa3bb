import type { GuestCore } from '../../core.js'
import { toData, toOptions } from './arguments.js'
import { promise } from './asking.js'
import { encodeUtf8, toBuffer, toFileBytes } from './bytes.js'
import type { Operations } from './operations.js'

type Listener = (...args: unknown[]) => void

/** The part of Node's event emitter that file streams are used with. */
class Emitter {
  readonly #listeners = new Map<string, Listener[]>()

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener])
    return this
  }

  once(event: string, listener: Listener): this {
    const first: Listener = (...args) => {
      this.off(event, first)
      listener(...args)
    }
    return this.on(event, first)
  }

  off(event: string, listener: Listener): this {
    this.#listeners.set(event, (this.#listeners.get(event) ?? []).filter((other) => other !== listener))
    return this
  }

  emit(event: string, ...args: unknown[]): boolean {
    const listeners = this.#listeners.get(event) ?? []
    if (event === 'error' && listeners.length === 0) throw args[0]
    for (const listener of listeners) listener(...args)
    return listeners.length > 0
  }
}

const DEFAULT_CHUNK = 1 << 18

/** File streams: the readable one is an async iterable, both know the events and methods programs use most. */
export const createStreams = (core: GuestCore, operations: Operations) => {
  const open = promise(core, operations.open)
  const close = promise(core, operations.close)
  const write = promise(core, operations.write)

  class ReadStream extends Emitter {
    readonly path: unknown
    bytesRead = 0
    destroyed = false
    #encoding: unknown
    readonly #options: Readonly<Record<string, unknown>>
    #flowing = false

    constructor(path: unknown, options: unknown) {
      super()
      this.path = path
      this.#options = toOptions(options)
      this.#encoding = this.#options['encoding']
    }

    setEncoding(encoding: unknown): this {
      this.#encoding = encoding
      return this
    }

    override on(event: string, listener: Listener): this {
      super.on(event, listener)
      if (event === 'data' && !this.#flowing) {
        this.#flowing = true
        queueMicrotask(() => void this.#flow())
      }
      return this
    }

    destroy(): this {
      this.destroyed = true
      return this
    }

    close = (): this => this.destroy()

    pipe<T extends { write(chunk: unknown): unknown; end(): unknown }>(target: T): T {
      this.on('data', (chunk) => target.write(chunk))
      this.on('end', () => target.end())
      return target
    }

    async *[Symbol.asyncIterator](): AsyncGenerator<string | Uint8Array> {
      const { start = 0, end = Infinity, highWaterMark = DEFAULT_CHUNK } = this.#options as Readonly<Record<string, number>>
      const fd = await open(this.path, this.#options['flags'])
      let tail = new Uint8Array(0)
      try {
        for (let at = start; !this.destroyed && at <= end; ) {
          const bytes = (await core.callAsync('fs.read', fd, Math.min(highWaterMark, end - at + 1), at)) as Uint8Array<ArrayBuffer>
          if (bytes.length === 0) break
          at += bytes.length
          this.bytesRead += bytes.length
          if (!this.#encoding) {
            yield toBuffer(core, bytes)
            continue
          }
          const all = new Uint8Array(tail.length + bytes.length)
          all.set(tail)
          all.set(bytes, tail.length)
          const whole = wholeCharacters(all, `${this.#encoding as string}`.toLowerCase())
          tail = all.slice(whole)
          if (whole > 0) yield toFileBytes(all.subarray(0, whole)).toString(this.#encoding)
        }
        if (tail.length > 0) yield toFileBytes(tail).toString(this.#encoding)
      } finally {
        this.destroyed = true
        await close(fd)
      }
    }

    async #flow(): Promise<void> {
      try {
        for await (const chunk of this) this.emit('data', chunk)
        this.emit('end')
      } catch (error) {
        this.emit('error', error)
      }
      this.emit('close')
    }
  }

  class WriteStream extends Emitter {
    readonly path: unknown
    bytesWritten = 0
    writable = true
    #opened: Promise<unknown> | undefined
    #pending: Promise<void> = Promise.resolve()
    #failed = false
    readonly #options: Readonly<Record<string, unknown>>

    constructor(path: unknown, options: unknown) {
      super()
      this.path = path
      this.#options = toOptions(options)
      // Made at once, so that a file nothing is written to exists too.
      this.#then(async () => void (await this.#descriptor()))
    }

    write(chunk: unknown, encoding?: unknown, done?: Listener): boolean {
      const callback = typeof encoding === 'function' ? (encoding as Listener) : done
      if (!this.writable) {
        this.emit('error', Object.assign(new Error('write after end'), { code: 'ERR_STREAM_WRITE_AFTER_END' }))
        return false
      }
      const data = toData(chunk)
      const bytes = typeof data === 'string' && (typeof encoding !== 'string' || /^utf-?8$/i.test(encoding)) ? encodeUtf8(data) : data
      this.#then(async () => {
        const given = typeof encoding === 'string' ? encoding : undefined
        const written = await (typeof bytes === 'string' ? write(await this.#descriptor(), bytes, null, given) : write(await this.#descriptor(), bytes))
        this.bytesWritten += Number(written)
        callback?.(null)
      })
      return true
    }

    end(chunk?: unknown, encoding?: unknown, done?: Listener): this {
      const callback = [chunk, encoding, done].find((value) => typeof value === 'function') as Listener | undefined
      if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') this.write(chunk, encoding === callback ? undefined : encoding)
      this.writable = false
      this.#then(async () => {
        await close(await this.#descriptor())
        callback?.()
        this.emit('finish')
        this.emit('close')
      })
      return this
    }

    close = (done?: Listener): this => this.end(undefined, undefined, done)
    destroy = (): this => this.end()

    #descriptor(): Promise<unknown> {
      return (this.#opened ??= open(this.path, this.#options['flags'] ?? 'w'))
    }

    #then(act: () => Promise<void>): void {
      this.#pending = this.#pending.then(async () => {
        if (this.#failed) return
        try {
          await act()
        } catch (error) {
          this.#failed = true
          this.emit('error', error)
        }
      })
    }
  }

  return {
    ReadStream,
    WriteStream,
    createReadStream: (path: unknown, options?: unknown) => new ReadStream(path, options),
    createWriteStream: (path: unknown, options?: unknown) => new WriteStream(path, options),
  }
}

/** How many of the bytes make whole characters; the rest waits for the next piece. */
const wholeCharacters = (bytes: Uint8Array, encoding: string): number => {
  const { length } = bytes
  if (encoding === 'utf16le' || encoding === 'ucs2') return length - (length % 2)
  if (encoding === 'base64' || encoding === 'base64url') return length - (length % 3)
  if (encoding !== 'utf8' && encoding !== 'utf-8') return length
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back] as number
    if (byte >= 0xc0) return byte >= (back === 1 ? 0xc0 : back === 2 ? 0xe0 : 0xf0) ? length - back : length
    if (byte < 0x80) return length
  }
  return length
}
