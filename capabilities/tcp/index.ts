export type { TcpConnection, TcpConnector } from './connector.js'
export type { Tcp, TcpOptions } from './tcp.js'
