import type { Halt } from '../stop.js'
import { Thread, type ThreadOptions } from './thread.js'

export interface ThreadPoolOptions extends Omit<ThreadOptions, 'onGone'> {
  readonly maxThreads: number
}

interface Waiter {
  readonly take: (thread: Thread | undefined) => void
  readonly fail: (error: unknown) => void
}

/** Threads for guests, started as calls need them; calls that find none free wait in the order they came. */
export class ThreadPool {
  readonly #options: ThreadPoolOptions
  readonly #threads = new Set<Thread>()
  readonly #free: Thread[] = []
  readonly #waiters = new Set<Waiter>()
  readonly #ending = new Set<Promise<void>>()
  #starting = 0
  #ended = false

  constructor(options: ThreadPoolOptions) {
    this.#options = options
  }

  get threads(): number {
    return this.#threads.size
  }

  /** Threads that nobody uses. */
  get free(): number {
    return this.#free.length
  }

  /** A free thread, or `undefined` when the call was stopped before there was one. The caller gives it back. */
  lease(halt: Halt): Promise<Thread | undefined> | Thread | undefined {
    if (this.#ended || halt.stop !== undefined) return undefined
    const free = this.#free.pop()
    if (free !== undefined) return free
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { take: resolve, fail: reject }
      this.#waiters.add(waiter)
      halt.onStop(() => {
        if (this.#waiters.delete(waiter)) resolve(undefined)
      })
      this.#startForWaiters()
    })
  }

  giveBack(thread: Thread): void {
    if (!thread.isFree) return
    const waiter = this.#next()
    if (waiter === undefined) this.#free.push(thread)
    else waiter.take(thread)
  }

  /** Ends every thread, and with them what runs on them. */
  async end(): Promise<void> {
    this.#ended = true
    for (let waiter = this.#next(); waiter !== undefined; waiter = this.#next()) waiter.take(undefined)
    for (const thread of this.#threads) void thread.end()
    await Promise.all(this.#ending)
  }

  #startForWaiters(): void {
    while (!this.#ended && this.#starting < this.#waiters.size && this.#threads.size < this.#options.maxThreads) this.#start()
  }

  #start(): void {
    const thread = new Thread({ ...this.#options, onGone: (gone) => this.#forget(gone) })
    this.#threads.add(thread)
    this.#starting++
    thread.ready.then(
      () => {
        this.#starting--
        this.giveBack(thread)
      },
      (error: unknown) => {
        this.#starting--
        this.#next()?.fail(error)
        this.#startForWaiters()
      },
    )
  }

  #forget(thread: Thread): void {
    this.#threads.delete(thread)
    const place = this.#free.indexOf(thread)
    if (place >= 0) this.#free.splice(place, 1)
    const ending = thread.end()
    this.#ending.add(ending)
    void ending.finally(() => this.#ending.delete(ending))
    this.#startForWaiters()
  }

  #next(): Waiter | undefined {
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter)
      return waiter
    }
    return undefined
  }
}
