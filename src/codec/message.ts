/**
 * A value on its way between the two sides.
 * `text` is JSON. Without a leading space it is the value itself; with one it is `[slot, node, node, ...]` (`nodes.ts`).
 * `blobs` are the bytes of the ArrayBuffers the text refers to by index.
 */
export interface WireMessage {
  readonly text: string
  readonly blobs: readonly Uint8Array[]
}

/** Levels of nesting a message may have on either side, unless an option says otherwise. */
export const MAX_DEPTH = 1000

/** A value that does not cross: a function, a proxy, an accessor, too deep, too large. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError'
  constructor(
    /** `refused`: this kind of value never crosses. `depth`, `size`: it would, were there less of it. */
    readonly reason: 'refused' | 'depth' | 'size',
    /** Where it is: `$.items[3].onClick`. */
    readonly path: string,
    /** What is there: `a function`. */
    readonly what: string,
    options?: { readonly cause?: unknown },
  ) {
    super('Cannot carry ' + path + ': ' + what, options)
  }
}

/** A message no encoder of ours makes. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
}

/** @throws DecodeError */
export function malformed(what: string): never {
  throw new DecodeError('Malformed message: ' + what)
}
