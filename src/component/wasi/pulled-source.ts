import type { HostCall } from '../../../capabilities/capability.js'
import type { ComponentPort } from '../port.js'
import { ByteQueue } from './byte-queue.js'
import type { IoFailure } from './failure.js'
import { Gate } from './gate.js'

/** Bytes on their way in, as the host reads them. */
export interface Reader {
  /** Whether there is nothing to read. @default false */
  readonly isEmpty?: boolean
  /** The next bytes, or null at the end. Counts them. */
  read(call: HostCall): Promise<Uint8Array | null>
  /** Gives up the rest. Idempotent. */
  close(): void
}

/** How a reader is read. */
export interface Reading {
  /** What the ledger shows. */
  readonly operation: string
  readonly target: string
  /** What the guest is told when reading fails. */
  readonly explain: (error: unknown) => IoFailure
}

/** Bytes read ahead of the guest. */
const AHEAD_BYTES = 64 * 1024

/**
 * Bytes that come in as the guest reads them, and little further. All of it is one host call, begun when the guest
 * first looks for bytes.
 */
export class PulledSource {
  readonly #port: ComponentPort
  readonly #reader: Reader
  readonly #reading: Reading
  readonly #gate = new Gate()
  readonly #queue = new ByteQueue()
  /** `skipping` reads on to the end for what comes after it. */
  #state: 'idle' | 'reading' | 'skipping' | 'ended' | 'closed' = 'idle'
  #failure: { readonly error: unknown } | undefined

  constructor(port: ComponentPort, reader: Reader, reading: Reading) {
    this.#port = port
    this.#reader = reader
    this.#reading = reading
    if (reader.isEmpty === true) this.#state = 'ended'
  }

  get failure(): { readonly error: unknown } | undefined {
    return this.#failure
  }

  /** Whether nothing more comes: the end, a failure or closed. */
  get isOver(): boolean {
    return this.#state === 'ended' || this.#state === 'closed'
  }

  ready(): boolean {
    this.#start()
    return this.#queue.length > 0 || this.isOver
  }

  async wait(signal: AbortSignal): Promise<void> {
    while (!this.ready() && !signal.aborted) await this.#gate.wait(signal)
  }

  read(length: number): Uint8Array | undefined {
    this.#start()
    const taken = this.#queue.take(length)
    if (taken !== undefined) {
      this.#gate.wake()
      return taken
    }
    if (this.#failure !== undefined) throw this.#reading.explain(this.#failure.error)
    return this.isOver ? undefined : new Uint8Array(0)
  }

  /** The stream over it is gone; what is left may still be skipped. */
  close(): void {
    this.#queue.clear()
    this.#gate.wake()
  }

  /** Reads on to the end without keeping anything, for the trailers. */
  drain(): void {
    this.#queue.clear()
    if (this.#state === 'idle') this.#start()
    if (this.#state === 'reading') this.#state = 'skipping'
    this.#gate.wake()
  }

  /** Gives up the rest. */
  end(): void {
    if (!this.isOver) this.#state = 'closed'
    this.#queue.clear()
    this.#reader.close()
    this.#gate.wake()
  }

  /** Until there is nothing more to come. */
  async over(signal: AbortSignal): Promise<void> {
    while (!this.isOver && !signal.aborted) await this.#gate.wait(signal)
  }

  #start(): void {
    if (this.#state !== 'idle') return
    this.#state = 'reading'
    this.#port.performAsync(this.#reading.operation, (call) => this.#pump(call)).catch((error: unknown) => {
      if (this.isOver) return
      this.#failure = { error }
      this.#state = 'ended'
      this.#reader.close()
      this.#gate.wake()
    })
  }

  async #pump(call: HostCall): Promise<void> {
    call.target = this.#reading.target
    while (!this.isOver) {
      if (this.#queue.length >= AHEAD_BYTES) {
        await this.#gate.wait(call.signal)
        if (call.signal.aborted) return
        continue
      }
      let chunk: Uint8Array | null
      try {
        chunk = await this.#reader.read(call)
      } catch (error) {
        // The guest gave it up meanwhile: that the rest did not come is no failure.
        if (this.isOver) return
        throw error
      }
      if (this.isOver) return
      if (chunk === null) {
        this.#state = 'ended'
      } else if (this.#state === 'reading' && chunk.length > 0) {
        this.#queue.push(chunk)
      }
      this.#gate.wake()
    }
  }
}
