interface Timer {
  readonly id: number
  readonly callback: () => void
  readonly repeat: number | undefined
  due: number
}

/**
 * Timers on the granted clock. They live inside the isolate: the host only learns when the next one is due.
 * `onCount` is told how many are alive whenever one is added.
 */
export const createTimers = (now: () => number, onCount: (count: number) => void) => {
  const alive = new Map<number, Timer>()
  let lastId = 0
  // A frozen clock never reaches a due time, so order needs a time of its own, moved on by each timer that runs.
  let elapsed = 0
  const current = (): number => {
    const time = now()
    return time > elapsed ? time : elapsed
  }

  const start = (callback: () => void, delayMs: number, repeat: boolean): number => {
    const delay = delayMs >= 1 && delayMs <= 2147483647 ? Math.trunc(delayMs) : 1
    const id = ++lastId
    alive.set(id, { id, callback, repeat: repeat ? delay : undefined, due: current() + delay })
    onCount(alive.size)
    return id
  }
  const stop = (id: unknown): void => {
    alive.delete(Number(id))
  }
  const next = (): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of alive.values()) if (first === undefined || timer.due < first.due) first = timer
    return first
  }
  const starter = (name: string, repeat: boolean) =>
    ({
      [name]: (callback: unknown, delay?: unknown, ...args: unknown[]): number => {
        if (typeof callback !== 'function') throw new TypeError(`${name}: expected a function, got ${typeof callback}`)
        return start(() => callback(...args), Number(delay), repeat)
      },
    })[name]!

  return {
    start,
    stop,
    due(): number {
      const timer = next()
      if (timer === undefined) return -1
      const wait = timer.due - current()
      return wait > 0 ? wait : 0
    },
    fire(force: number): void {
      const timer = next()
      if (timer === undefined || (force !== 1 && timer.due > current())) return
      if (timer.due > elapsed) elapsed = timer.due
      if (timer.repeat === undefined) alive.delete(timer.id)
      else timer.due = current() + timer.repeat
      timer.callback()
    },
    setTimeout: starter('setTimeout', false),
    setInterval: starter('setInterval', true),
    setImmediate: (callback: unknown, ...args: unknown[]): number => {
      if (typeof callback !== 'function') throw new TypeError(`setImmediate: expected a function, got ${typeof callback}`)
      return start(() => callback(...args), 0, false)
    },
    clearTimeout: stop,
    clearInterval: stop,
    clearImmediate: stop,
  }
}
