import type { EngineExports, Ptr } from './abi.js'

export interface Rejection {
  readonly promise: Ptr
  readonly reason: Ptr
}

/** Rejected promises that nothing handles yet; it owns the values it is told of. */
export class Rejections {
  /** By the promise's identity, which cannot be another's while its value is held here. */
  readonly #unhandled = new Map<number, Rejection>()

  note(exports: EngineExports, rejection: Rejection, handled: boolean): void {
    const identity = exports.qjs_get_value_ptr(rejection.promise)
    if (!handled) {
      this.#unhandled.set(identity, rejection)
      return
    }
    const known = this.#unhandled.get(identity)
    this.#unhandled.delete(identity)
    for (const { promise, reason } of known === undefined ? [rejection] : [rejection, known]) {
      exports.qjs_free_value(promise)
      exports.qjs_free_value(reason)
    }
  }

  /** The reason of the oldest. */
  first(): Ptr | undefined {
    for (const { reason } of this.#unhandled.values()) return reason
    return undefined
  }
}
