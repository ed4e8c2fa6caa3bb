import { unknownHandle } from './failure.js'
import type { IoDetail, IoFailure } from './failure.js'
import type { Io } from './io.js'

/** `wasi:io/error` `error`. */
export class IoError {
  readonly #failure: IoFailure
  readonly #drop: () => void

  constructor(io: Io, failure: IoFailure) {
    this.#failure = failure
    this.#drop = io.own(() => {})
  }

  /** What a skin's `*-error-code` function says of it; `undefined` when it is none of that kind. */
  static codeOf(error: IoError, kind: IoDetail['kind']): unknown {
    if (!(#failure in error)) throw unknownHandle('error')
    const { detail } = error.#failure
    return detail?.kind === kind ? detail.code : undefined
  }

  toDebugString(): string {
    if (!(#failure in this)) throw unknownHandle('error')
    return this.#failure.message
  }

  [Symbol.dispose](): void {
    this.#drop()
  }
}
