import type { EngineExports, Ptr } from './abi.js'

export interface Rejection {
  readonly promise: Ptr
  readonly reason: Ptr
}

/** Rejected promises that nothing handles yet; it owns the values it is told of. */
export class Rejections {
  readonly #exports: EngineExports
  /** By the promise's identity, which cannot be another's while its value is held here. */
  readonly #unhandled = new Map<number, Rejection>()

  constructor(exports: EngineExports) {
    this.#exports = exports
  }

  note(rejection: Rejection, handled: boolean): void {
    const identity = this.#exports.qjs_get_value_ptr(rejection.promise)
    if (!handled) {
      this.#unhandled.set(identity, rejection)
      return
    }
    const known = this.#unhandled.get(identity)
    this.#unhandled.delete(identity)
    for (const { promise, reason } of known === undefined ? [rejection] : [rejection, known]) {
      this.#exports.qjs_free_value(promise)
      this.#exports.qjs_free_value(reason)
    }
  }

  /** The reason of the oldest. */
  first(): Ptr | undefined {
    for (const { reason } of this.#unhandled.values()) return reason
    return undefined
  }
}
