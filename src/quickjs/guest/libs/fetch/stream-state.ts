export interface Source {
  start?(controller: Controller): unknown
  pull?(controller: Controller): unknown
  cancel?(reason: unknown): unknown
}

export interface Strategy {
  readonly highWaterMark?: number
  readonly size?: (chunk: unknown) => number
}

export interface Controller {
  readonly desiredSize: number | null
  enqueue(chunk?: unknown): void
  close(): void
  error(reason?: unknown): void
}

export type Result = { readonly done: boolean; readonly value: unknown }

interface Waiting {
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** What a stream and its reader share. */
export interface State {
  status: 'readable' | 'closed' | 'errored'
  error: unknown
  /** The reader that holds the lock, told when the stream ends. */
  reader: { onEnd(): void } | undefined
  isDisturbed: boolean
  read(): Promise<Result>
  cancel(reason: unknown): Promise<void>
}

/** A queue between a source and a reader, and what each may do with it. */
export const createState = (source: Source, { highWaterMark = 1, size = () => 1 }: Strategy): State => {
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
    state.reader?.onEnd()
  }

  const pull = (): void => {
    const isWanted =
      isStarted && state.status === 'readable' && !isClosing && (waiting.length > 0 || highWaterMark - queued > 0)
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
