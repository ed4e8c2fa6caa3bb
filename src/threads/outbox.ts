import type { Act, End, FromThread, Question } from './protocol.js'

export interface OutboxOptions {
  readonly post: (message: FromThread) => void
  /** Fuel used so far. */
  readonly fuel: () => number
  /** Calls back once the work at hand is done. */
  readonly defer: (callback: () => void) => void
}

/** What one call's guest did and the host has not heard: sent at the latest when the guest waits, asks or ends. */
export class Outbox {
  readonly #options: OutboxOptions
  #acts: Act[] = []
  #scheduled = false
  #ended = false

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** Fuel used so far. */
  get fuel(): number {
    return this.#options.fuel()
  }

  add(act: Act): void {
    this.#acts.push(act)
    if (this.#scheduled) return
    this.#scheduled = true
    this.#options.defer(() => {
      this.#scheduled = false
      this.flush()
    })
  }

  flush(): void {
    if (this.#acts.length > 0 && !this.#ended) this.#send({})
  }

  ask(question: Question): void {
    this.#send({ question })
  }

  end(end: End): void {
    this.#send({ end })
    this.#ended = true
  }

  #send(more: { readonly question?: Question; readonly end?: End }): void {
    const acts = this.#acts
    this.#acts = []
    this.#options.post({ type: 'report', acts, fuel: this.fuel, ...more })
  }
}
