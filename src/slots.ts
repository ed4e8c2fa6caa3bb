import type { Fuel } from './fuel.js'
import type { Halt } from './stop.js'

/** How many calls may have an isolate at once; the others wait in the order they came. */
export class Slots {
  readonly #most: number
  #taken = 0
  readonly #waiting = new Set<() => void>()

  constructor(most: number) {
    this.#most = most
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** Waits for a slot until the call is stopped, by its deadline or its caller; returns the slot's release. */
  async take(halt: Halt, fuel: Fuel): Promise<() => void> {
    if (this.#taken < this.#most) this.#taken++
    else if (!(await this.#wait(halt, fuel))) return () => {}
    let held = true
    return () => {
      if (held) this.#release()
      held = false
    }
  }

  /** Whether the slot was handed over before the call was stopped. */
  async #wait(halt: Halt, fuel: Fuel): Promise<boolean> {
    const unwatch = fuel.watch()
    const granted = await new Promise<boolean>((resolve) => {
      const grant = (): void => resolve(true)
      this.#waiting.add(grant)
      halt.onStop(() => {
        if (this.#waiting.delete(grant)) resolve(false)
      })
    })
    unwatch()
    return granted
  }

  #release(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#taken--
      return
    }
    // The slot passes on as it is: nobody who came later can take it in between.
    this.#waiting.delete(next)
    next()
  }
}
