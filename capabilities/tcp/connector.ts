import { GuestVisibleError } from '../capability.js'

/** Moves bytes to one address that was checked, and decides nothing. */
export interface TcpConnector {
  /** All addresses of a host name. Throws {@link TcpError} for every failure. */
  resolve(host: string): Promise<readonly string[]>
  /** Connects, and gives up at once when `signal` aborts. Throws {@link TcpError} for every failure. */
  connect(address: string, port: number, signal: AbortSignal): Promise<TcpConnection>
}

/** One end of a connection. */
export interface TcpConnection {
  readonly local: Endpoint
  readonly remote: Endpoint
  /** The next bytes, or null when the other side has ended. Asked for by one reader at a time. */
  read(): Promise<Uint8Array | null>
  /** Resolves when the platform has taken the bytes. */
  write(bytes: Uint8Array): Promise<void>
  /** Says that nothing more is sent; what was written still goes out. */
  end(): Promise<void>
  /** Probes a silent connection. `idleMs` is how long it must have been silent. */
  keepAlive(idleMs: number | undefined): void
  /** Closes it at once. Idempotent. */
  close(): void
}

export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** What a guest is told about a failure: never an address or a code of the platform. */
export const TCP_FAILURES = {
  refused: 'connection refused',
  timeout: 'timed out',
  unreachable: 'not reachable',
  reset: 'connection reset',
  aborted: 'connection aborted',
  'not-found': 'name not found',
  'lookup-again': 'name cannot be looked up now',
  'lookup-failed': 'name cannot be looked up',
  'too-much': 'the bytes granted are used up',
  network: 'network error',
} as const

export type TcpFailure = keyof typeof TCP_FAILURES

/** A connection that could not be made or broke. `cause` is for the embedder; the guest sees words of a closed list. */
export class TcpError extends Error {
  override readonly name = 'TcpError'
  constructor(
    readonly failure: TcpFailure,
    options?: { readonly cause?: unknown },
  ) {
    super(TCP_FAILURES[failure], options)
  }
}

/** The same in the guest's words. */
export class TcpFailed extends GuestVisibleError {
  constructor(readonly failure: TcpFailure) {
    super('Error', failure, TCP_FAILURES[failure])
  }
}
