import type { GuestResponse } from '../../../capabilities/net/exchange.js'
import type { OpenExchange } from '../../../capabilities/net/session.js'
import { unknownHandle } from './failure.js'
import { Gate } from './gate.js'
import { type BodyReader, IncomingBody, type Result, failed } from './http-body.js'
import { type ErrorCode, toErrorCode } from './http-error.js'
import { Fields, toEntries } from './http-fields.js'
import type { Io } from './io.js'
import { Pollable } from './poll.js'

/** A response and what of its request is still needed. */
export interface ArrivedResponse {
  readonly response: GuestResponse
  /** What the ledger shows for the request. */
  readonly target: string
  readonly end: () => void
}

/** `wasi:http/types` `incoming-response`. */
export class IncomingResponse {
  readonly #io: Io
  readonly #arrived: ArrivedResponse
  readonly #drop: () => void
  #isConsumed = false

  constructor(io: Io, arrived: ArrivedResponse) {
    this.#io = io
    this.#arrived = arrived
    this.#drop = io.own(() => {
      if (!this.#isConsumed) arrived.end()
    })
  }

  status(): number {
    return IncomingResponse.#own(this).#arrived.response.status
  }

  headers(): Fields {
    const { response } = IncomingResponse.#own(this).#arrived
    return Fields.immutable(this.#io, toEntries(response.headers))
  }

  consume(): IncomingBody {
    if (IncomingResponse.#own(this).#isConsumed) throw failed()
    this.#isConsumed = true
    const { response, target, end } = this.#arrived
    const { body } = response
    const reader: BodyReader = {
      isEmpty: body === null,
      read: async (call) => (body === null ? null : body.read(call)),
      close: () => {
        body?.close()
        end()
      },
      trailers: () => response.trailers(),
    }
    return new IncomingBody(this.#io, reader, { operation: 'net.bodyRead', target })
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  /** It, when it is one and not only looks like it. */
  static #own(own: IncomingResponse): IncomingResponse {
    if (!(#arrived in own)) throw unknownHandle('incoming-response')
    return own
  }
}

/** `wasi:http/types` `future-incoming-response`. */
export class FutureIncomingResponse {
  readonly #io: Io
  readonly #gate = new Gate()
  readonly #drop: () => void
  #answer: Result<ArrivedResponse, ErrorCode> | undefined
  #isTaken = false

  /** @param onFailed told when there is no response, before the guest is */
  constructor(io: Io, pending: Promise<ArrivedResponse>, exchange: Pick<OpenExchange, 'end'>, onFailed: (code: ErrorCode) => void) {
    this.#io = io
    this.#drop = io.own(() => {
      if (!this.#isTaken) exchange.end()
    })
    const settle = (answer: Result<ArrivedResponse, ErrorCode>): void => {
      this.#answer = answer
      this.#gate.wake()
    }
    pending.then(
      (val) => settle({ tag: 'ok', val }),
      (error: unknown) => {
        const code = toErrorCode(error, 'head')
        onFailed(code)
        settle({ tag: 'err', val: code })
      },
    )
  }

  subscribe(): Pollable {
    if (!(#answer in this)) throw unknownHandle('future-incoming-response')
    return new Pollable(this.#io, { ready: () => this.#answer !== undefined, wait: (signal) => this.#settled(signal) })
  }

  get(): Result<Result<IncomingResponse, ErrorCode>, undefined> | undefined {
    if (!(#answer in this)) throw unknownHandle('future-incoming-response')
    if (this.#answer === undefined) return undefined
    if (this.#isTaken) return { tag: 'err', val: undefined }
    this.#isTaken = true
    const answer = this.#answer
    return { tag: 'ok', val: answer.tag === 'ok' ? { tag: 'ok', val: new IncomingResponse(this.#io, answer.val) } : answer }
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  async #settled(signal: AbortSignal): Promise<void> {
    while (this.#answer === undefined && !signal.aborted) await this.#gate.wait(signal)
  }
}
