import type { GuestCore } from '../../core.js'
import { invalidType, nodeError } from '../node/errors.js'

interface Input {
  on(event: string, listener: (value?: any) => void): void
  pause?(): void
  resume?(): void
}
interface Options {
  readonly input?: Input
  readonly output?: { write(text: string): unknown }
  readonly prompt?: string
  readonly crlfDelay?: number
  readonly signal?: AbortSignal
}
type Answer = (line: string) => void
type EmitterClass = new () => { on(event: string, listener: (...args: any[]) => void): unknown; once(event: string, listener: (...args: any[]) => void): unknown; emit(event: string, ...args: unknown[]): boolean; listenerCount(event: string): number }

const END = /\r\n|\n|\r/

/** Classes of `readline` and of `readline/promises`. */
export function createInterfaces(core: GuestCore) {
  const Emitter = core.lib('node-events')['EventEmitter'] as EmitterClass
  const { StringDecoder } = core.lib('node-string-decoder') as { readonly StringDecoder: new (encoding: string) => { write(chunk: unknown): string; end(): string } }

  class Interface extends Emitter {
    readonly input: Input
    readonly output: Options['output']
    readonly terminal = false
    line = ''
    closed = false
    #prompt: string
    #rest = ''
    #isEnded = false
    #isPaused = false
    /** Lines that nobody has asked for yet. */
    readonly #lines: string[] = []
    #isDraining = false
    #hasAsked = false
    readonly #answers: Answer[] = []
    readonly history: string[] = []

    constructor({ input, output, prompt = '> ', signal }: Options) {
      super()
      if (typeof input?.on !== 'function') throw invalidType('input', 'an instance of Stream', input)
      this.input = input
      this.output = output
      this.#prompt = prompt
      const decoder = new StringDecoder('utf8')
      input.on('data', (chunk: unknown) => this.#take(decoder.write(chunk)))
      input.on('end', () => {
        this.#take(decoder.end())
        if (this.#rest !== '') this.#lines.push(this.#rest.replace(/\r$/, ''))
        this.#rest = ''
        this.#isEnded = true
        this.#drain()
      })
      input.on('error', (error: unknown) => this.emit('error', error))
      signal?.addEventListener('abort', () => this.close(), { once: true })
    }

    #take(text: string): void {
      this.#rest += text
      // A carriage return at the end may be half of a line end.
      const whole = this.#rest.endsWith('\r') ? this.#rest.slice(0, -1) : this.#rest
      const lines = whole.split(END)
      this.#rest = lines.pop()! + this.#rest.slice(whole.length)
      this.#lines.push(...lines)
      this.#drain()
    }

    #drain(): void {
      if (this.#isDraining) return
      this.#isDraining = true
      while (this.#lines.length > 0 && !this.#isPaused && !this.closed) {
        const answer = this.#answers.shift()
        // Who asks questions asks for the next line later; it waits for them.
        if (answer === undefined && this.#hasAsked && this.listenerCount('line') === 0) break
        const line = this.#lines.shift()!
        if (answer === undefined) this.emit('line', line)
        else answer(line)
      }
      this.#isDraining = false
      if (this.#isEnded && this.#lines.length === 0 && !this.#isPaused) this.close()
    }

    ask(query: string, answer: Answer): void {
      if (this.closed) throw nodeError(Error, 'ERR_USE_AFTER_CLOSE', 'readline was closed')
      this.output?.write(query)
      this.#hasAsked = true
      this.#answers.push(answer)
      this.resume()
      queueMicrotask(() => this.#drain())
    }

    question(query: string, options: unknown, done?: unknown): unknown {
      this.ask(query, (typeof options === 'function' ? options : done) as Answer)
      return undefined
    }

    setPrompt(prompt: string): void {
      this.#prompt = prompt
    }

    getPrompt(): string {
      return this.#prompt
    }

    prompt(): void {
      this.output?.write(this.#prompt)
      this.resume()
    }

    write(text: unknown): void {
      this.#take(String(text ?? ''))
    }

    pause(): this {
      if (this.#isPaused) return this
      this.#isPaused = true
      this.input.pause?.()
      this.emit('pause')
      return this
    }

    resume(): this {
      if (!this.#isPaused) return this
      this.#isPaused = false
      this.input.resume?.()
      this.emit('resume')
      queueMicrotask(() => this.#drain())
      return this
    }

    close(): void {
      if (this.closed) return
      this.closed = true
      this.input.pause?.()
      this.emit('close')
    }

    async *[Symbol.asyncIterator](): AsyncGenerator<string> {
      const lines: string[] = []
      let wake: (() => void) | undefined
      let isOver = this.closed
      this.on('line', (line: string) => {
        lines.push(line)
        wake?.()
      })
      this.on('close', () => {
        isOver = true
        wake?.()
      })
      try {
        for (;;) {
          if (lines.length > 0) yield lines.shift()!
          else if (isOver) return
          else await new Promise<void>((resolve) => (wake = resolve))
        }
      } finally {
        this.close()
      }
    }

    [Symbol.dispose](): void {
      this.close()
    }
  }

  class PromisesInterface extends Interface {
    override question(query: string): Promise<string> {
      return new Promise((resolve, reject) => {
        try {
          this.ask(query, resolve)
        } catch (error) {
          reject(error)
        }
      })
    }
  }
  for (const type of [Interface, PromisesInterface]) Object.defineProperty(type, 'name', { value: 'Interface' })
  return { Interface, PromisesInterface }
}
