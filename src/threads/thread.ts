import type { Ports, Program } from '../engine.js'
import { GloveboxError } from '../errors.js'
import type { Platform, PlatformThread } from '../platform/platform.js'
import { AnswerBox } from './box.js'
import { type Ended, ThreadCall } from './call.js'
import type { FromThread } from './protocol.js'

/** How long a thread may take to end a call that was stopped before it is ended itself. */
const GRACE_MS = 30

export interface ThreadOptions {
  readonly module: WebAssembly.Module
  readonly platform: Platform
  /** Told once, when the thread serves no more: it was ended or died. */
  readonly onGone: (thread: Thread) => void
}

/** One thread with an engine of its own, which runs one guest at a time. */
export class Thread {
  /** Settles when the thread can run a guest, or never will. */
  readonly ready: Promise<void>
  readonly #box = new AnswerBox()
  readonly #options: ThreadOptions
  readonly #thread: PlatformThread
  #gone: Promise<void> | undefined
  #call: { readonly call: ThreadCall; readonly ports: Ports } | undefined

  constructor(options: ThreadOptions) {
    this.#options = options
    let settle!: { readonly resolve: () => void; readonly reject: (error: unknown) => void }
    this.ready = new Promise((resolve, reject) => {
      settle = { resolve, reject }
    })
    this.#thread = options.platform.startThread({
      onMessage: (message) => this.#hear(message as FromThread, settle.resolve),
      onEnd: (cause) => {
        settle.reject(new GloveboxError('internal', 'A thread for guests ended before it could run one', { cause }))
        this.#lose('The thread of the call died and was replaced')
      },
    })
    this.#thread.post({ type: 'start', module: options.module, box: this.#box.shared })
  }

  /** Whether it can run a guest now. */
  get isFree(): boolean {
    return this.#gone === undefined && this.#call === undefined
  }

  /** Runs a program until it ends or is stopped. `deadline` is on the scale of the platform's `now`. */
  async run(program: Program, ports: Ports, deadline: number): Promise<Ended> {
    const { platform } = this.#options
    const call = new ThreadCall({ program, ports, box: this.#box, post: (message) => this.#thread.post(message), defer: platform.defer })
    this.#call = { call, ports }
    this.#thread.hold()
    const grace = { cancel: () => {} }
    call.start(deadline - platform.now())
    ports.halt.onStop(() => {
      if (this.#call?.call === call) grace.cancel = platform.startTimer(() => void this.end(), GRACE_MS)
    })
    try {
      return await call.ended
    } finally {
      grace.cancel()
      if (this.#call?.call === call) this.#call = undefined
      if (this.#gone === undefined) this.#thread.release()
    }
  }

  /** Ends the thread, and with it the call it runs. */
  end(): Promise<void> {
    if (this.#gone === undefined) {
      this.#gone = this.#thread.terminate()
      this.#leave()
    }
    return this.#gone
  }

  #hear(message: FromThread, onReady: () => void): void {
    try {
      if (message.type === 'ready') onReady()
      else this.#call?.call.hear(message)
    } catch {
      this.#lose('The call failed in a way no guest should be able to cause; its thread was replaced')
    }
  }

  #lose(message: string): void {
    if (this.#gone !== undefined) return
    this.#call?.ports.halt.set('poisoned', message)
    void this.end()
  }

  #leave(): void {
    const current = this.#call
    this.#call = undefined
    this.#options.onGone(this)
    if (current === undefined) return
    // Whatever else ends a thread has stopped its call before.
    current.ports.halt.set('aborted', 'The sandbox was disposed before the call had ended')
    current.call.abandon()
  }
}
