import { type AddressInfo, type Socket, createServer } from 'node:net'

/** A TCP server on 127.0.0.1 that does to each connection what it is told. */
export interface HostilePeer extends AsyncDisposable {
  readonly port: number
  readonly connections: () => number
  /** What came in, of all connections. */
  readonly received: () => string
  /** Resolves when a connection was closed by the other side. */
  readonly closed: () => Promise<void>
}

/** Sends back what comes in. */
export const echo = (socket: Socket): void => void socket.pipe(socket)

export async function startPeer(serve: (socket: Socket) => void): Promise<HostilePeer> {
  const sockets = new Set<Socket>()
  const chunks: Buffer[] = []
  let connections = 0
  let onClosed = (): void => undefined
  const closed = new Promise<void>((resolve) => (onClosed = resolve))
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('end', onClosed)
    socket.on('close', onClosed)
    serve(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    received: () => Buffer.concat(chunks).toString('latin1'),
    closed: () => closed,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
