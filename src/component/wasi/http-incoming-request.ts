import { unknownHandle } from './failure.js'
import { type BodyReader, IncomingBody, failed } from './http-body.js'
import { type FieldEntry, Fields } from './http-fields.js'
import { type Method, type Scheme, toMethod } from './http-method.js'
import type { Io } from './io.js'

/** A request for the guest to answer. */
export interface ArrivedRequest {
  readonly method: string
  readonly url: URL
  readonly headers: readonly FieldEntry[]
  readonly body: BodyReader
}

/** `wasi:http/types` `incoming-request`. */
export class IncomingRequest {
  readonly #io: Io
  readonly #arrived: ArrivedRequest
  readonly #drop: () => void
  #isConsumed = false

  constructor(io: Io, arrived: ArrivedRequest) {
    this.#io = io
    this.#arrived = arrived
    this.#drop = io.own(() => {
      if (!this.#isConsumed) arrived.body.close()
    })
  }

  method(): Method {
    return toMethod(IncomingRequest.#own(this).#arrived.method)
  }

  pathWithQuery(): string | undefined {
    const { url } = IncomingRequest.#own(this).#arrived
    return url.pathname + url.search
  }

  scheme(): Scheme | undefined {
    const { protocol } = IncomingRequest.#own(this).#arrived.url
    if (protocol === 'https:') return { tag: 'HTTPS' }
    return protocol === 'http:' ? { tag: 'HTTP' } : { tag: 'other', val: protocol.slice(0, -1) }
  }

  authority(): string | undefined {
    return IncomingRequest.#own(this).#arrived.url.host
  }

  headers(): Fields {
    const own = IncomingRequest.#own(this)
    return Fields.immutable(own.#io, own.#arrived.headers)
  }

  consume(): IncomingBody {
    const own = IncomingRequest.#own(this)
    if (own.#isConsumed) throw failed()
    own.#isConsumed = true
    const { body, method, url } = own.#arrived
    return new IncomingBody(own.#io, body, { operation: 'net.requestBody', target: `${method} ${url.href}` })
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  /** It, when it is one and not only looks like it. */
  static #own(own: IncomingRequest): IncomingRequest {
    if (!(#arrived in own)) throw unknownHandle('incoming-request')
    return own
  }
}
