import { isArray, parse } from './builtins.js'
import { DecodeError, MAX_DEPTH, type WireMessage } from './message.js'
import { checkNesting } from './nesting.js'
import { Revival } from './revive.js'

export interface DecodeOptions {
  /** Levels of nesting; `Infinity` where the sender is trusted, which spares a look at the text. @default 1000 */
  readonly maxDepth?: number
}

/**
 * Turns a message back into a value of this side's own kinds. The message may be hostile: everything is checked, nothing
 * is made that is larger than the message that asked for it, and a `__proto__` key becomes an own property.
 * The blobs become the value's ArrayBuffers: they are the value's from here on.
 * @throws DecodeError
 */
export function decode(message: WireMessage, options: DecodeOptions = {}): unknown {
  const { text, blobs } = message
  const maxDepth = options.maxDepth ?? MAX_DEPTH
  if (typeof text !== 'string') throw new DecodeError('Malformed message: its text is no string')
  const tagged = text[0] === ' '
  if (!tagged) checkNesting(text, maxDepth)
  let json: unknown
  try {
    json = parse(text)
  } catch {
    throw new DecodeError('Malformed message: its text is no JSON')
  }
  if (tagged) return new Revival(json, blobs, maxDepth).value()
  if (!isArray(blobs) || blobs.length !== 0) throw new DecodeError('Malformed message: blobs beside plain text')
  return json
}
