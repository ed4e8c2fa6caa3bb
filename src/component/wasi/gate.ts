/** Where those wait who need something to change; whoever changes it wakes them all. */
export class Gate {
  readonly #waiting = new Set<() => void>()

  /** Until the next `wake`, or until `signal` is aborted. */
  wait(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        this.#waiting.delete(go)
        signal?.removeEventListener('abort', go)
        resolve()
      }
      if (signal?.aborted === true) return resolve()
      this.#waiting.add(go)
      signal?.addEventListener('abort', go)
    })
  }

  wake(): void {
    for (const go of [...this.#waiting]) go()
  }
}
