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

  constructor(options: OutputOptions) {
    this.#options = options
  }

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  /** A console line of one of the levels, or raw text for `stdout` and `stderr`. */
  write(level: string, text: string): void {
    const isLine = LEVELS.has(level)
    const { limits, halt, onLine } = this.#options
    this.#bytes += text.length + (isLine ? 1 : 0)
    if (this.#bytes > limits.outputBytes) {
      halt.raise('output', `The guest wrote more than ${limits.outputBytes} bytes of output; raise limits.outputBytes`)
    }
    if (!isLine) {
      if (level === 'stderr') this.#stderr += text
      else this.#stdout += text
      return
    }
    const line: ConsoleLine = Object.freeze({ level: level as ConsoleLine['level'], text })
    this.lines.push(line)
    if (TO_STDERR.has(level)) this.#stderr += `${text}\n`
    else this.#stdout += `${text}\n`
    onLine(line)
  }
}
