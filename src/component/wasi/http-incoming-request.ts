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
    return toMethod(this.#own().#arrived.method)
  }

  pathWithQuery(): string | undefined {
    const { url } = this.#own().#arrived
    return url.pathname + url.search
  }

  scheme(): Scheme | undefined {
    const { protocol } = this.#own().#arrived.url
    if (protocol === 'https:') return { tag: 'HTTPS' }
    return protocol === 'http:' ? { tag: 'HTTP' } : { tag: 'other', val: protocol.slice(0, -1) }
  }

  authority(): string | undefined {
    return this.#own().#arrived.url.host
  }

  headers(): Fields {
    const own = this.#own()
    return Fields.immutable(own.#io, own.#arrived.headers)
  }

  consume(): IncomingBody {
    const own = this.#own()
    if (own.#isConsumed) throw failed()
    own.#isConsumed = true
    const { body, method, url } = own.#arrived
    return new IncomingBody(own.#io, body, { operation: 'net.requestBody', target: `${method} ${url.href}` })
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  #own(): this {
    if (!(#arrived in this)) throw unknownHandle('incoming-request')
    return this
  }
}
