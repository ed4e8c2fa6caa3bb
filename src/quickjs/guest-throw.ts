import type { Ptr } from './abi.js'

/** A value the guest threw, still inside the isolate: the one exception after which an isolate may go on. */
export class GuestThrow extends Error {
  constructor(readonly value: Ptr) {
    super('guest exception')
  }
}
