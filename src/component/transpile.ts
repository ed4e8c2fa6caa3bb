import { GloveboxError } from '../errors.js'
import { MeterError } from '../../wasm/meter/index.js'
import type { CompilerPlatform, CompilerThread } from './platform/platform.js'
import type { Order, Prepared, Reply } from './worker/protocol.js'

/** One thread that prepares components, one after the other, until one of them breaks it. */
export class Compiler {
  readonly #platform: CompilerPlatform
  readonly #thread: CompilerThread
  #waiting: { readonly resolve: (reply: Reply) => void; readonly reject: (error: unknown) => void } | undefined
  #isBroken = false

  /** @throws GloveboxError `unsupported-platform` */
  constructor(platform: CompilerPlatform) {
    this.#platform = platform
    this.#thread = platform.startThread({
      onMessage: (message) => this.#waiting?.resolve(message as Reply),
      onEnd: (cause) => {
        this.#isBroken = true
        this.#waiting?.reject(ended(cause))
      },
    })
  }

  /** Whether it cannot be used any more. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /**
   * Prepares one component. When the deadline passes, or the transpiler breaks, the thread is ended.
   * @throws GloveboxError
   */
  async prepare(order: Order, deadlineMs: number): Promise<Prepared> {
    if (this.#isBroken || this.#waiting !== undefined) throw new GloveboxError('internal', 'A thread for components was used while it was busy or broken')
    const reply = await new Promise<Reply>((resolve, reject) => {
      const cancel = this.#platform.startTimer(() => {
        this.#isBroken = true
        reject(stopped(`preparing it took longer than ${deadlineMs} ms; raise deadlineMs if it is worth it`))
      }, deadlineMs)
      const end = <T>(settle: (value: T) => void) => (value: T): void => {
        cancel()
        settle(value)
      }
      this.#waiting = { resolve: end(resolve), reject: end(reject) }
      this.#thread.post(order)
    }).finally(() => {
      this.#waiting = undefined
    })
    if (reply.type === 'prepared') return reply.prepared
    if (reply.type === 'refused') throw toError(reply)
    this.#isBroken = true
    throw stopped(`it broke the transpiler (${reply.message})`)
  }

  /** Ends the thread. */
  async end(): Promise<void> {
    this.#isBroken = true
    await this.#thread.terminate()
  }
}

/** Prepares one component on a thread of its own. */
export async function transpile(order: Order, options: { readonly platform: CompilerPlatform; readonly deadlineMs: number }): Promise<Prepared> {
  const compiler = new Compiler(options.platform)
  try {
    return await compiler.prepare(order, options.deadlineMs)
  } finally {
    await compiler.end()
  }
}

function toError({ code, message, feature, offset }: Extract<Reply, { type: 'refused' }>): GloveboxError {
  if (feature === undefined || offset === undefined) return new GloveboxError(code, message)
  const what = message.replace(/^Cannot meter the module: /, '').replace(/ \([a-z0-9-]+, at byte \d+\)$/, '')
  return new MeterError(feature, offset, what)
}

const stopped = (what: string): GloveboxError => new GloveboxError('load-stopped', `Cannot load the component: ${what}`)

function ended(cause: unknown): GloveboxError {
  const isMemory = (cause as { readonly code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return new GloveboxError('load-stopped', isMemory ? 'Cannot load the component: preparing it took more memory than its thread may have' : 'Cannot load the component: the thread that prepared it ended before it was done', { cause })
}
