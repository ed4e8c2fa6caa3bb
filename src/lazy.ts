/** Something started when it is first needed, and kept. What failed is started anew the next time it is asked for. */
export class Lazy<T> {
  readonly #start: () => Promise<T>
  #starting: Promise<T> | undefined
  #value: T | undefined

  constructor(start: () => Promise<T>) {
    this.#start = start
  }

  /** What there is by now. */
  get value(): T | undefined {
    return this.#value
  }

  get(): Promise<T> {
    if (this.#starting !== undefined) return this.#starting
    const starting = this.#start()
    this.#starting = starting
    starting.then(
      (value) => {
        this.#value = value
      },
      () => {
        this.#starting = undefined
      },
    )
    return starting
  }

  /** What there is once a start under way has ended, or `undefined`. */
  async settled(): Promise<T | undefined> {
    await this.#starting?.catch(() => {})
    return this.#value
  }
}
