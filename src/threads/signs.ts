import { Fuel, type FuelOptions } from '../fuel.js'
import type { StopReason } from '../result.js'
import { Halt, type Stop } from '../stop.js'
import type { AnswerSlot } from './box.js'
import type { Outbox } from './outbox.js'

/** A halt that also sees the host's word in the shared memory; the reason that counts is the one the host has. */
export class SharedHalt extends Halt {
  readonly #slot: AnswerSlot

  constructor(slot: AnswerSlot) {
    super()
    this.#slot = slot
  }

  override get stop(): Stop | undefined {
    return super.stop ?? (this.#slot.stopped ? this.stopByHost() : undefined)
  }

  override check(): void {
    const { stop } = this
    if (stop !== undefined) throw stop
  }

  stopByHost(): Stop {
    return this.set('aborted' satisfies StopReason, 'The host stopped the call')
  }
}

/** Fuel that lets the host hear of a guest's acts while it spins. */
export class ReportingFuel extends Fuel {
  readonly #outbox: Outbox

  constructor(halt: Halt, outbox: Outbox, options: FuelOptions) {
    super(halt, options)
    this.#outbox = outbox
  }

  override refill(): number {
    this.#outbox.flush()
    return super.refill()
  }
}
