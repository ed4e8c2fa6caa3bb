import type { RequestTimeouts } from '../../../capabilities/net/transport.js'
import { unknownHandle } from './failure.js'
import { OutgoingBody, failed } from './http-body.js'
import { DENIED } from './http-error.js'
import { type FieldEntry, Fields, fromLatin1 } from './http-fields.js'
import { type Method, type Scheme, isAuthority, isPathWithQuery, isScheme, toMethod, toMethodName } from './http-method.js'
import { BodyPipe } from './http-pipe.js'
import type { Io } from './io.js'

/** A request as the guest made it, given up to be sent. */
export interface MadeRequest {
  readonly method: string
  readonly scheme: Scheme | undefined
  readonly authority: string | undefined
  readonly pathWithQuery: string | undefined
  readonly headers: readonly FieldEntry[]
  /** Its body, where the guest asked for one. */
  readonly pipe: BodyPipe | undefined
}

/** `wasi:http/types` `outgoing-request`. */
export class OutgoingRequest {
  readonly #io: Io
  readonly #headers: readonly FieldEntry[]
  readonly #drop: () => void
  #method = 'GET'
  #pathWithQuery: string | undefined
  #scheme: Scheme | undefined
  #authority: string | undefined
  #pipe: BodyPipe | undefined
  #isSent = false

  constructor(io: Io, headers: Fields) {
    this.#io = io
    this.#headers = Fields.take(headers)
    this.#drop = io.own(() => {
      if (!this.#isSent) this.#pipe?.refuse()
    })
  }

  static take(request: OutgoingRequest): MadeRequest {
    const own = OutgoingRequest.#own(request)
    if (own.#isSent) throw unknownHandle('outgoing-request')
    own.#isSent = true
    own.#drop()
    return {
      method: own.#method,
      scheme: own.#scheme,
      authority: own.#authority,
      pathWithQuery: own.#pathWithQuery,
      headers: own.#headers,
      pipe: own.#pipe,
    }
  }

  body(): OutgoingBody {
    const own = OutgoingRequest.#own(this)
    if (own.#pipe !== undefined) throw failed()
    const pipe = new BodyPipe({ length: toContentLength(own.#headers), wrongLength: 'HTTP-request-body-size' })
    own.#pipe = pipe
    // Fields that come after the decision would be a way around it.
    return new OutgoingBody(own.#io, pipe, (trailers) => (Fields.take(trailers).length === 0 ? undefined : DENIED))
  }

  method(): Method {
    return toMethod(OutgoingRequest.#own(this).#method)
  }

  setMethod(method: Method): void {
    const name = toMethodName(method)
    if (name === undefined) throw failed()
    OutgoingRequest.#own(this).#method = name
  }

  pathWithQuery(): string | undefined {
    return OutgoingRequest.#own(this).#pathWithQuery
  }

  setPathWithQuery(pathWithQuery: string | undefined): void {
    if (pathWithQuery !== undefined && !isPathWithQuery(pathWithQuery)) throw failed()
    OutgoingRequest.#own(this).#pathWithQuery = pathWithQuery
  }

  scheme(): Scheme | undefined {
    return OutgoingRequest.#own(this).#scheme
  }

  setScheme(scheme: Scheme | undefined): void {
    if (scheme !== undefined && !isScheme(scheme)) throw failed()
    OutgoingRequest.#own(this).#scheme = scheme
  }

  authority(): string | undefined {
    return OutgoingRequest.#own(this).#authority
  }

  setAuthority(authority: string | undefined): void {
    if (authority !== undefined && !isAuthority(authority)) throw failed()
    OutgoingRequest.#own(this).#authority = authority
  }

  headers(): Fields {
    const own = OutgoingRequest.#own(this)
    return Fields.immutable(own.#io, own.#headers)
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  /** It, when it is one and not only looks like it. */
  static #own(own: OutgoingRequest): OutgoingRequest {
    if (!(#headers in own)) throw unknownHandle('outgoing-request')
    return own
  }
}

/** The one length these fields announce. Where there are several, the request is refused before anything is sent. */
export function toContentLength(headers: readonly FieldEntry[]): number | undefined {
  const values = headers.filter(([name]) => name.toLowerCase() === 'content-length').map(([, value]) => fromLatin1(value))
  return values.length === 1 && /^\d{1,15}$/.test(values[0]!) ? Number(values[0]) : undefined
}

/** `wasi:http/types` `request-options`. */
export class RequestOptions {
  #connect: bigint | undefined
  #firstByte: bigint | undefined
  #betweenBytes: bigint | undefined
  readonly #drop: () => void

  constructor(io: Io) {
    this.#drop = io.own(() => {})
  }

  static read(options: RequestOptions): RequestTimeouts {
    const own = RequestOptions.#own(options)
    return {
      connectMs: toMilliseconds(own.#connect),
      firstByteMs: toMilliseconds(own.#firstByte),
      betweenBytesMs: toMilliseconds(own.#betweenBytes),
    }
  }

  connectTimeout(): bigint | undefined {
    return RequestOptions.#own(this).#connect
  }

  setConnectTimeout(duration: bigint | undefined): void {
    RequestOptions.#own(this).#connect = duration
  }

  firstByteTimeout(): bigint | undefined {
    return RequestOptions.#own(this).#firstByte
  }

  setFirstByteTimeout(duration: bigint | undefined): void {
    RequestOptions.#own(this).#firstByte = duration
  }

  betweenBytesTimeout(): bigint | undefined {
    return RequestOptions.#own(this).#betweenBytes
  }

  setBetweenBytesTimeout(duration: bigint | undefined): void {
    RequestOptions.#own(this).#betweenBytes = duration
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  /** It, when it is one and not only looks like it. */
  static #own(own: RequestOptions): RequestOptions {
    if (!(#connect in own)) throw unknownHandle('request-options')
    return own
  }
}

/** Longest time a platform's timer takes. */
const MOST_MILLISECONDS = 2 ** 31 - 1

function toMilliseconds(nanoseconds: bigint | undefined): number | undefined {
  if (nanoseconds === undefined) return undefined
  return Math.min(Math.max(Math.ceil(Number(nanoseconds) / 1e6), 1), MOST_MILLISECONDS)
}
