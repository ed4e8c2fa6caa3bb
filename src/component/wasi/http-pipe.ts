import type { GuestBody } from '../../../capabilities/net/guest-body.js'
import { joinBytes } from '../../../capabilities/net/redact.js'
import { ByteQueue } from './byte-queue.js'
import type { IoFailure } from './failure.js'
import { Gate } from './gate.js'
import { BodyFailure, type ErrorCode, toErrorCode, toIoFailure } from './http-error.js'
import type { Sink } from './streams-output.js'

/** What a guest may write before any of it is taken: a guest that writes first and sends then gets this far. */
const CAPACITY = 1 << 20

export interface PipeOptions {
  /** Bytes the guest announced in `content-length`. */
  readonly length: number | undefined
  /** What a body of another length is called. */
  readonly wrongLength: 'HTTP-request-body-size' | 'HTTP-response-body-size'
}

/** A body on its way out: the guest writes at one end, the host takes from the other, and neither runs far ahead. */
export class BodyPipe implements Sink, GuestBody {
  /** Bytes there will be, where that is known before. */
  length: number | undefined
  readonly #options: PipeOptions
  readonly #gate = new Gate()
  readonly #queue = new ByteQueue()
  #written = 0
  /** `open` until the guest has finished; `refused` when nobody takes any more. */
  #state: 'open' | 'finished' | 'broken' | 'refused' = 'open'
  #failure: BodyFailure | undefined

  constructor(options: PipeOptions) {
    this.#options = options
    this.length = options.length
  }

  /** Bytes the guest has written. */
  get written(): number {
    return this.#written
  }

  get isFinished(): boolean {
    return this.#state === 'finished'
  }

  // The guest's end.

  ready(): boolean {
    return this.#state !== 'open' || this.#queue.length < CAPACITY
  }

  async wait(signal: AbortSignal): Promise<void> {
    while (!this.ready() && !signal.aborted) await this.#gate.wait(signal)
  }

  permit(): number | undefined {
    this.#check()
    return this.#state === 'open' ? CAPACITY - this.#queue.length : undefined
  }

  write(bytes: Uint8Array): void {
    this.#check()
    if (this.#state !== 'open') return
    if (this.length !== undefined && this.#written + bytes.length > this.length) {
      this.#written += bytes.length
      this.break(this.#wrongLength())
      throw this.#ioFailure()
    }
    this.#written += bytes.length
    this.#queue.push(bytes)
    this.#gate.wake()
  }

  /** What was written is with the host: there is nothing to bring out of here. */
  flush(): void {
    this.#check()
  }

  /** The stream is gone; the body is still to be finished. */
  close(): void {}

  /** The guest says that this was all. Answers what is wrong with it. */
  finish(): ErrorCode | undefined {
    if (this.#state === 'open') {
      if (this.length !== undefined && this.#written !== this.length) this.break(this.#wrongLength())
      else this.#end('finished')
    }
    // That nobody takes it any more is told by what did not take it.
    return this.#state === 'broken' ? this.#failure?.http : undefined
  }

  // The host's end.

  /** The body ends here without being whole. */
  break(failure: BodyFailure): void {
    if (this.#state !== 'open') return
    this.#failure = failure
    this.#end('broken')
  }

  /** Whatever is written from here on is too much. */
  takeNothing(): void {
    this.length = 0
  }

  /** Nobody takes any more: writes answer `closed`, or fail with a code where there is one to tell. */
  refuse(code?: ErrorCode): void {
    this.#queue.clear()
    if (this.#state !== 'open') return void this.#gate.wake()
    if (code !== undefined) this.#failure = new BodyFailure(code, 'The body is not taken')
    this.#end('refused')
  }

  whole(): Uint8Array | undefined {
    if (this.#state !== 'finished') return undefined
    const pieces: Uint8Array[] = []
    for (let piece = this.#queue.take(); piece !== undefined; piece = this.#queue.take()) pieces.push(piece)
    return joinBytes(pieces)
  }

  fail(error: unknown): void {
    this.refuse(toErrorCode(error, 'head'))
  }

  readonly chunks: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: async (): Promise<IteratorResult<Uint8Array, undefined>> => {
        for (;;) {
          if (this.#state === 'broken') throw this.#failure
          const chunk = this.#queue.take()
          if (chunk !== undefined) {
            this.#gate.wake()
            return { done: false, value: chunk }
          }
          if (this.#state !== 'open') return { done: true, value: undefined }
          await this.#gate.wait()
        }
      },
      return: async () => {
        this.refuse()
        return { done: true, value: undefined }
      },
    }),
  }

  #end(state: 'finished' | 'broken' | 'refused'): void {
    this.#state = state
    this.#gate.wake()
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#ioFailure()
  }

  #ioFailure(): IoFailure {
    return toIoFailure(this.#failure!.http)
  }

  #wrongLength(): BodyFailure {
    const code = { tag: this.#options.wrongLength, val: BigInt(this.#written) }
    return new BodyFailure(code, `The body has not the ${this.length} bytes its content-length says`)
  }
}
