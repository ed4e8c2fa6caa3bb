import type { Limits } from './limits.js'
import type { ConsoleLine } from './result.js'
import type { Halt } from './stop.js'

const LEVELS: ReadonlySet<string> = new Set<ConsoleLine['level']>(['log', 'info', 'warn', 'error', 'debug', 'trace'])
const TO_STDERR: ReadonlySet<string> = new Set<ConsoleLine['level']>(['warn', 'error', 'trace'])

export interface OutputOptions {
  readonly limits: Limits
  readonly halt: Halt
  readonly onLine: (line: ConsoleLine) => void
}

/** What a guest wrote, in order and bounded; it never reaches the host's own terminal. */
export class Output {
  readonly lines: ConsoleLine[] = []
  #stdout = ''
  #stderr = ''
  #bytes = 0
  readonly #options: OutputOptions
  /** Of bytes that came without their last character's end, by stream; made when bytes come. */
  #decoders: { readonly stdout: TextDecoder; readonly stderr: TextDecoder } | undefined

  constructor(options: OutputOptions) {
    this.#options = options
  }

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  /** Bytes of UTF-8, which may end within a character; what is no UTF-8 is replaced. */
  writeBytes(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    this.#count(bytes.byteLength)
    const decoders = (this.#decoders ??= { stdout: new TextDecoder(), stderr: new TextDecoder() })
    this.#append(stream, decoders[stream].decode(bytes, { stream: true }))
  }

  /** Takes what bytes ended within a character: no more will come. */
  end(): void {
    if (this.#decoders === undefined) return
    for (const stream of ['stdout', 'stderr'] as const) this.#append(stream, this.#decoders[stream].decode())
  }

  /** A console line of one of the levels, or raw text for `stdout` and `stderr`. */
  write(level: string, text: string): void {
    const isLine = LEVELS.has(level)
    this.#count(text.length + (isLine ? 1 : 0))
    if (!isLine) return this.#append(level === 'stderr' ? 'stderr' : 'stdout', text)
    const line: ConsoleLine = Object.freeze({ level: level as ConsoleLine['level'], text })
    this.lines.push(line)
    if (TO_STDERR.has(level)) this.#stderr += `${text}\n`
    else this.#stdout += `${text}\n`
    this.#options.onLine(line)
  }

  #append(stream: 'stdout' | 'stderr', text: string): void {
    if (stream === 'stderr') this.#stderr += text
    else this.#stdout += text
  }

  #count(bytes: number): void {
    const { limits, halt } = this.#options
    this.#bytes += bytes
    if (this.#bytes > limits.outputBytes) {
      halt.raise('output', `The guest wrote more than ${limits.outputBytes} bytes of output; raise limits.outputBytes`)
    }
  }
}
