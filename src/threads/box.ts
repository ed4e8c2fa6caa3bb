/** Places of the words at the head of the shared memory. */
const STATE = 0
const LENGTH = 1
const STOPPED = 2
const HEAD_BYTES = 12

/** States of the answer in it. */
const AWAITED = 0
const THERE = 1
/** The answer is larger than the box; `LENGTH` says how large. */
const TOO_LARGE = 2
const NEVER = 3

const BOX_BYTES = 64 * 1024

/**
 * The host's end of the memory that it shares with one thread: answers for a thread that sleeps until they are there,
 * and the word that its call is stopped, which reaches a guest that lets no message in.
 */
export class AnswerBox {
  readonly shared = new SharedArrayBuffer(BOX_BYTES)
  readonly #head = new Int32Array(this.shared, 0, HEAD_BYTES / 4)
  readonly #body = new Uint8Array(this.shared, HEAD_BYTES)
  #kept: Uint8Array | undefined

  /** Makes it ready for the next call. */
  clear(): void {
    this.#kept = undefined
    Atomics.store(this.#head, STATE, AWAITED)
    Atomics.store(this.#head, STOPPED, 0)
  }

  put(bytes: Uint8Array): void {
    Atomics.store(this.#head, LENGTH, bytes.byteLength)
    if (bytes.byteLength > this.#body.byteLength) {
      this.#kept = bytes
      this.#settle(TOO_LARGE)
    } else {
      this.#body.set(bytes)
      this.#settle(THERE)
    }
  }

  /** Puts the answer that was too large into memory that the thread made for it. */
  putAgain(into: SharedArrayBuffer): void {
    const bytes = this.#kept
    this.#kept = undefined
    if (bytes === undefined || bytes.byteLength !== into.byteLength) throw new RangeError('the thread asked for an answer that there is not')
    new Uint8Array(into).set(bytes)
    this.#settle(THERE)
  }

  /** Tells the thread, awake or asleep, that its call is over. */
  stop(): void {
    Atomics.store(this.#head, STOPPED, 1)
    this.#settle(NEVER)
  }

  #settle(state: number): void {
    Atomics.compareExchange(this.#head, STATE, AWAITED, state)
    Atomics.notify(this.#head, STATE)
  }
}

/** The thread's end of the same memory. */
export class AnswerSlot {
  readonly #head: Int32Array
  readonly #body: Uint8Array

  constructor(shared: SharedArrayBuffer) {
    this.#head = new Int32Array(shared, 0, HEAD_BYTES / 4)
    this.#body = new Uint8Array(shared, HEAD_BYTES)
  }

  get stopped(): boolean {
    return Atomics.load(this.#head, STOPPED) !== 0
  }

  /** Asks and sleeps until the answer is there; `undefined` when the call was stopped instead. */
  take(ask: () => void, again: (into: SharedArrayBuffer) => void): Uint8Array | undefined {
    const state = this.#ask(ask)
    const length = Atomics.load(this.#head, LENGTH)
    // Copied out: text decoders of browsers refuse shared memory.
    if (state === THERE) return this.#body.slice(0, length)
    if (state !== TOO_LARGE) return undefined
    const into = new SharedArrayBuffer(length)
    return this.#ask(() => again(into)) === THERE ? new Uint8Array(into).slice() : undefined
  }

  #ask(ask: () => void): number {
    Atomics.store(this.#head, STATE, AWAITED)
    // Whoever stops sets the word first and the state second, so one of the two is seen.
    if (this.stopped) return NEVER
    ask()
    Atomics.wait(this.#head, STATE, AWAITED)
    return Atomics.load(this.#head, STATE)
  }
}
