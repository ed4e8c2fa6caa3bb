import type { DirSession } from './dir.js'
import type { Lower, Volume } from './volume.js'

/** A volume as one run sees it: with the run's clock, and the lower directory the run opened. */
export interface MemSession extends DirSession {
  readonly volume: Volume
  readonly lower?: Lower
  /** Called when the run's last descriptor of the volume closes. */
  readonly leases?: Leases
}

/** Counts open descriptors, so that what they all need is closed after the last of them. */
export class Leases {
  #count = 0
  readonly #onNone: () => void

  constructor(onNone: () => void) {
    this.#onNone = onNone
  }

  take(): void {
    this.#count++
  }

  drop(): void {
    if (--this.#count === 0) this.#onNone()
  }
}
