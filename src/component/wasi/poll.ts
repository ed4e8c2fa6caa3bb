import { unknownHandle } from './failure.js'
import type { Io, Waitable } from './io.js'

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

/** `wasi:io/poll` `poll`: the indices of those that are ready, once one is. */
export function createPoll(io: Io): (pollables: readonly Pollable[]) => Uint32Array | Promise<Uint32Array> {
  const { limits, halt } = io.port
  return (pollables) => {
    if (pollables.length === 0) io.trap('The component polled an empty list')
    if (pollables.length > limits.resources) {
      halt.raise('resources', `The component polled ${pollables.length} pollables at once; raise limits.resources`)
    }
    const waitables = pollables.map((pollable) => Pollable.waitableOf(pollable))
    return io.until(waitables, () => Uint32Array.from(readyOnes(waitables)))
  }
}

function* readyOnes(waitables: readonly Waitable[]): Iterable<number> {
  for (const [index, waitable] of waitables.entries()) if (waitable.ready()) yield index
}
