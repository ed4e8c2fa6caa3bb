import { Denied } from '../../../capabilities/capability.js'
import { unknownHandle } from './failure.js'
import type { Io } from './io.js'
import { Pollable } from './poll.js'
import { type IpAddressFamily, type IpSocketAddress, isMapped, toText } from './sockets-address.js'
import { failed, refuse } from './sockets-error.js'
import { Network } from './sockets-network.js'
import { SocketOptions } from './sockets-options.js'

/** `wasi:sockets/udp` `udp-socket`: it can be made and asked, and never bound, so that nothing is sent or received. */
export class UdpSocket {
  readonly #io: Io
  readonly #family: IpAddressFamily
  readonly #options = new SocketOptions()
  readonly #drop: () => void

  constructor(io: Io, family: IpAddressFamily) {
    this.#io = io
    this.#family = family
    this.#drop = io.own(() => {})
  }

  startBind(network: Network, { tag, val }: IpSocketAddress): void {
    const own = UdpSocket.#own(this)
    Network.check(network)
    if (tag !== own.#family || isMapped({ tag, val: val.address })) throw failed('invalid-argument')
    const target = `udp ${toText({ tag, val: val.address })}:${val.port}`
    refuse(own.#io.port, 'net.bind', target, new Denied(`net bind ${target}`, 'no grant covers UDP', 'nothing: leave it out'))
  }

  finishBind(): void {
    UdpSocket.#own(this)
    throw failed('not-in-progress')
  }

  stream(remoteAddress: IpSocketAddress | undefined): never {
    const own = UdpSocket.#own(this)
    if (remoteAddress !== undefined && remoteAddress.tag !== own.#family) throw failed('invalid-argument')
    throw failed('invalid-state')
  }

  localAddress(): never {
    UdpSocket.#own(this)
    throw failed('invalid-state')
  }

  remoteAddress(): never {
    UdpSocket.#own(this)
    throw failed('invalid-state')
  }

  addressFamily(): IpAddressFamily {
    return UdpSocket.#own(this).#family
  }

  unicastHopLimit(): number {
    return UdpSocket.#own(this).#options.hopLimit
  }

  setUnicastHopLimit(value: number): void {
    UdpSocket.#own(this).#options.setHopLimit(value)
  }

  receiveBufferSize(): bigint {
    return UdpSocket.#own(this).#options.bufferSize
  }

  setReceiveBufferSize(value: bigint): void {
    UdpSocket.#own(this).#options.setBufferSize(value)
  }

  sendBufferSize(): bigint {
    return UdpSocket.#own(this).#options.bufferSize
  }

  setSendBufferSize(value: bigint): void {
    UdpSocket.#own(this).#options.setBufferSize(value)
  }

  subscribe(): Pollable {
    const own = UdpSocket.#own(this)
    return new Pollable(own.#io, { ready: () => true, wait: async () => undefined })
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  /** It, when it is one and not only looks like it. */
  static #own(own: UdpSocket): UdpSocket {
    if (!(#family in own)) throw unknownHandle('udp-socket')
    return own
  }
}

/** `wasi:sockets/udp` `incoming-datagram-stream`: no socket ever gives one. */
export class IncomingDatagramStream {
  receive(): never {
    throw unknownHandle('incoming-datagram-stream')
  }

  subscribe(): never {
    throw unknownHandle('incoming-datagram-stream')
  }

  [Symbol.dispose](): void {}
}

/** `wasi:sockets/udp` `outgoing-datagram-stream`: no socket ever gives one. */
export class OutgoingDatagramStream {
  checkSend(): never {
    throw unknownHandle('outgoing-datagram-stream')
  }

  send(): never {
    throw unknownHandle('outgoing-datagram-stream')
  }

  subscribe(): never {
    throw unknownHandle('outgoing-datagram-stream')
  }

  [Symbol.dispose](): void {}
}
