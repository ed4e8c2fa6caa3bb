import type { GuestCore } from '../core.js'
import type { Flow } from './flate.js'
import type { Format } from './flate/decompressor.js'

const FORMATS: readonly string[] = ['deflate', 'deflate-raw', 'gzip']

interface Pair {
  readonly readable: object
  readonly writable: object
}

interface Controller {
  enqueue(piece: Uint8Array): void
}

/** `CompressionStream` and `DecompressionStream` of the Compression Streams Standard. */
export default (core: GuestCore) => {
  const { TransformStream } = core.lib('streams') as unknown as { readonly TransformStream: new (transformer: object) => Pair }
  const flate = core.lib('flate') as unknown as { compressor(format: Format): Flow; decompressor(format: Format): Flow }

  const toPair = (flow: Flow): Pair =>
    new TransformStream({
      transform(chunk: unknown, controller: Controller): void {
        for (const piece of flow.push(toBytes(chunk))) controller.enqueue(piece)
      },
      flush(controller: Controller): void {
        for (const piece of flow.end()) controller.enqueue(piece)
      },
    })

  class CompressionStream {
    readonly #pair: Pair

    constructor(format: unknown) {
      this.#pair = toPair(flate.compressor(toFormat(arguments.length, format, 'CompressionStream')))
    }

    get readable(): object {
      return this.#pair.readable
    }

    get writable(): object {
      return this.#pair.writable
    }
  }

  class DecompressionStream {
    readonly #pair: Pair

    constructor(format: unknown) {
      this.#pair = toPair(flate.decompressor(toFormat(arguments.length, format, 'DecompressionStream')))
    }

    get readable(): object {
      return this.#pair.readable
    }

    get writable(): object {
      return this.#pair.writable
    }
  }

  for (const Class of [CompressionStream, DecompressionStream]) {
    for (const key of ['readable', 'writable']) Object.defineProperty(Class.prototype, key, { enumerable: true })
    Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true })
  }
  return { CompressionStream, DecompressionStream }
}

function toFormat(given: number, value: unknown, name: string): Format {
  if (given === 0) throw new TypeError(`${name}: expected a format; use ${FORMATS.join(', ')}`)
  const format = String(value)
  if (!FORMATS.includes(format)) throw new TypeError(`${name}: "${format}" is no format; use ${FORMATS.join(', ')}`)
  return format as Format
}

function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk)
  if (ArrayBuffer.isView(chunk) && chunk.buffer instanceof ArrayBuffer) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  throw new TypeError('A piece to be compressed or decompressed must be an ArrayBuffer or a view of one')
}
