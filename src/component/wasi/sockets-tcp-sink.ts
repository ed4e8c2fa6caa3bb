import type { HostCall } from '../../../capabilities/capability.js'
import type { OpenConnection } from '../../../capabilities/tcp/session.js'
import type { ComponentPort } from '../port.js'
import { ByteQueue } from './byte-queue.js'
import { Gate } from './gate.js'
import { toIoFailure } from './sockets-error.js'
import type { Sink } from './streams-output.js'

/** Bytes a guest may write ahead of the connection. */
const CAPACITY = 64 * 1024

/** What a guest sends over a connection. All of it is one host call, begun with the first bytes. */
export class TcpSink implements Sink {
  readonly #port: ComponentPort
  readonly #connection: OpenConnection
  readonly #gate = new Gate()
  readonly #queue = new ByteQueue()
  /** Bytes the connection is taking just now. */
  #leaving = 0
  #isFlushing = false
  #isPumping = false
  #isShut = false
  /** All that was to be sent has been, or never will be. */
  #over: Promise<unknown> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined

  constructor(port: ComponentPort, connection: OpenConnection) {
    this.#port = port
    this.#connection = connection
  }

  ready(): boolean {
    return this.#failure !== undefined || this.#isShut || this.#room() > 0
  }

  async wait(signal: AbortSignal): Promise<void> {
    while (!this.ready() && !signal.aborted) await this.#gate.wait(signal)
  }

  permit(): number | undefined {
    this.#check()
    return this.#isShut ? undefined : this.#room()
  }

  write(bytes: Uint8Array): void {
    this.#check()
    if (this.#isShut) return
    this.#queue.push(bytes)
    this.#start()
    this.#gate.wake()
  }

  flush(): void {
    this.#check()
    this.#isFlushing = this.#queue.length + this.#leaving > 0
  }

  /** Nothing more is written; what was still goes out, then the other side is told. */
  close(): void {
    if (this.#isShut) return
    this.#isShut = true
    this.#gate.wake()
    if (this.#isPumping || this.#failure !== undefined) return
    this.#over = this.#connection.end().catch(() => undefined)
  }

  /** As `close`; once everything is out, the connection is closed both ways. */
  abandon(): void {
    this.close()
    const end = (): void => this.#connection.close()
    this.#over.then(end, end)
  }

  #room(): number {
    return this.#isFlushing ? 0 : Math.max(CAPACITY - this.#queue.length - this.#leaving, 0)
  }

  #check(): void {
    if (this.#failure !== undefined) throw toIoFailure(this.#failure.error)
  }

  #start(): void {
    if (this.#isPumping) return
    this.#isPumping = true
    this.#over = this.#port.performAsync('net.send', (call) => this.#pump(call)).catch((error: unknown) => {
      this.#failure = { error }
      this.#queue.clear()
      this.#leaving = 0
      this.#gate.wake()
    })
  }

  async #pump(call: HostCall): Promise<void> {
    call.target = this.#connection.target
    while (!call.signal.aborted) {
      const chunk = this.#queue.take()
      if (chunk !== undefined) {
        this.#leaving = chunk.length
        await this.#connection.write(chunk, call)
        this.#leaving = 0
        if (this.#queue.length === 0) this.#isFlushing = false
        this.#gate.wake()
      } else if (this.#isShut) {
        return this.#connection.end()
      } else {
        await this.#gate.wait(call.signal)
      }
    }
  }
}
