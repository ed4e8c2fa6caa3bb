import { Denied } from '../../../capabilities/capability.js'
import type { OpenConnection, TcpSession } from '../../../capabilities/tcp/session.js'
import { unknownHandle } from './failure.js'
import { Gate } from './gate.js'
import type { Io } from './io.js'
import { Pollable } from './poll.js'
import { PulledSource } from './pulled-source.js'
import {
  type IpAddressFamily,
  type IpSocketAddress,
  isMapped,
  isUnicast,
  isUnspecified,
  toSocketAddress,
  toText,
} from './sockets-address.js'
import { failed, refuse, toErrorCode, toIoFailure } from './sockets-error.js'
import { Network } from './sockets-network.js'
import { SocketOptions } from './sockets-options.js'
import { TcpSink } from './sockets-tcp-sink.js'
import { InputStream } from './streams-input.js'
import { OutputStream } from './streams-output.js'

/** @see https://github.com/WebAssembly/wasi-sockets/blob/main/TcpSocketOperationalSemantics.md */
type State =
  | { readonly is: 'unbound' | 'closed' }
  | { readonly is: 'connecting'; outcome?: { readonly connection: OpenConnection } | { readonly error: unknown } }
  | { readonly is: 'connected'; readonly connection: OpenConnection; readonly source: PulledSource; readonly sink: TcpSink }

/** `wasi:sockets/tcp` `tcp-socket`: a client, over the `tcp` grant. Binding and listening are denied. */
export class TcpSocket {
  readonly #io: Io
  readonly #session: () => TcpSession
  readonly #family: IpAddressFamily
  readonly #options: SocketOptions
  readonly #gate = new Gate()
  readonly #drop: () => void
  #state: State = { is: 'unbound' }

  constructor(io: Io, session: () => TcpSession, family: IpAddressFamily) {
    this.#io = io
    this.#session = session
    this.#family = family
    this.#options = new SocketOptions()
    this.#drop = io.own(() => this.#close())
  }

