import type { Tcp } from '../../../capabilities/tcp/index.js'
import { createWasi } from '../../../src/component/wasi/host.js'
import type { IoError } from '../../../src/component/wasi/io-error.js'
import type { IpAddress, IpAddressFamily, IpSocketAddress } from '../../../src/component/wasi/sockets-address.js'
import type { ResolveAddressStream } from '../../../src/component/wasi/sockets-lookup.js'
import type { Network } from '../../../src/component/wasi/sockets-network.js'
import type { TcpSocket } from '../../../src/component/wasi/sockets-tcp.js'
import type { UdpSocket } from '../../../src/component/wasi/sockets-udp.js'
import type { InputStream } from '../../../src/component/wasi/streams-input.js'
import type { OutputStream } from '../../../src/component/wasi/streams-output.js'
import { type FakeOptions, FakePort } from './fake-port.js'

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
export const v4 = (text: string, port: number): IpSocketAddress => ({ tag: 'ipv4', val: { port, address: text.split('.').map(Number) } })
export const v6 = (address: readonly number[], port: number): IpSocketAddress => ({ tag: 'ipv6', val: { port, flowInfo: 0, address, scopeId: 0 } })

/** A component without its module: it calls the interfaces as the glue does. */
export class SocketsGuest implements Disposable {
  readonly port: FakePort
  readonly network: Network
  readonly #imports: Record<string, Record<string, unknown>>

  constructor(tcp: Tcp | undefined, options: FakeOptions = {}) {
    this.port = new FakePort({ tcp, canSuspend: true, ...options })
    this.#imports = createWasi(this.port).imports
    this.network = this.#function<() => Network>('instance-network', 'instanceNetwork')()
  }

  tcp(family: IpAddressFamily = 'ipv4'): TcpSocket {
    return this.#function<(family: IpAddressFamily) => TcpSocket>('tcp-create-socket', 'createTcpSocket')(family)
  }

  udp(family: IpAddressFamily = 'ipv4'): UdpSocket {
    return this.#function<(family: IpAddressFamily) => UdpSocket>('udp-create-socket', 'createUdpSocket')(family)
  }

  resolve(name: string): ResolveAddressStream {
    return this.#function<(network: Network, name: string) => ResolveAddressStream>('ip-name-lookup', 'resolveAddresses')(this.network, name)
  }

  networkErrorCode(error: IoError): unknown {
    return this.#function<(error: IoError) => unknown>('network', 'networkErrorCode')(error)
  }

  /** All addresses of a name. */
  async addresses(name: string): Promise<readonly IpAddress[]> {
    const stream = this.resolve(name)
    await stream.subscribe().block()
    const all: IpAddress[] = []
    for (let next = stream.resolveNextAddress(); next !== undefined; next = stream.resolveNextAddress()) all.push(next)
    return all
  }

  /** Connects and waits for it. */
  async connect(socket: TcpSocket, address: IpSocketAddress): Promise<[InputStream, OutputStream]> {
    socket.startConnect(this.network, address)
    await socket.subscribe().block()
    return socket.finishConnect()
  }

  async read(stream: InputStream): Promise<string> {
    let all = ''
    for (;;) {
      try {
        all += Buffer.from(await stream.blockingRead(65_536n)).toString('latin1')
      } catch (error) {
        if ((error as { payload?: { tag?: string } }).payload?.tag === 'closed') return all
        throw error
      }
    }
  }

  [Symbol.dispose](): void {
    this.port.settle()
  }

  #function<T>(name: string, member: string): T {
    return this.#imports[`wasi:sockets/${name}`]![member] as T
  }
}
