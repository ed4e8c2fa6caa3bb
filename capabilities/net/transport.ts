/** One request as it is to be sent: already decided, with the host's headers in place. */
export interface TransportRequest {
  /** The very object the decision was made on. */
  readonly url: URL
  readonly method: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array | undefined
  /** Most bytes to take off the wire for the body, before it is decoded. */
  readonly maxResponseBytes: number
  /** Addresses that are not public and may be connected to all the same: single ones or CIDR ranges. */
  readonly allowPrivateAddresses: readonly string[]
  /** Waits of this request alone, where the guest set them. @default the transport's own */
  readonly timeouts?: RequestTimeouts | undefined
  readonly signal: AbortSignal
}

/** How long one request may wait, in milliseconds; what is left out is the transport's own. */
export interface RequestTimeouts {
  /** Until the connection stands. Fails as `connect-timeout`. */
  readonly connectMs?: number | undefined
  /** From then until the head of the response, and on to the first byte of its body. Fails as `head-timeout`, `body-timeout`. */
  readonly firstByteMs?: number | undefined
  /** Between two pieces of the response's body. Fails as `body-timeout`. */
  readonly betweenBytesMs?: number | undefined
}

/** A body that is sent while it is made. */
export interface StreamedBody {
  /** Whoever iterates asks for the next piece when it can be sent, and calls `return()` when none is wanted any more. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** Bytes there will be, where that is known before. */
  readonly length: number | undefined
}

/** The answer to one request. */
export interface TransportResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /**
   * The body, decoded: compression undone. Whoever iterates owns it and closes it with `return()`,
   * which must close the connection when the body was not read to its end.
   */
  readonly body: AsyncIterable<Uint8Array> | null
  /** Fields that followed the body; asked for when it has ended. @default none */
  readonly trailers?: () => readonly (readonly [name: string, value: string])[]
}

/**
 * Moves one request and its answer, and decides nothing.
 * It never follows redirects, adds credentials, keeps cookies or uses a proxy from the environment.
 * It ends at once when the request's signal aborts, and throws {@link TransportError} for every failure.
 */
export interface Transport {
  send(request: TransportRequest): Promise<TransportResponse>
  /**
   * The same for a body that is not there as a whole; `request.body` is undefined. It may answer before the body ends.
   * Without this method bodies are collected first, within the rule's bounds.
   */
  sendStreamed?(request: TransportRequest, body: StreamedBody): Promise<TransportResponse>
}

/** What a guest is told about a failure: never a host, an address or a code of the platform. */
export const TRANSPORT_FAILURES = {
  address: 'the address is not public',
  refused: 'connection refused',
  'not-found': 'name not found',
  timeout: 'timed out',
  'lookup-timeout': 'timed out',
  'connect-timeout': 'timed out',
  'head-timeout': 'timed out',
  'body-timeout': 'timed out',
  reset: 'connection reset',
  tls: 'TLS handshake failed',
  certificate: 'TLS handshake failed',
  malformed: 'malformed response',
  'head-too-large': 'malformed response',
  encoding: 'unsupported content encoding',
  'too-large': 'response too large',
  redirect: 'redirect refused',
  network: 'network error',
} as const

export type TransportFailure = keyof typeof TRANSPORT_FAILURES

/** A request that could not be carried out. `cause` is for the embedder; the guest sees words of a closed list. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  constructor(
    readonly failure: TransportFailure,
    options?: { readonly cause?: unknown },
  ) {
    super(TRANSPORT_FAILURES[failure], options)
  }
}
