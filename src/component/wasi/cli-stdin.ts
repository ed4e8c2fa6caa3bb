import type { ComponentPort } from '../port.js'
import type { Source } from './streams-input.js'

/** Makes sources that take turns at one input: what one has read is gone for the others. */
export function stdinSource(port: ComponentPort): () => Source {
  const { stdin } = port.grants
  let input: Source | undefined
  return () => {
    const shared = (input ??= stdin instanceof Uint8Array ? bytesSource(stdin) : new StreamSource(port, stdin))
    return {
      ready: () => shared.ready(),
      wait: (signal) => shared.wait(signal),
      read: (length) => shared.read(length),
      close: () => {},
    }
  }
}

function bytesSource(bytes: Uint8Array): Source {
  let at = 0
  return {
    ready: () => true,
    wait: () => Promise.resolve(),
    read: (length) => (at < bytes.length ? bytes.subarray(at, (at = Math.min(at + length, bytes.length))) : undefined),
    close: () => {},
  }
}

const NOTHING = new Uint8Array(0)

/** Reads the embedder's stream when the guest asks for more, each piece a host call of its own. */
class StreamSource implements Source {
  readonly #port: ComponentPort
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  #piece: Uint8Array = NOTHING
  #ended = false
  #pending: Promise<void> | undefined

  constructor(port: ComponentPort, stream: ReadableStream<Uint8Array>) {
    this.#port = port
    this.#reader = stream.getReader()
    port.onSettle(() => {
      // Whatever cancelling brings is the embedder's: the call is over.
      this.#reader.cancel().catch(() => {})
    })
  }

  ready(): boolean {
    return this.#ended || this.#piece.length > 0
  }

  wait(): Promise<void> {
    return this.#pull()
  }

  read(length: number): Uint8Array | undefined {
    const bytes = this.#piece.subarray(0, length)
    this.#piece = this.#piece.subarray(bytes.length)
    if (bytes.length > 0) return bytes
    if (this.#ended) return undefined
    if (this.#port.canSuspend) void this.#pull()
    return NOTHING
  }

  close(): void {}

  #pull(): Promise<void> {
    return (this.#pending ??= this.#next().finally(() => (this.#pending = undefined)))
  }

  async #next(): Promise<void> {
    try {
      while (!this.ready()) {
        const piece = await this.#port.performAsync('stdio.read', async (call) => {
          call.target = 'stdin'
          const { value } = await this.#reader.read()
          if (value !== undefined) call.spend('in', value.length)
          return value
        })
        if (piece === undefined) this.#ended = true
        else this.#piece = piece
      }
    } catch {
      // A stream that fails ends: why is the embedder's to know. A call that was stopped meanwhile says so itself.
      this.#ended = true
    }
  }
}
