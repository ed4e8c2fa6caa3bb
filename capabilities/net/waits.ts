import { type RequestTimeouts, TransportError, type TransportFailure } from './transport.js'

/** Calls back after a while unless it is stopped; from the platform. */
export type StartTimer = (callback: () => void, milliseconds: number) => () => void

/** The waits of one request: when one is over, `signal` aborts and `failure` says which. */
export class Waits {
  readonly #controller = new AbortController()
  readonly #timeouts: RequestTimeouts
  readonly #startTimer: StartTimer
  readonly #outer: AbortSignal
  #stop: (() => void) | undefined
  #failure: TransportFailure | undefined
  #isHeadThere = false

  constructor(timeouts: RequestTimeouts | undefined, outer: AbortSignal, startTimer: StartTimer) {
    this.#timeouts = timeouts ?? {}
    this.#startTimer = startTimer
    this.#outer = outer
    outer.addEventListener('abort', this.#abort)
    if (outer.aborted) this.#abort()
    this.#begin(this.#timeouts.connectMs, 'connect-timeout')
  }

  /** For the platform; aborted by the request's own signal as well. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** `error`, or which wait was over when it came. */
  explain(error: unknown): unknown {
    return this.#failure === undefined ? error : new TransportError(this.#failure, { cause: error })
  }

  /** What comes of `pending`, unless a wait is over before: some platforms do not look at a signal while they connect. */
  async head<T>(pending: Promise<T>): Promise<T> {
    const { signal } = this
    let stop: () => void
    const late = new Promise<never>((_, reject) => {
      stop = () => reject(new TransportError('timeout'))
      signal.addEventListener('abort', stop, { once: true })
    })
    try {
      return await Promise.race([pending, late])
    } finally {
      signal.removeEventListener('abort', stop!)
    }
  }

  /** The connection stands. */
  connected(): void {
    this.#begin(this.#timeouts.firstByteMs, 'head-timeout')
  }

  /** The head is there; the first byte of the body is still waited for. */
  headArrived(): void {
    this.#isHeadThere = true
    if (this.#timeouts.firstByteMs === undefined) this.#rest()
  }

  /** A piece of the body is waited for. */
  async piece<T>(next: () => Promise<T>): Promise<T> {
    const { betweenBytesMs } = this.#timeouts
    if (this.#stop === undefined) this.#begin(betweenBytesMs, 'body-timeout')
    try {
      return await next()
    } finally {
      this.#rest()
    }
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#rest()
    this.#outer.removeEventListener('abort', this.#abort)
  }

  readonly #abort = (): void => {
    this.end()
    this.#controller.abort()
  }

  #begin(milliseconds: number | undefined, failure: TransportFailure): void {
    this.#rest()
    if (milliseconds === undefined || this.#controller.signal.aborted) return
    this.#stop = this.#startTimer(() => {
      this.#failure = this.#isHeadThere ? 'body-timeout' : failure
      this.#abort()
    }, milliseconds)
  }

  #rest(): void {
    this.#stop?.()
    this.#stop = undefined
  }
}
