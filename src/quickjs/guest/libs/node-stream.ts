import Stream from 'readable-stream/lib/stream.js'
import type { GuestCore } from '../core.js'
import { consumers } from './node-stream/consumers.js'
import { addWeb } from './node-stream/web.js'

const WEB = [
  'ReadableStream', 'ReadableStreamDefaultReader', 'ReadableStreamBYOBReader', 'ReadableStreamBYOBRequest', 'ReadableByteStreamController', 'ReadableStreamDefaultController', 'TransformStream',
  'TransformStreamDefaultController', 'WritableStream', 'WritableStreamDefaultWriter', 'WritableStreamDefaultController', 'ByteLengthQueuingStrategy', 'CountQueuingStrategy', 'TextEncoderStream',
  'TextDecoderStream', 'CompressionStream', 'DecompressionStream',
]

/** Node's `stream`, as its keepers give it to other platforms. */
export default (_core: GuestCore) => {
  addWeb(Stream)
  // Bundling numbers names that are there twice.
  for (const name of ['Readable', 'Writable', 'Duplex', 'Transform', 'PassThrough']) Object.defineProperty(Stream[name], 'name', { value: name, configurable: true })
  Object.defineProperty(Stream, 'name', { value: 'Stream', configurable: true })
  const global = globalThis as Record<string, unknown>
  return {
    Stream,
    promises: Stream['promises'] as object,
    consumers,
    get web() {
      return Object.fromEntries(WEB.filter((name) => name in global).map((name) => [name, global[name]]))
    },
  }
}
