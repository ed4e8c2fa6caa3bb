import type { HostAnswer } from '../engine.js'

interface Arrived {
  readonly id: number
  readonly answer: HostAnswer
}

/** Answers of asynchronous host calls on their way to a guest, and what wakes it. */
export class Inbox {
  readonly #arrived: Arrived[] = []
  #inFlight = 0
  #wake: (() => void) | undefined

  /** Host calls whose answer has not come. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Whether an answer has arrived that the guest does not have yet. */
  get hasAnswers(): boolean {
    return this.#arrived.length > 0
  }

  await(id: number, answer: Promise<HostAnswer>): void {
    this.#inFlight++
    const arrive = (arrived: HostAnswer): void => {
      this.#inFlight--
      this.#arrived.push({ id, answer: arrived })
      this.wake()
    }
    answer.then(arrive, () => arrive({ ok: false, error: { name: 'Error', code: 'host-failure', message: 'host failure' } }))
  }

  /** The oldest answer the guest does not have yet. */
  take(): Arrived | undefined {
    return this.#arrived.shift()
  }

  /** Resolves at the next `wake()`: an answer, a timer, the end of the call. */
  whenWoken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  wake(): void {
    this.#wake?.()
  }
}
