interface Source {
  start?(controller: Controller): unknown
  pull?(controller: Controller): unknown
  cancel?(reason: unknown): unknown
}

interface Strategy {
  readonly highWaterMark?: number
  readonly size?: (chunk: unknown) => number
}

interface Controller {
  readonly desiredSize: number | null
  enqueue(chunk?: unknown): void
  close(): void
  error(reason?: unknown): void
}

type Result = { readonly done: boolean; readonly value: unknown }

interface Waiting {
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** What a stream and its reader share. */
interface State {
  status: 'readable' | 'closed' | 'errored'
  error: unknown
  reader: ReadableStreamDefaultReader | undefined
  isDisturbed: boolean
  read(): Promise<Result>
  cancel(reason: unknown): Promise<void>
}

let stateOf: (stream: ReadableStream) => State
let watch: (reader: ReadableStreamDefaultReader, state: State) => void

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
      new ReadableStream({
        start: (controller) => {
          controllers[at] = controller
        },
        pull,
        cancel: (reason) => {
          controllers[at] = undefined
          reasons[at] = reason
          return controllers.every((controller) => controller === undefined) ? reader.cancel(reasons) : undefined
        },
      }, { highWaterMark: 0 })
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
    const make = (items as AsyncIterable<unknown>)[Symbol.asyncIterator] ?? (items as Iterable<unknown>)[Symbol.iterator]
    const iterator = make.call(items as never) as AsyncIterator<unknown>
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await iterator.next()
        if (done === true) controller.close()
        else controller.enqueue(await value)
      },
      async cancel(reason) {
        await iterator.return?.(reason)
      },
    }, { highWaterMark: 0 })
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

  static {
    watch = (reader, state) => {
      const settle = reader.#settle
      if (state.status === 'readable' || settle === undefined) return
      reader.#settle = undefined
      if (state.status === 'closed') settle.resolve(undefined)
      else settle.reject(state.error)
    }
  }

  constructor(stream: ReadableStream) {
    const state = stateOf(stream)
    if (state.reader !== undefined) throw new TypeError('The stream is locked to a reader')
    this.#state = state
    this.#closed = new Promise((resolve, reject) => (this.#settle = { resolve, reject }))
    this.#closed.catch(() => undefined)
    state.reader = this
    watch(this, state)
  }

  get closed(): Promise<undefined> {
    return this.#closed
  }

  read(): Promise<Result> {
    return this.#state === undefined ? Promise.reject(new TypeError('The reader was released')) : this.#state.read()
  }

  cancel(reason?: unknown): Promise<void> {
    return this.#state === undefined ? Promise.reject(new TypeError('The reader was released')) : this.#state.cancel(reason)
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

  get [Symbol.toStringTag](): string {
    return 'ReadableStreamDefaultReader'
  }
}

const createState = (source: Source, { highWaterMark = 1, size = () => 1 }: Strategy): State => {
  const queue: { readonly chunk: unknown; readonly size: number }[] = []
  const waiting: Waiting[] = []
  let queued = 0
  let isClosing = false
  let isStarted = false
  let isPulling = false
  let mustPullAgain = false

  const finish = (status: 'closed' | 'errored', error?: unknown): void => {
    if (state.status !== 'readable') return
    state.status = status
    state.error = error
    queue.length = 0
    for (const { resolve, reject } of waiting.splice(0)) {
      if (status === 'closed') resolve({ done: true, value: undefined })
      else reject(error)
    }
    if (state.reader !== undefined) watch(state.reader, state)
  }

  const pull = (): void => {
    const isWanted = isStarted && state.status === 'readable' && !isClosing && (waiting.length > 0 || highWaterMark - queued > 0)
    if (!isWanted || source.pull === undefined) return
    if (isPulling) {
      mustPullAgain = true
      return
    }
    isPulling = true
    new Promise((resolve) => resolve(source.pull!(controller))).then(
      () => {
        isPulling = false
        if (mustPullAgain) {
          mustPullAgain = false
          pull()
        }
      },
      (error: unknown) => finish('errored', error),
    )
  }

  const controller: Controller = {
    get desiredSize() {
      return state.status === 'errored' ? null : state.status === 'closed' ? 0 : highWaterMark - queued
    },
    enqueue(chunk) {
      if (state.status !== 'readable' || isClosing) throw new TypeError('The stream takes no more chunks')
      const reader = waiting.shift()
      if (reader !== undefined) reader.resolve({ done: false, value: chunk })
      else {
        const entry = { chunk, size: Number(size(chunk)) }
        queue.push(entry)
        queued += entry.size
      }
      pull()
    },
    close() {
      if (state.status !== 'readable' || isClosing) throw new TypeError('The stream is closed already')
      isClosing = true
      if (queue.length === 0) finish('closed')
    },
    error: (reason) => finish('errored', reason),
  }

  const state: State = {
    status: 'readable',
    error: undefined,
    reader: undefined,
    isDisturbed: false,
    read() {
      state.isDisturbed = true
      const entry = queue.shift()
      if (entry !== undefined) {
        queued -= entry.size
        if (isClosing && queue.length === 0) finish('closed')
        else pull()
        return Promise.resolve({ done: false, value: entry.chunk })
      }
      if (state.status === 'closed') return Promise.resolve({ done: true, value: undefined })
      if (state.status === 'errored') return Promise.reject(state.error)
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        pull()
      })
    },
    async cancel(reason) {
      state.isDisturbed = true
      if (state.status === 'errored') throw state.error
      if (state.status === 'closed') return
      finish('closed')
      await source.cancel?.(reason)
    },
  }

  const started = source.start?.(controller)
  Promise.resolve(started).then(
    () => {
      isStarted = true
      pull()
    },
    (error: unknown) => finish('errored', error),
  )
  return state
}
