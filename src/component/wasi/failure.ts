/**
 * A typed error of WASI: the generated glue gives the guest what a thrown value holds in its own field `payload`.
 * No `Error`: it is no failure of the host, carries no stack, and programs that probe for files meet it often.
 */
export class Failure<E = unknown> {
  constructor(readonly payload: E) {}
}

/** A failure of what is behind a stream, with what a skin's `*-error-code` function says of it. */
export class IoFailure extends Error {
  override readonly name = 'IoFailure'
  constructor(
    /** For people, in the guest's own names. */
    message: string,
    readonly detail?: IoDetail,
  ) {
    super(message)
  }
}

/** Whose error code it is, and the code as the glue takes it: `{ kind: 'filesystem', code: 'no-entry' }`. */
export interface IoDetail {
  readonly kind: 'filesystem' | 'http' | 'network'
  readonly code: unknown
}

/** What a method throws that is called with a handle the component does not hold: a trap, as the glue's own are. */
export function unknownHandle(type: string): WebAssembly.RuntimeError {
  return new WebAssembly.RuntimeError(`unknown handle: not a ${type} of this component, or dropped`)
}
