import { unknownHandle } from './failure.js'
import type { Io } from './io.js'

/** `wasi:sockets/network` `network`. Holding it permits nothing: what may be reached is the `tcp` grant. */
export class Network {
  readonly #drop: () => void

  constructor(io: Io) {
    this.#drop = io.own(() => {})
  }

  static check(network: Network): void {
    if (!(#drop in network)) throw unknownHandle('network')
  }

  [Symbol.dispose](): void {
    this.#drop()
  }
}
