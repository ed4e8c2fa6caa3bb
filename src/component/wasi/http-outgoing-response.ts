import { Failure, unknownHandle } from './failure.js'
import { OutgoingBody, type Result, failed } from './http-body.js'
import type { ErrorCode } from './http-error.js'
import { type FieldEntry, Fields } from './http-fields.js'
import { toContentLength } from './http-outgoing-request.js'
import { BodyPipe } from './http-pipe.js'
import type { Io } from './io.js'

/** A response as the guest made it, given up to be sent. */
export interface MadeResponse {
  readonly status: number
  readonly headers: readonly FieldEntry[]
  /** Its body, where the guest asked for one. */
  readonly pipe: BodyPipe | undefined
  /** Fields after the body, once that is finished. */
  readonly trailers: () => readonly FieldEntry[]
}

/** `wasi:http/types` `outgoing-response`. */
export class OutgoingResponse {
  readonly #io: Io
  readonly #headers: readonly FieldEntry[]
  readonly #drop: () => void
  #status = 200
  #pipe: BodyPipe | undefined
  #trailers: readonly FieldEntry[] = []
  #isSent = false

  constructor(io: Io, headers: Fields) {
    this.#io = io
    this.#headers = Fields.take(headers)
    this.#drop = io.own(() => {
      if (!this.#isSent) this.#pipe?.refuse()
    })
  }

  static take(response: OutgoingResponse): MadeResponse {
    const own = OutgoingResponse.#own(response)
    if (own.#isSent) throw unknownHandle('outgoing-response')
    own.#isSent = true
    own.#drop()
    return { status: own.#status, headers: own.#headers, pipe: own.#pipe, trailers: () => own.#trailers }
  }

  statusCode(): number {
    return OutgoingResponse.#own(this).#status
  }

  setStatusCode(status: number): void {
    if (!Number.isInteger(status) || status < 100 || status > 999) throw failed()
    OutgoingResponse.#own(this).#status = status
  }

  headers(): Fields {
    const own = OutgoingResponse.#own(this)
    return Fields.immutable(own.#io, own.#headers)
  }

  body(): OutgoingBody {
    const own = OutgoingResponse.#own(this)
    if (own.#pipe !== undefined) throw failed()
    const length = toContentLength(own.#headers)
    own.#pipe = new BodyPipe({ length, wrongLength: 'HTTP-response-body-size' })
    return new OutgoingBody(own.#io, own.#pipe, (trailers) => {
      own.#trailers = Fields.take(trailers)
      return undefined
    })
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  /** It, when it is one and not only looks like it. */
  static #own(own: OutgoingResponse): OutgoingResponse {
    if (!(#headers in own)) throw unknownHandle('outgoing-response')
    return own
  }
}

/** `wasi:http/types` `response-outparam`: where the guest puts its answer, once. */
export class ResponseOutparam {
  readonly #answer: (answer: Result<MadeResponse, ErrorCode>) => void
  readonly #drop: () => void
  #isSet = false

  constructor(io: Io, answer: (answer: Result<MadeResponse, ErrorCode>) => void, onDropped: () => void) {
    this.#answer = answer
    this.#drop = io.own(() => {
      if (!this.#isSet) onDropped()
    })
  }

  /** `set`. */
  static set(param: ResponseOutparam, response: Result<OutgoingResponse, ErrorCode>): void {
    if (!(#answer in param) || param.#isSet) throw unknownHandle('response-outparam')
    param.#isSet = true
    param.#drop()
    param.#answer(response.tag === 'ok' ? { tag: 'ok', val: OutgoingResponse.take(response.val) } : response)
  }

  /** What is answered is a `Response`, which has nothing before it. */
  sendInformational(status: number, headers: Fields): never {
    if (!(#answer in this)) throw unknownHandle('response-outparam')
    headers[Symbol.dispose]()
    throw toInformationalFailure(status)
  }

  [Symbol.dispose](): void {
    this.#drop()
  }
}

function toInformationalFailure(status: number): Failure<ErrorCode> {
  return new Failure<ErrorCode>(
    status < 100 || status > 199
      ? { tag: 'HTTP-protocol-error' }
      : { tag: 'internal-error', val: 'informational responses are not sent' },
  )
}
