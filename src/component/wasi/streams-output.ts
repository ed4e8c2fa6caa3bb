import { unknownHandle } from './failure.js'
import { MOST_BYTES, toLength } from './io.js'
import type { Io, Waitable } from './io.js'
import { Pollable } from './poll.js'
import { closed, InputStream, toStreamError } from './streams-input.js'

/** Where an output stream's bytes go. `ready()` means `permit()` answers above 0, the end or a failure. */
export interface Sink extends Waitable {
  /** How many bytes a write may have now; 0 while it is busy; `undefined` when nothing is taken any more. Throws `IoFailure`. */
  permit(): number | undefined
  /** Takes all of `bytes`, no more than were permitted; they are its own from here on. Throws `IoFailure`. */
  write(bytes: Uint8Array): void
  /** Begins to bring out what was written; `permit()` is 0 until that is done. Throws `IoFailure`. */
  flush(): void
  close(): void
}

/** Most bytes of the methods that write and flush in one (WASI 0.2, `blocking-write-and-flush`). */
const MOST_FLUSHED = 4096

/** `wasi:io/streams` `output-stream`. */
export class OutputStream {
  readonly #io: Io
  /** `undefined` once it has been closed, has failed or been dropped. */
  #sink: Sink | undefined
  /** What is left of the last permit. */
  #permit = 0
  readonly #drop: () => void

  /** Takes over the sink, also when it fails. */
  constructor(io: Io, sink: Sink) {
    this.#io = io
    this.#sink = sink
    this.#drop = io.takeOver(() => this.#end())
  }

  checkWrite(): bigint {
    const sink = OutputStream.#sinkOf(this)
    return BigInt(this.#ask(sink))
  }

  write(contents: Uint8Array): void {
    this.#take(OutputStream.#sinkOf(this), contents.length, () => contents)
  }

  writeZeroes(len: bigint): void {
    const sink = OutputStream.#sinkOf(this)
    const length = len >= 0n && len <= MOST_BYTES ? Number(len) : Infinity
    this.#take(sink, length, () => new Uint8Array(length))
  }

  blockingWriteAndFlush(contents: Uint8Array): void | Promise<void> {
    OutputStream.#sinkOf(this)
    if (contents.length > MOST_FLUSHED) this.#io.trap(`The component wrote and flushed ${contents.length} bytes at once; ${MOST_FLUSHED} is the most`)
    return this.#writeAll(contents)
  }

  blockingWriteZeroesAndFlush(len: bigint): void | Promise<void> {
    OutputStream.#sinkOf(this)
    if (len < 0n || len > MOST_FLUSHED) this.#io.trap(`The component wrote and flushed ${len} zeroes at once; ${MOST_FLUSHED} is the most`)
    return this.#writeAll(new Uint8Array(Number(len)))
  }

  flush(): void {
    const sink = OutputStream.#sinkOf(this)
    this.#permit = 0
    this.#attempt(() => sink.flush())
  }

  blockingFlush(): void | Promise<void> {
    this.flush()
    return OutputStream.#whenReady(this, (sink) => {
      this.#ask(sink)
    })
  }

  splice(src: InputStream, len: bigint): bigint {
    const sink = OutputStream.#sinkOf(this)
    const permit = Math.min(this.#ask(sink), toLength(len))
    const bytes = InputStream.prototype.read.call(src, BigInt(permit))
    if (bytes.length > 0) this.write(bytes)
    return BigInt(bytes.length)
  }

  blockingSplice(src: InputStream, len: bigint): bigint | Promise<bigint> {
    const source = InputStream.waitableOf(src)
    return OutputStream.#whenReady(this, () => (len === 0n ? this.splice(src, len) : this.#io.until([source], () => this.splice(src, len))))
  }

  subscribe(): Pollable {
    const waitable = OutputStream.waitableOf(this)
    return new Pollable(this.#io, waitable)
  }

  /** Ready when `checkWrite` would permit a byte or fail. */
  static waitableOf(stream: OutputStream): Waitable {
    if (!(#sink in stream)) throw unknownHandle('output-stream')
    return {
      ready: () => stream.#sink?.ready() ?? true,
      wait: async (signal) => stream.#sink?.wait(signal),
    }
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  static #sinkOf(stream: OutputStream): Sink {
    if (!(#sink in stream)) throw unknownHandle('output-stream')
    if (stream.#sink === undefined) throw closed()
    return stream.#sink
  }

  #ask(sink: Sink): number {
    const permit = this.#attempt(() => sink.permit())
    if (permit === undefined) {
      this.#end()
      throw closed()
    }
    return (this.#permit = Math.min(permit, MOST_BYTES))
  }

  #take(sink: Sink, length: number, contents: () => Uint8Array): void {
    if (length > this.#permit) this.#io.trap(`The component wrote ${length} bytes where ${this.#permit} were permitted; it must ask check-write first`)
    this.#permit -= length
    if (length > 0) this.#attempt(() => sink.write(contents()))
  }

  #writeAll(bytes: Uint8Array): void | Promise<void> {
    if (bytes.length === 0) return this.blockingFlush()
    return OutputStream.#whenReady(this, (sink) => {
      const length = Math.min(this.#ask(sink), bytes.length)
      this.write(length === bytes.length ? bytes : bytes.subarray(0, length))
      return this.#writeAll(bytes.subarray(length))
    })
  }

  static #whenReady<T>(stream: OutputStream, then: (sink: Sink) => T | Promise<T>): T | Promise<T> {
    const sink = OutputStream.#sinkOf(stream)
    return stream.#io.until([sink], () => then(sink))
  }

  #attempt<T>(act: () => T): T {
    try {
      return act()
    } catch (error) {
      this.#end()
      throw toStreamError(this.#io, error)
    }
  }

  #end(): void {
    const sink = this.#sink
    this.#sink = undefined
    this.#permit = 0
    sink?.close()
  }
}
