import { Failure, IoFailure, unknownHandle } from './failure.js'
import { toLength } from './io.js'
import type { Io, Waitable } from './io.js'
import { IoError } from './io-error.js'
import { Pollable } from './poll.js'

/** Where an input stream's bytes come from. `ready()` means a read gives bytes, the end or a failure. */
export interface Source extends Waitable {
  /** Up to `length` bytes that are there, which is above 0; none when none are yet; `undefined` at the end. Throws `IoFailure`. */
  read(length: number): Uint8Array | undefined
  /** As `read`, for bytes nobody looks at. @default reads them */
  skip?(length: number): number | undefined
  close(): void
}

/** What a stream's methods throw, as the glue takes it. */
export type StreamError = { readonly tag: 'last-operation-failed'; readonly val: IoError } | { readonly tag: 'closed' }

export function closed(): Failure<StreamError> {
  return new Failure<StreamError>({ tag: 'closed' })
}

/** The typed error of what a source or sink threw; anything but an `IoFailure` passes as it is. */
export function toStreamError(io: Io, error: unknown): unknown {
  return error instanceof IoFailure ? new Failure<StreamError>({ tag: 'last-operation-failed', val: new IoError(io, error) }) : error
}

const NOTHING = new Uint8Array(0)

/** `wasi:io/streams` `input-stream`. */
export class InputStream {
  readonly #io: Io
  /** `undefined` once it has ended, failed or been dropped. */
  #source: Source | undefined
  readonly #drop: () => void

  /** Takes over the source, also when it fails. */
  constructor(io: Io, source: Source) {
    this.#io = io
    this.#source = source
    this.#drop = io.takeOver(() => this.#end())
  }

  read(len: bigint): Uint8Array {
    const source = InputStream.#sourceOf(this)
    const length = toLength(len)
    return length === 0 ? NOTHING : this.#take(source.read.bind(source), length)
  }

  blockingRead(len: bigint): Uint8Array | Promise<Uint8Array> {
    const source = InputStream.#sourceOf(this)
    return len === 0n ? NOTHING : this.#io.until([source], () => this.read(len))
  }

  skip(len: bigint): bigint {
    const source = InputStream.#sourceOf(this)
    const length = toLength(len)
    if (length === 0) return 0n
    return BigInt(this.#take((count) => (source.skip ? source.skip(count) : source.read(count)?.length), length))
  }

  blockingSkip(len: bigint): bigint | Promise<bigint> {
    const source = InputStream.#sourceOf(this)
    return len === 0n ? 0n : this.#io.until([source], () => this.skip(len))
  }

  subscribe(): Pollable {
    const waitable = InputStream.waitableOf(this)
    return new Pollable(this.#io, waitable)
  }

  /** Ready when a read would give bytes, the end or an error. */
  static waitableOf(stream: InputStream): Waitable {
    if (!(#source in stream)) throw unknownHandle('input-stream')
    return {
      ready: () => stream.#source?.ready() ?? true,
      wait: async (signal) => stream.#source?.wait(signal),
    }
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  static #sourceOf(stream: InputStream): Source {
    if (!(#source in stream)) throw unknownHandle('input-stream')
    if (stream.#source === undefined) throw closed()
    return stream.#source
  }

  #take<T>(read: (length: number) => T | undefined, length: number): T {
    let taken: T | undefined
    try {
      taken = read(length)
    } catch (error) {
      this.#end()
      throw toStreamError(this.#io, error)
    }
    if (taken !== undefined) return taken
    this.#end()
    throw closed()
  }

  #end(): void {
    const source = this.#source
    this.#source = undefined
    source?.close()
  }
}
