import { failed } from './sockets-error.js'

const SECOND = 1_000_000_000n

/** Longest idle time a platform's option takes, in nanoseconds. */
const MOST_IDLE = 32_767n * SECOND

const MOST_HOPS = 255

/**
 * Options of a socket. What the platform cannot be told keeps the value it has: the interfaces allow values to be
 * clamped, where they do not the change is refused.
 */
export class SocketOptions {
  keepAlive = false
  readonly interval = 75n * SECOND
  readonly count = 9
  readonly hopLimit = 64
  readonly bufferSize = 65_536n
  #idleTime = 7_200n * SECOND

  get idleTime(): bigint {
    return this.#idleTime
  }

  /** Kept in whole seconds, as platforms do. */
  setIdleTime(value: bigint): void {
    checkAbove(value)
    const seconds = (value + SECOND - 1n) / SECOND
    this.#idleTime = seconds * SECOND > MOST_IDLE ? MOST_IDLE : seconds * SECOND
  }

  setInterval(value: bigint): void {
    checkAbove(value)
  }

  setCount(value: number): void {
    checkAbove(BigInt(value))
  }

  setHopLimit(value: number): void {
    checkAbove(BigInt(value))
    if (value > MOST_HOPS) throw failed('invalid-argument')
    if (value !== this.hopLimit) throw failed('not-supported')
  }

  setBufferSize(value: bigint): void {
    checkAbove(value)
  }
}

function checkAbove(value: bigint): void {
  if (value === 0n) throw failed('invalid-argument')
}
