import { Failure, unknownHandle } from './failure.js'
import { Fields, toEntries } from './http-fields.js'
import type { Io } from './io.js'
import { BodyFailure, type ErrorCode, toErrorCode, toIoFailure } from './http-error.js'
import type { BodyPipe } from './http-pipe.js'
import { Pollable } from './poll.js'
import { PulledSource, type Reader, type Reading } from './pulled-source.js'
import type { Source } from './streams-input.js'
import { InputStream } from './streams-input.js'
import type { Sink } from './streams-output.js'
import { OutputStream } from './streams-output.js'

export type Result<T, E> = { readonly tag: 'ok'; readonly val: T } | { readonly tag: 'err'; readonly val: E }

/** What a function without an error of its own throws. */
export function failed(): Failure<undefined> {
  return new Failure(undefined)
}

/** `wasi:http/types` `outgoing-body`. */
export class OutgoingBody {
  readonly #io: Io
  readonly #pipe: BodyPipe
  /** What is done with trailers, or why they cannot be sent. */
  readonly #takeTrailers: (trailers: Fields) => ErrorCode | undefined
  readonly #drop: () => void
  #stream: 'none' | 'open' | 'closed' = 'none'

  constructor(io: Io, pipe: BodyPipe, takeTrailers: (trailers: Fields) => ErrorCode | undefined) {
    this.#io = io
    this.#pipe = pipe
    this.#takeTrailers = takeTrailers
    this.#drop = io.own(() => pipe.break(new BodyFailure({ tag: 'HTTP-protocol-error' }, 'The body was dropped before it was finished')))
  }

  /** `finish`. */
  static finish(body: OutgoingBody, trailers: Fields | undefined): void {
    if (!(#pipe in body)) throw unknownHandle('outgoing-body')
    if (body.#stream === 'open') body.#io.trap('The component finished a body whose stream it still holds')
    const refusal = trailers === undefined ? undefined : body.#takeTrailers(trailers)
    if (refusal !== undefined) body.#pipe.break(new BodyFailure(refusal, 'The trailers are not sent'))
    const failure = body.#pipe.finish()
    body.#drop()
    if (failure !== undefined) throw new Failure(failure)
  }

  write(): OutputStream {
    if (!(#pipe in this)) throw unknownHandle('outgoing-body')
    if (this.#stream !== 'none') throw failed()
    this.#stream = 'open'
    const pipe = this.#pipe
    const sink: Sink = {
      ready: () => pipe.ready(),
      wait: (signal) => pipe.wait(signal),
      permit: () => pipe.permit(),
      write: (bytes) => pipe.write(bytes),
      flush: () => pipe.flush(),
      close: () => {
        this.#stream = 'closed'
      },
    }
    return new OutputStream(this.#io, sink)
  }

  [Symbol.dispose](): void {
    this.#drop()
  }
}

/** A body on its way in. */
export interface BodyReader extends Reader {
  /** Fields after the body, once it has ended. */
  trailers(): readonly (readonly [name: string, value: string])[]
}

/** `wasi:http/types` `incoming-body`. */
export class IncomingBody {
  readonly #io: Io
  readonly #reader: BodyReader
  readonly #source: PulledSource
  readonly #drop: () => void
  #stream: 'none' | 'open' | 'closed' = 'none'
  #isFinished = false

  constructor(io: Io, reader: BodyReader, reading: Omit<Reading, 'explain'>) {
    this.#io = io
    this.#reader = reader
    this.#source = new PulledSource(io.port, reader, { ...reading, explain: (error) => toIoFailure(toErrorCode(error, 'body')) })
    this.#drop = io.own(() => {
      if (!this.#isFinished) this.#source.end()
    })
  }

  /** `finish`. */
  static finish(body: IncomingBody): FutureTrailers {
    if (!(#source in body)) throw unknownHandle('incoming-body')
    if (body.#stream === 'open') body.#io.trap('The component finished a body whose stream it still holds')
    body.#isFinished = true
    body.#drop()
    return new FutureTrailers(body.#io, body.#reader, body.#source)
  }

  stream(): InputStream {
    if (!(#source in this)) throw unknownHandle('incoming-body')
    if (this.#stream !== 'none') throw failed()
    this.#stream = 'open'
    const body = this.#source
    const source: Source = {
      ready: () => body.ready(),
      wait: (signal) => body.wait(signal),
      read: (length) => body.read(length),
      close: () => {
        this.#stream = 'closed'
        body.close()
      },
    }
    return new InputStream(this.#io, source)
  }

  [Symbol.dispose](): void {
    this.#drop()
  }
}

/** `wasi:http/types` `future-trailers`. What is left of the body is skipped once somebody asks. */
export class FutureTrailers {
  readonly #io: Io
  readonly #reader: BodyReader
  readonly #source: PulledSource
  readonly #drop: () => void
  #isTaken = false

  constructor(io: Io, reader: BodyReader, source: PulledSource) {
    this.#io = io
    this.#reader = reader
    this.#source = source
    this.#drop = io.own(() => source.end())
  }

  subscribe(): Pollable {
    if (!(#source in this)) throw unknownHandle('future-trailers')
    const source = this.#source
    source.drain()
    return new Pollable(this.#io, { ready: () => source.isOver, wait: (signal) => source.over(signal) })
  }

  get(): Result<Result<Fields | undefined, ErrorCode>, undefined> | undefined {
    if (!(#source in this)) throw unknownHandle('future-trailers')
    this.#source.drain()
    if (!this.#source.isOver) return undefined
    if (this.#isTaken) return { tag: 'err', val: undefined }
    this.#isTaken = true
    return { tag: 'ok', val: this.#trailers() }
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  #trailers(): Result<Fields | undefined, ErrorCode> {
    try {
      if (this.#source.failure !== undefined) throw this.#source.failure.error
      const trailers = this.#reader.trailers()
      return { tag: 'ok', val: trailers.length === 0 ? undefined : Fields.immutable(this.#io, toEntries(trailers)) }
    } catch (error) {
      return { tag: 'err', val: toErrorCode(error, 'body') }
    }
  }
}
