import { lookup } from 'node:dns/promises'
import { type Socket, connect as connectTo } from 'node:net'
import { GloveboxError } from '../../src/errors.js'
import { type TcpConnection, type TcpConnector, TcpError, type TcpFailure } from './connector.js'
import { tcpOver } from './over.js'
import type { Tcp, TcpOptions } from './tcp.js'

/** How connections leave this machine. */
export interface TcpNodeOptions extends TcpOptions {
  /** Milliseconds to connect. @default 10_000 */
  readonly connectTimeoutMs?: number
  /** Gives the addresses of a host name. @default the platform's resolver */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>
}

/**
 * Grants TCP connections to a list of endpoints, as a client, for components.
 *
 * A guest can look up the names of the list and no other; it is connected only to addresses that were looked up in the
 * same run and are public, or named in `allowPrivateAddresses`. What it says there is not looked into: grant `http()`
 * where that is enough.
 *
 * @param targets `host:port` each, without wildcards
 * @throws GloveboxError `invalid-grant`
 * @example
 * const database = tcp(['db.example.com:5432'], { allowPrivateAddresses: ['10.0.0.5'] })
 * await tool.run({ grants: { tcp: database } })
 */
export function tcp(targets: readonly string[], options: TcpNodeOptions = {}): Tcp {
  if (typeof options !== 'object' || options === null)
    throw new GloveboxError('invalid-grant', `Cannot grant "tcp": expected an object of options, got ${typeof options}`)
  const { connectTimeoutMs = 10_000, resolve = resolveHost, ...rest } = options
  if (!Number.isSafeInteger(connectTimeoutMs) || connectTimeoutMs < 1)
    throw new GloveboxError('invalid-grant', `Cannot grant "tcp": connectTimeoutMs is ${String(connectTimeoutMs)}: expected a whole number of at least 1`)
  if (typeof resolve !== 'function') throw new GloveboxError('invalid-grant', `Cannot grant "tcp": resolve: expected a function, got ${typeof resolve}`)
  return tcpOver(createConnector(resolve, connectTimeoutMs), targets, rest)
}

function createConnector(resolve: NonNullable<TcpNodeOptions['resolve']>, connectTimeoutMs: number): TcpConnector {
  return {
    resolve: async (host) => {
      try {
        return await resolve(host)
      } catch (error) {
        throw toTcpError(error)
      }
    },
    connect: (address, port, signal) =>
      new Promise((done, fail) => {
        const socket = connectTo({ host: address, port, allowHalfOpen: true, autoSelectFamily: false })
        const giveUp = (failure: TcpFailure, cause?: unknown): void => {
          stop()
          socket.on('error', () => undefined).destroy()
          fail(new TcpError(failure, { cause }))
        }
        const timer = setTimeout(() => giveUp('timeout'), connectTimeoutMs)
        const onAbort = (): void => giveUp('aborted')
        const onError = (error: Error): void => giveUp(toTcpError(error).failure, error)
        const stop = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', onAbort)
          socket.off('error', onError)
        }
        signal.addEventListener('abort', onAbort, { once: true })
        socket.once('error', onError)
        socket.once('connect', () => {
          stop()
          done(new NodeConnection(socket))
        })
        if (signal.aborted) onAbort()
      }),
  }
}

class NodeConnection implements TcpConnection {
  readonly local: TcpConnection['local']
  readonly remote: TcpConnection['remote']
  readonly #socket: Socket
  #failure: TcpError | undefined
  #hasEnded = false
  #wake: (() => void) | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    this.local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 }
    this.remote = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }
    const wake = (): void => this.#wake?.()
    socket.on('readable', wake)
    socket.on('end', () => {
      this.#hasEnded = true
      wake()
    })
    socket.on('error', (error) => {
      this.#failure = toTcpError(error)
      wake()
    })
    socket.on('close', () => {
      if (!this.#hasEnded) this.#failure ??= new TcpError('aborted')
      wake()
    })
  }

  async read(): Promise<Uint8Array | null> {
    for (;;) {
      const chunk = this.#socket.read() as Buffer | null
      // A copy: a slice of a pooled buffer would bring its neighbours along.
      if (chunk !== null) return new Uint8Array(chunk)
      if (this.#hasEnded) return null
      if (this.#failure !== undefined) throw this.#failure
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(toTcpError(error)) : resolve()))
    })
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once('close', () => resolve())
      this.#socket.end(() => resolve())
    })
  }

  keepAlive(idleMs: number | undefined): void {
    this.#socket.setKeepAlive(idleMs !== undefined, idleMs ?? 0)
  }

  close(): void {
    this.#socket.destroy()
  }
}

/** @see https://nodejs.org/api/errors.html#common-system-errors */
const FAILURES: readonly (readonly [RegExp, TcpFailure])[] = [
  [/^ECONNREFUSED$/, 'refused'],
  [/^ETIMEDOUT$/, 'timeout'],
  [/^(?:EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENONET|EADDRNOTAVAIL)$/, 'unreachable'],
  [/^(?:ECONNRESET|EPIPE|ERR_STREAM_WRITE_AFTER_END|ERR_STREAM_DESTROYED)$/, 'reset'],
  [/^ECONNABORTED$/, 'aborted'],
  [/^(?:ENOTFOUND|ENODATA)$/, 'not-found'],
  [/^EAI_AGAIN$/, 'lookup-again'],
  [/^EAI_\w+$/, 'lookup-failed'],
]

function toTcpError(error: unknown): TcpError {
  if (error instanceof TcpError) return error
  const code = String((error as { code?: unknown } | undefined)?.code ?? '')
  return new TcpError(FAILURES.find(([pattern]) => pattern.test(code))?.[1] ?? 'network', { cause: error })
}

async function resolveHost(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address)
}
