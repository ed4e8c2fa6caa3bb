import { describe, expect, it } from 'vitest'
import type { TcpConnection } from '../../../capabilities/tcp/connector.js'
import { tcp } from '../../../capabilities/tcp/node.js'
import { openTcp } from '../../../capabilities/tcp/tcp.js'
import { echo, startPeer } from '../../support/hostile-peer.js'

const connectorOf = (options: Parameters<typeof tcp>[1] = {}) => openTcp(tcp([], options)).connector
const signal = new AbortController().signal
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

async function readAll(connection: TcpConnection): Promise<string> {
  let all = ''
  for (let chunk = await connection.read(); chunk !== null; chunk = await connection.read()) all += Buffer.from(chunk).toString('latin1')
  return all
}

describe('tcp() connects', () => {
  it('and moves bytes both ways, each side ending on its own', async () => {
    await using peer = await startPeer(echo)
    const connection = await connectorOf().connect('127.0.0.1', peer.port, signal)
    expect(connection.remote).toEqual({ address: '127.0.0.1', port: peer.port })
    expect(connection.local.address).toBe('127.0.0.1')
    await connection.write(bytes('hello'))
    await connection.end()
    expect(await readAll(connection)).toBe('hello')
    connection.close()
  })

  it('and gives bytes that hold nothing else', async () => {
    await using peer = await startPeer((socket) => socket.end('hi'))
    const connection = await connectorOf().connect('127.0.0.1', peer.port, signal)
    const chunk = (await connection.read())!
    expect([chunk.constructor, chunk.buffer.byteLength]).toEqual([Uint8Array, 2])
    connection.close()
  })

  it('and reads no faster than it is asked', async () => {
    let sent = 0
    await using peer = await startPeer((socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write(new Uint8Array(65_536))) sent += 65_536
      }
      socket.on('drain', more)
      more()
    })
    const connection = await connectorOf().connect('127.0.0.1', peer.port, signal)
    await connection.read()
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
    expect(sent).toBeLessThan(64 << 20)
    connection.close()
  })

  it('and says that nobody listens', async () => {
    const peer = await startPeer(echo)
    await peer[Symbol.asyncDispose]()
    await expect(connectorOf().connect('127.0.0.1', peer.port, signal)).rejects.toMatchObject({ failure: 'refused' })
  })

  it('and says that the other side reset the connection', async () => {
    await using peer = await startPeer((socket) => void socket.once('data', () => socket.resetAndDestroy()))
    const connection = await connectorOf().connect('127.0.0.1', peer.port, signal)
    await connection.write(bytes('x'))
    await expect(readAll(connection)).rejects.toMatchObject({ failure: 'reset' })
    await expect(connection.write(bytes('x'))).rejects.toMatchObject({ name: 'TcpError' })
  })

  it('and stops waiting when it is closed', async () => {
    await using peer = await startPeer(() => undefined)
    const connection = await connectorOf().connect('127.0.0.1', peer.port, signal)
    const pending = connection.read()
    connection.close()
    await expect(pending).rejects.toMatchObject({ failure: 'aborted' })
    await peer.closed()
  })

  it('and gives up at once when it is aborted', async () => {
    await using peer = await startPeer(echo)
    const aborted = new AbortController()
    const pending = connectorOf().connect('127.0.0.1', peer.port, aborted.signal)
    aborted.abort()
    await expect(pending).rejects.toMatchObject({ failure: 'aborted' })
  })
})

describe('tcp() looks up', () => {
  it('through the resolver it is given', async () => {
    expect(await connectorOf({ resolve: async (host) => [host === 'db.test' ? '10.0.0.1' : 'none'] }).resolve('db.test')).toEqual(['10.0.0.1'])
  })

  it.each([
    ['ENOTFOUND', 'not-found'],
    ['EAI_AGAIN', 'lookup-again'],
    ['EAI_FAIL', 'lookup-failed'],
    ['EWHATEVER', 'network'],
  ])('and puts %s into words of a closed list', async (code, failure) => {
    const resolve = () => Promise.reject(Object.assign(new Error('getaddrinfo secret.internal'), { code }))
    await expect(connectorOf({ resolve }).resolve('db.test')).rejects.toMatchObject({ name: 'TcpError', failure, message: expect.not.stringContaining('secret') })
  })
})
