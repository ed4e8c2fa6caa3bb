import { stringify } from './builtins.js'
import type { WireMessage } from './message.js'
import { isPlain } from './plain.js'
import { Walk } from './walk.js'

export interface EncodeOptions {
  /**
   * Whose values these are. The guest's cross exactly. Of the host's, errors leave their stack behind, and a view of a
   * part of a buffer takes only that part along: the rest (Node's buffer pool) is not the guest's to see.
   * @default 'host'
   */
  readonly from?: 'host' | 'guest'
  /** Tells proxies without touching them; without it a proxy is read like an object. @default none */
  readonly isProxy?: ((value: object) => boolean) | undefined
  /** Levels of nesting. @default 1000 */
  readonly maxDepth?: number
  /** Refuses early what is clearly larger, counted roughly; the exact size is for the receiver to check. @default none */
  readonly maxBytes?: number
}

/**
 * Turns a value into a message for the other side. Objects give their own enumerable string-keyed properties (of any
 * class, with any prototype but those that hide state), Map, Set, Date, RegExp, errors, buffers and views what they
 * hold; identity and cycles are kept. No getter, trap or `toJSON` of the value's is run.
 * The blobs are views of live memory: copy them or hand them over before anything else runs.
 * @throws EncodeError
 * @example
 * decode(encode({ when: new Date(0), big: 1n }))
 */
export function encode(value: unknown, options: EncodeOptions = {}): WireMessage {
  if (value === undefined) return { text: ' [["u"]]', blobs: [] }
  if (isPlain(value, options.isProxy, options.maxBytes ?? Infinity)) return { text: stringify(value), blobs: [] }
  return new Walk(options).encode(value)
}