  startBind(network: Network, localAddress: IpSocketAddress): void {
    const own = TcpSocket.#own(this)
    Network.check(network)
    own.#checkFamily(localAddress)
    if (own.#state.is !== 'unbound') throw failed('invalid-state')
    own.#refuse('net.bind', targetOf(localAddress), 'a component is a client: no address is bound')
  }

  finishBind(): void {
    TcpSocket.#own(this)
    throw failed('not-in-progress')
  }

  startConnect(network: Network, remoteAddress: IpSocketAddress): void {
    const own = TcpSocket.#own(this)
    Network.check(network)
    if (own.#state.is === 'connecting') throw failed('concurrency-conflict')
    if (own.#state.is !== 'unbound') throw failed('invalid-state')
    // From here on every failure leaves the socket closed.
    own.#state = { is: 'closed' }
    own.#checkFamily(remoteAddress)
    const { port } = remoteAddress.val
    const ip = { tag: remoteAddress.tag, val: remoteAddress.val.address }
    if (port === 0 || isUnspecified(ip) || !isUnicast(ip)) throw failed('invalid-argument')
    own.#connect(toText(ip), port, targetOf(remoteAddress))
  }

  finishConnect(): [InputStream, OutputStream] {
    const own = TcpSocket.#own(this)
    const state = own.#state
    if (state.is !== 'connecting') throw failed('not-in-progress')
    if (state.outcome === undefined) throw failed('would-block')
    if ('error' in state.outcome) {
      own.#state = { is: 'closed' }
      throw failed(toErrorCode(state.outcome.error))
    }
    const { connection } = state.outcome
    const { port } = own.#io
    const reader = { read: connection.read, close: () => undefined }
    const source = new PulledSource(port, reader, { operation: 'net.receive', target: connection.target, explain: toIoFailure })
    const sink = new TcpSink(port, connection)
    own.#state = { is: 'connected', connection, source, sink }
    return [
      new InputStream(own.#io, {
        ready: () => source.ready(),
        wait: (signal) => source.wait(signal),
        read: (length) => source.read(length),
        close: () => source.end(),
      }),
      new OutputStream(own.#io, sink),
    ]
  }

  startListen(): void {
    const own = TcpSocket.#own(this)
    if (own.#state.is !== 'unbound') throw failed('invalid-state')
    own.#refuse('net.listen', own.#family, 'a component is a client: it cannot listen')
  }

  finishListen(): void {
    TcpSocket.#own(this)
    throw failed('not-in-progress')
  }

  accept(): never {
    TcpSocket.#own(this)
    throw failed('invalid-state')
  }

  localAddress(): IpSocketAddress {
    return TcpSocket.#own(this).#endpoint('local')
  }

  remoteAddress(): IpSocketAddress {
    return TcpSocket.#own(this).#endpoint('remote')
  }

  isListening(): boolean {
    TcpSocket.#own(this)
    return false
  }

  addressFamily(): IpAddressFamily {
    return TcpSocket.#own(this).#family
  }

  setListenBacklogSize(value: bigint): void {
    const { is } = TcpSocket.#own(this).#state
    if (value === 0n) throw failed('invalid-argument')
    if (is === 'connecting' || is === 'connected') throw failed('invalid-state')
  }

  keepAliveEnabled(): boolean {
    return TcpSocket.#own(this).#options.keepAlive
  }

  setKeepAliveEnabled(value: boolean): void {
    const own = TcpSocket.#own(this)
    own.#options.keepAlive = value
    own.#applyKeepAlive()
  }

  keepAliveIdleTime(): bigint {
    return TcpSocket.#own(this).#options.idleTime
  }

  setKeepAliveIdleTime(value: bigint): void {
    const own = TcpSocket.#own(this)
    own.#options.setIdleTime(value)
    own.#applyKeepAlive()
  }

  keepAliveInterval(): bigint {
    return TcpSocket.#own(this).#options.interval
  }

  setKeepAliveInterval(value: bigint): void {
    TcpSocket.#own(this).#options.setInterval(value)
  }

  keepAliveCount(): number {
    return TcpSocket.#own(this).#options.count
  }

  setKeepAliveCount(value: number): void {
    TcpSocket.#own(this).#options.setCount(value)
  }

  hopLimit(): number {
    return TcpSocket.#own(this).#options.hopLimit
  }

  setHopLimit(value: number): void {
    TcpSocket.#own(this).#options.setHopLimit(value)
  }

  receiveBufferSize(): bigint {
    return TcpSocket.#own(this).#options.bufferSize
  }

  setReceiveBufferSize(value: bigint): void {
    TcpSocket.#own(this).#options.setBufferSize(value)
  }

  sendBufferSize(): bigint {
    return TcpSocket.#own(this).#options.bufferSize
  }

  setSendBufferSize(value: bigint): void {
    TcpSocket.#own(this).#options.setBufferSize(value)
  }

  subscribe(): Pollable {
    const own = TcpSocket.#own(this)
    const isReady = (): boolean => own.#state.is !== 'connecting' || own.#state.outcome !== undefined
    return new Pollable(own.#io, {
      ready: isReady,
      wait: async (signal) => {
        while (!isReady() && !signal.aborted) await own.#gate.wait(signal)
      },
    })
  }

  shutdown(type: 'receive' | 'send' | 'both'): void {
    const state = TcpSocket.#own(this).#state
    if (state.is !== 'connected') throw failed('invalid-state')
    if (type !== 'send') state.source.end()
    if (type !== 'receive') state.sink.close()
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  /** It, when it is one and not only looks like it. */
  static #own(own: TcpSocket): TcpSocket {
    if (!(#family in own)) throw unknownHandle('tcp-socket')
    return own
  }

  #checkFamily({ tag, val }: IpSocketAddress): void {
    if (tag !== this.#family || isMapped({ tag, val: val.address })) throw failed('invalid-argument')
  }

  #connect(address: string, port: number, target: string): void {
    const session = this.#session()
    try {
      session.admit(address, port)
    } catch (error) {
      if (!(error instanceof Denied)) throw error
      refuse(this.#io.port, 'net.connect', target, error)
    }
    const state: Extract<State, { is: 'connecting' }> = { is: 'connecting' }
    this.#state = state
    const settle = (outcome: NonNullable<typeof state.outcome>): void => {
      state.outcome = outcome
      if (this.#state !== state && 'connection' in outcome) return outcome.connection.close()
      this.#applyKeepAlive()
      this.#gate.wake()
    }
    this.#io.port
      .performAsync('net.connect', (call) => {
        call.target = target
        return session.connect(address, port, call)
      })
      .then(
        (connection) => settle({ connection }),
        (error: unknown) => settle({ error }),
      )
  }

  #connection(): OpenConnection | undefined {
    if (this.#state.is === 'connected') return this.#state.connection
    return this.#state.is === 'connecting' && this.#state.outcome !== undefined && 'connection' in this.#state.outcome
      ? this.#state.outcome.connection
      : undefined
  }

  #applyKeepAlive(): void {
    const { keepAlive, idleTime } = this.#options
    this.#connection()?.keepAlive(keepAlive ? Number(idleTime / 1_000_000n) : undefined)
  }

  #endpoint(side: 'local' | 'remote'): IpSocketAddress {
    if (this.#state.is !== 'connected') throw failed('invalid-state')
    const { address, port } = this.#state.connection[side]
    const endpoint = toSocketAddress(address, port)
    if (endpoint === undefined) throw failed('unknown')
    return endpoint
  }

  #refuse(operation: string, target: string, reason: string): never {
    return refuse(this.#io.port, operation, target, new Denied(`${operation.replace('.', ' ')} ${target}`, reason, 'nothing: leave it out'))
  }

  #close(): void {
    const connection = this.#connection()
    if (this.#state.is === 'connected') {
      this.#state.source.end()
      this.#state.sink.abandon()
    } else {
      connection?.close()
    }
    this.#state = { is: 'closed' }
  }
}

function targetOf({ tag, val: { address, port } }: IpSocketAddress): string {
  const text = toText({ tag, val: address })
  return tag === 'ipv4' ? `${text}:${port}` : `[${text}]:${port}`
}
