import { unknownHandle } from './failure.js'
import type { Io, Waitable } from './io.js'

const NOT_HELD = 'The component used a pollable it does not hold'

/** `wasi:io/poll` `pollable`. It outlives what it was made from: that being gone counts as ready. */
export class Pollable {
  readonly #io: Io
  readonly #waitable: Waitable
  readonly #drop: () => void

  /** `close` runs once when it is dropped. */
  constructor(io: Io, waitable: Waitable, close: () => void = () => {}) {
    this.#io = io
    this.#waitable = waitable
    this.#drop = io.own(close)
  }

  static is(value: unknown): value is Pollable {
    return typeof value === 'object' && value !== null && #waitable in value
  }

  static waitableOf(pollable: Pollable): Waitable {
    if (!(#waitable in pollable)) throw unknownHandle('pollable')
    return pollable.#waitable
  }

  ready(): boolean {
    return Pollable.waitableOf(this).ready()
  }

  block(): void | Promise<void> {
    const waitable = Pollable.waitableOf(this)
    return this.#io.until([waitable], () => {})
  }

  [Symbol.dispose](): void {
    this.#drop()
  }
}

/**
 * The class as the glue sees it: it makes an object of this prototype of every handle that is none, and what is called
 * on one stops the call at once. The glue loses an error thrown by `block` where it suspends the guest.
 */
export function createPollableClass(io: Io): object {
  return class {
    static [Symbol.hasInstance](value: unknown): boolean {
      return Pollable.is(value)
    }

    ready(): never {
      return io.trap(NOT_HELD)
    }

    block(): never {
      return io.trap(NOT_HELD)
    }
  }
}

/** `wasi:io/poll` `poll`: the indices of those that are ready, once one is. */
export function createPoll(io: Io): (pollables: readonly Pollable[]) => Uint32Array | Promise<Uint32Array> {
  const { limits, halt } = io.port
  return (pollables) => {
    if (pollables.length === 0) io.trap('The component polled an empty list')
    if (pollables.length > limits.resources) {
      halt.raise('resources', `The component polled ${pollables.length} pollables at once; raise limits.resources`)
    }
    if (!pollables.every((pollable) => Pollable.is(pollable))) io.trap(NOT_HELD)
    const waitables = pollables.map((pollable) => Pollable.waitableOf(pollable))
    return io.until(waitables, () => Uint32Array.from(readyOnes(waitables)))
  }
}

function* readyOnes(waitables: readonly Waitable[]): Iterable<number> {
  for (const [index, waitable] of waitables.entries()) if (waitable.ready()) yield index
}
