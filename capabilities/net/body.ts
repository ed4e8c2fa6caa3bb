import { GuestVisibleError, type HostCall } from '../capability.js'
import type { NetBudget } from './budget.js'
import { fetchFailed, fromTransport } from './failure.js'
import { type Redaction, joinBytes } from './redact.js'
import { TransportError } from './transport.js'

/** Most bytes one read gives. */
const CHUNK_BYTES = 64 * 1024

/** What a body needs beside its bytes. */
export interface BodyOptions {
  readonly maxBytes: number
  readonly redaction: Redaction
  readonly budget: NetBudget
  readonly signal: AbortSignal
  /** Ends the exchange; called once, at the body's end, failure or close. */
  readonly onClose: () => void
}

/** A response body on its way to the guest: bounded, redacted, read by one reader at a time. */
export class Body {
  readonly #iterator: AsyncIterator<Uint8Array>
  readonly #options: BodyOptions
  #received = 0
  #pending: Uint8Array = new Uint8Array(0)
  #failure: unknown
  #state: 'open' | 'ended' | 'closed' = 'open'
  #isReading = false

  constructor(source: AsyncIterable<Uint8Array>, options: BodyOptions) {
    this.#iterator = source[Symbol.asyncIterator]()
    this.#options = options
  }

  /** Whether the body was read to its end and closed. */
  get isDone(): boolean {
    return this.#state === 'closed' && this.#pending.length === 0 && this.#failure === undefined
  }

  /** Whether nothing can be read any more, for whatever reason. */
  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** The next bytes, or null at the end. */
  async read(call: HostCall): Promise<Uint8Array | null> {
    return this.#exclusive(async () => {
      while (this.#pending.length === 0 && this.#state === 'open') await this.#fill(call)
      return this.#take(CHUNK_BYTES)
    })
  }

  /** All that is left. */
  async readAll(call: HostCall): Promise<Uint8Array> {
    return this.#exclusive(async () => {
      const parts: Uint8Array[] = []
      for (;;) {
        if (this.#pending.length > 0) parts.push(this.#take(this.#pending.length)!)
        else if (this.#state === 'open') await this.#fill(call)
        else break
      }
      this.#take(0)
      return joinBytes(parts)
    })
  }

  /** Reads ahead up to `bytes`; a failure waits for the next read, as the head of the response is good. */
  async prefetch(call: HostCall, bytes: number): Promise<Uint8Array> {
    return this.#exclusive(async () => {
      try {
        while (this.#pending.length < bytes && this.#state === 'open') await this.#fill(call)
      } catch (error) {
        if (this.#failure !== error || !(error instanceof GuestVisibleError)) throw error
        return new Uint8Array(0)
      }
      const first = this.#take(bytes) ?? new Uint8Array(0)
      if (this.#state === 'ended' && this.#pending.length === 0) this.close()
      return first
    })
  }

  /** Gives up the rest. Idempotent. */
  close(): void {
    if (this.#state === 'closed') return
    const wasOpen = this.#state === 'open'
    this.#state = 'closed'
    if (wasOpen) Promise.resolve(this.#iterator.return?.()).catch(() => undefined)
    this.#options.onClose()
  }

  #take(bytes: number): Uint8Array | null {
    if (this.#pending.length === 0) {
      if (this.#failure !== undefined) throw this.#failure
      if (this.#state === 'ended') this.close()
      return null
    }
    // A copy: a slice of a platform's pooled buffer would bring its neighbours along.
    const taken = new Uint8Array(this.#pending.subarray(0, bytes))
    this.#pending = this.#pending.subarray(bytes)
    return taken
  }

  async #fill(call: HostCall): Promise<void> {
    const { redaction, signal, budget, maxBytes } = this.#options
    try {
      const next = await fromTransport(
        () => this.#iterator.next(),
        signal,
        () => undefined,
      )
      if (next.done === true) {
        this.#append(redaction.end())
        if (this.#state === 'open') this.#state = 'ended'
        return
      }
      this.#received += next.value.length
      if (this.#received > maxBytes) throw fetchFailed('too-large')
      budget.in(call, next.value.length)
      this.#append(redaction.push(next.value))
    } catch (error) {
      this.#failure = error instanceof TransportError ? fetchFailed(error.failure) : error
      this.#pending = new Uint8Array(0)
      this.close()
      throw this.#failure
    }
  }

  #append(bytes: Uint8Array): void {
    this.#pending = joinBytes([this.#pending, bytes])
  }

  async #exclusive<T>(read: () => Promise<T>): Promise<T> {
    if (this.#isReading) throw new GuestVisibleError('TypeError', 'body-busy', 'The body is being read already')
    this.#isReading = true
    try {
      return await read()
    } finally {
      this.#isReading = false
    }
  }
}
