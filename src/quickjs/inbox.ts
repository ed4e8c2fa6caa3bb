import type { HostAnswer } from '../engine.js'
import type { Ptr } from './abi.js'

/** The two functions that settle a promise of the guest's. */
export interface Settlers {
  readonly resolve: Ptr
  readonly reject: Ptr
}

interface Arrived {
  readonly settlers: Settlers
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

  await(settlers: Settlers, answer: HostAnswer | Promise<HostAnswer>): void {
    if (!(answer instanceof Promise)) {
      this.#arrived.push({ settlers, answer })
      return
    }
    this.#inFlight++
    const arrive = (arrived: HostAnswer): void => {
      this.#inFlight--
      this.#arrived.push({ settlers, answer: arrived })
      this.#wake?.()
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
