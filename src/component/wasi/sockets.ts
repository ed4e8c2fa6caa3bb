import { type TcpSession, openTcpSession } from '../../../capabilities/tcp/session.js'
import { IoError } from './io-error.js'
import type { Io } from './io.js'
import { type Skin, row } from './skin.js'
import type { IpAddressFamily } from './sockets-address.js'
import type { ErrorCode } from './sockets-error.js'
import { ResolveAddressStream, createResolve } from './sockets-lookup.js'
import { Network } from './sockets-network.js'
import { TcpSocket } from './sockets-tcp.js'
import { IncomingDatagramStream, OutgoingDatagramStream, UdpSocket } from './sockets-udp.js'

/** `wasi:sockets`, all of 0.2: TCP as a client over the `tcp` grant of the call, and nothing else. */
export const socketsSkin: Skin = {
  names: [
    'wasi:sockets/network',
    'wasi:sockets/instance-network',
    'wasi:sockets/ip-name-lookup',
    'wasi:sockets/tcp',
    'wasi:sockets/tcp-create-socket',
    'wasi:sockets/udp',
    'wasi:sockets/udp-create-socket',
  ],
  make: (port, io) => {
    let opened: TcpSession | undefined
    const session = (): TcpSession => (opened ??= openTcpSession(port.grants.tcp, port))
    return {
      'wasi:sockets/network': row({
        Network,
        networkErrorCode: (error: IoError) => IoError.codeOf(error, 'network') as ErrorCode | undefined,
      }),
      'wasi:sockets/instance-network': row({ instanceNetwork: () => new Network(io) }),
      'wasi:sockets/ip-name-lookup': row({ ResolveAddressStream, resolveAddresses: createResolve(io, session) }),
      'wasi:sockets/tcp': row({ TcpSocket }),
      'wasi:sockets/tcp-create-socket': row({ createTcpSocket: (family: IpAddressFamily) => new TcpSocket(io, session, family) }),
      'wasi:sockets/udp': row({ IncomingDatagramStream, OutgoingDatagramStream, UdpSocket }),
      'wasi:sockets/udp-create-socket': row({ createUdpSocket: (family: IpAddressFamily) => new UdpSocket(io, family) }),
    }
  },
}

/** Functions and classes of `wasi:sockets` for one call. */
export function createSockets(io: Io): ReturnType<Skin['make']> {
  return socketsSkin.make(io.port, io)
}
