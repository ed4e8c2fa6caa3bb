import type { Limits } from '../limits.js'
import type { Halt } from '../stop.js'

/** What a crossing may always take. */
const LEAST_BYTES = 64 * 1024

export interface LiftingOptions {
  readonly halt: Halt
  readonly limits: Limits
}

/**
 * Bounds what one crossing out of a guest makes the host hold. A list whose million elements are the same million bytes
 * is small in the guest's memory, and would be a terabyte in the host's.
 */
export class Lifting {
  readonly #options: LiftingOptions
  readonly #most: number
  #bytes = 0

  constructor(options: LiftingOptions) {
    this.#options = options
    const { resultBytes, hostBytesOut, outputBytes } = options.limits
    this.#most = LEAST_BYTES + 2 * Math.max(resultBytes, hostBytesOut, outputBytes)
  }

  /** The next crossing begins. */
  begin(): void {
    this.#bytes = 0
  }

  /** Counts bytes before the host holds them. */
  take(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.#most) {
      this.#options.halt.raise('result-size', `The component passes more than ${this.#most} bytes to the host at once; pass less, or raise limits.resultBytes or limits.hostBytesOut`)
    }
  }

  /** A decoder that counts and takes well-formed text only, for the glue: a new one in each instance. */
  get TextDecoder(): new (encoding?: string) => { decode(bytes: Uint8Array): string } {
    const take = (bytes: number): void => this.take(bytes)
    const { halt } = this.#options
    return class {
      readonly #decoder: TextDecoder

      constructor(encoding = 'utf-8') {
        // The component model knows no byte order mark: it is a character like others.
        this.#decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
      }

      decode(bytes: Uint8Array): string {
        take(bytes.byteLength)
        try {
          return this.#decoder.decode(bytes)
        } catch {
          return halt.raise('trap', 'The component passed a text that is not well-formed')
        }
      }
    }
  }
}
