import { type Controller, type Result, type Source, type State, type Strategy, createState } from './stream-state.js'

let stateOf: (stream: ReadableStream) => State

/** Whether a stream has been read from or cancelled. */
export const isDisturbed = (stream: ReadableStream): boolean => stateOf(stream).isDisturbed

/**
 * The part of the standard that bodies need: default readers, backpressure, cancellation, `tee()` and async iteration.
 * Byte readers, `pipeTo()` and `pipeThrough()` are not here.
 *
 * @see https://streams.spec.whatwg.org/#rs-class
 */
export class ReadableStream {
  readonly #state: State

  static {
    stateOf = (stream) => stream.#state
  }

  constructor(source: Source = {}, strategy: Strategy = {}) {
    this.#state = createState(source, strategy)
  }

  get locked(): boolean {
    return this.#state.reader !== undefined
  }

  getReader(options: { readonly mode?: string } = {}): ReadableStreamDefaultReader {
    if (options.mode !== undefined) throw new TypeError('ReadableStream.getReader: byte readers are not supported')
    return new ReadableStreamDefaultReader(this)
  }

  cancel(reason?: unknown): Promise<void> {
    return this.locked ? Promise.reject(new TypeError('The stream is locked to a reader')) : this.#state.cancel(reason)
  }

  tee(): [ReadableStream, ReadableStream] {
    const reader = this.getReader()
    const controllers: (Controller | undefined)[] = []
    const reasons: unknown[] = []
    let reading: Promise<void> | undefined
    const pull = (): Promise<void> =>
      (reading ??= reader.read().then(
        ({ done, value }) => {
          reading = undefined
          for (const controller of controllers) {
            if (done) controller?.close()
            else controller?.enqueue(value)
          }
        },
        (error: unknown) => {
          for (const controller of controllers) controller?.error(error)
        },
      ))
    const branch = (at: number): ReadableStream =>
      new ReadableStream(
        {
          start: (controller) => {
            controllers[at] = controller
          },
          pull,
          cancel: (reason) => {
            controllers[at] = undefined
            reasons[at] = reason
            return controllers.every((controller) => controller === undefined) ? reader.cancel(reasons) : undefined
          },
        },
        { highWaterMark: 0 },
      )
    return [branch(0), branch(1)]
  }

  async *values(options: { readonly preventCancel?: boolean } = {}): AsyncIterableIterator<unknown> {
    const reader = this.getReader()
    let isDone = false
    try {
      for (;;) {
        const { done, value } = await reader.read()
        isDone = done
        if (done) return
        yield value
      }
    } catch (error) {
      isDone = true
      throw error
    } finally {
      if (!isDone && options.preventCancel !== true) await reader.cancel()
      reader.releaseLock()
    }
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<unknown> {
    return this.values()
  }

  static from(items: AsyncIterable<unknown> | Iterable<unknown>): ReadableStream {
    const make =
      (items as AsyncIterable<unknown>)[Symbol.asyncIterator] ?? (items as Iterable<unknown>)[Symbol.iterator]
    const iterator = make.call(items as never) as AsyncIterator<unknown>
    return new ReadableStream(
      {
        async pull(controller) {
          const { done, value } = await iterator.next()
          if (done === true) controller.close()
          else controller.enqueue(await value)
        },
        async cancel(reason) {
          await iterator.return?.(reason)
        },
      },
      { highWaterMark: 0 },
    )
  }

  get [Symbol.toStringTag](): string {
    return 'ReadableStream'
  }
}

/** @see https://streams.spec.whatwg.org/#default-reader-class */
export class ReadableStreamDefaultReader {
  #state: State | undefined
  #closed: Promise<undefined>
  #settle: { resolve: (value: undefined) => void; reject: (error: unknown) => void } | undefined

  constructor(stream: ReadableStream) {
    const state = stateOf(stream)
    if (state.reader !== undefined) throw new TypeError('The stream is locked to a reader')
    this.#state = state
    this.#closed = new Promise((resolve, reject) => (this.#settle = { resolve, reject }))
    this.#closed.catch(() => undefined)
    state.reader = { onEnd: () => this.#onEnd(state) }
    this.#onEnd(state)
  }

  get closed(): Promise<undefined> {
    return this.#closed
  }

  read(): Promise<Result> {
    return this.#state === undefined ? Promise.reject(new TypeError('The reader was released')) : this.#state.read()
  }

  cancel(reason?: unknown): Promise<void> {
    return this.#state === undefined
      ? Promise.reject(new TypeError('The reader was released'))
      : this.#state.cancel(reason)
  }

  releaseLock(): void {
    if (this.#state === undefined) return
    this.#state.reader = undefined
    this.#state = undefined
    const released = new TypeError('The reader was released')
    if (this.#settle !== undefined) this.#settle.reject(released)
    else {
      this.#closed = Promise.reject(released)
      this.#closed.catch(() => undefined)
    }
    this.#settle = undefined
  }

  #onEnd(state: State): void {
    if (state.status === 'closed') this.#settle?.resolve(undefined)
    else if (state.status === 'errored') this.#settle?.reject(state.error)
    else return
    this.#settle = undefined
  }

  get [Symbol.toStringTag](): string {
    return 'ReadableStreamDefaultReader'
  }
}
