import type { HostCall } from '../../../capabilities/capability.js'
import type { ComponentPort } from '../port.js'
import { Gate } from './gate.js'
import { fromLatin1 } from './http-fields.js'
import type { MadeResponse } from './http-outgoing-response.js'

/** A guest's answer on its way to who asked. */
export interface Answer {
  readonly response: Response
  /** Rejected when the guest did not finish the body, or who asked did not want it. */
  readonly done: Promise<void>
  /** Brings out what is there without waiting for a reader; resolves when the body is over, however it ended. */
  finish(): Promise<void>
}

export interface RespondOptions {
  /** What the ledger shows. */
  readonly target: string
  /** Whether who asked wants no body. */
  readonly isHead: boolean
}

/** Answers without a body. @see https://fetch.spec.whatwg.org/#null-body-status */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

/** Makes the `Response`, whose body is taken from the guest as it is read. All of it is one host call. */
export function respond(port: ComponentPort, made: MadeResponse, { target, isHead }: RespondOptions): Answer {
  const { status, pipe } = made
  const headers = made.headers.map(([name, value]) => [name, fromLatin1(value)] as [string, string])
  const isBodiless = isHead || BODILESS.has(status) || pipe === undefined
  const outlet = new Outlet(() => pipe?.refuse())
  const done = port.performAsync('net.respond', async (call: HostCall) => {
    call.target = `${target} -> ${status}`
    call.spend('out', headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0))
    if (pipe === undefined) return
    for await (const chunk of pipe.chunks) {
      call.spend('out', chunk.length)
      if (!isBodiless) await outlet.push(chunk, call.signal)
    }
    if (!pipe.isFinished) throw new Error('nobody wanted the rest')
  })
  done.then(
    () => outlet.end(),
    () => outlet.fail(),
  )
  return {
    response: new Response(isBodiless ? null : outlet.stream, { status, headers }),
    done,
    finish: async () => {
      outlet.open()
      await done.catch(() => undefined)
    },
  }
}

/** A stream that is filled as it is read, until it may be filled at once. */
class Outlet {
  readonly stream: ReadableStream<Uint8Array>
  readonly #gate = new Gate()
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #isHungry = false
  #isOpen = false
  #isOver = false

  constructor(onCancel: () => void) {
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => {
          this.#isHungry = true
          this.#gate.wake()
        },
        cancel: () => {
          this.#isOver = true
          this.#gate.wake()
          onCancel()
        },
      },
      { highWaterMark: 0 },
    )
  }

  /** Hands on a piece once somebody wants it. */
  async push(chunk: Uint8Array, signal: AbortSignal): Promise<void> {
    while (!this.#isHungry && !this.#isOpen && !this.#isOver && !signal.aborted) await this.#gate.wait(signal)
    if (this.#isOver) return
    this.#isHungry = false
    this.#controller?.enqueue(chunk)
  }

  /** Nobody is waited for any more. */
  open(): void {
    this.#isOpen = true
    this.#gate.wake()
  }

  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#controller?.close()
  }

  fail(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#controller?.error(new Error('The component did not finish its response'))
  }
}
