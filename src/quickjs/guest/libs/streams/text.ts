import { TransformStream } from 'web-streams-polyfill'
import type { GuestCore } from '../../core.js'
import { toText } from '../webidl/convert.js'
import { expose } from '../webidl/interfaces.js'

const LEAD_AT_END = /[\ud800-\udbff]$/

/** Makes the streams that encode and decode text. */
export const createTextStreams = (core: GuestCore) => {
  const { TextEncoder, TextDecoder } = core.lib('encoding') as { readonly TextEncoder: typeof globalThis.TextEncoder; readonly TextDecoder: typeof globalThis.TextDecoder }

  /** @see https://encoding.spec.whatwg.org/#interface-textencoderstream */
  class TextEncoderStream {
    readonly #encoder = new TextEncoder()
    #lead = ''
    readonly #stream = new TransformStream<unknown, Uint8Array>({
      transform: (chunk, controller) => {
        const text = this.#lead + toText(chunk)
        this.#lead = LEAD_AT_END.exec(text)?.[0] ?? ''
        const bytes = this.#encoder.encode(this.#lead === '' ? text : text.slice(0, -1))
        if (bytes.length > 0) controller.enqueue(bytes)
      },
      flush: (controller) => {
        if (this.#lead !== '') controller.enqueue(new Uint8Array([0xef, 0xbf, 0xbd]))
      },
    })

    get encoding(): string {
      return this.#encoder.encoding
    }
    get readable() {
      return this.#stream.readable
    }
    get writable() {
      return this.#stream.writable
    }
  }
  expose(TextEncoderStream, { name: 'TextEncoderStream' })

  /** @see https://encoding.spec.whatwg.org/#interface-textdecoderstream */
  class TextDecoderStream {
    readonly #decoder: TextDecoder
    readonly #stream = new TransformStream<ArrayBuffer | ArrayBufferView, string>({
      transform: (chunk, controller) => {
        if (!(chunk instanceof ArrayBuffer) && !ArrayBuffer.isView(chunk)) throw new TypeError('TextDecoderStream: expected a buffer or a view of one')
        const text = this.#decoder.decode(chunk, { stream: true })
        if (text !== '') controller.enqueue(text)
      },
      flush: (controller) => {
        const text = this.#decoder.decode()
        if (text !== '') controller.enqueue(text)
      },
    })

    constructor(label: string = 'utf-8', options: TextDecoderOptions = {}) {
      this.#decoder = new TextDecoder(label, options)
    }

    get encoding(): string {
      return this.#decoder.encoding
    }
    get fatal(): boolean {
      return this.#decoder.fatal
    }
    get ignoreBOM(): boolean {
      return this.#decoder.ignoreBOM
    }
    get readable() {
      return this.#stream.readable
    }
    get writable() {
      return this.#stream.writable
    }
  }
  expose(TextDecoderStream, { name: 'TextDecoderStream' })

  return { TextEncoderStream, TextDecoderStream }
}
