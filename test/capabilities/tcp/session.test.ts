import { describe, expect, it } from 'vitest'
import type { HostCall } from '../../../capabilities/capability.js'
import { type TcpConnection, type TcpConnector, TcpError } from '../../../capabilities/tcp/connector.js'
import { tcpOver } from '../../../capabilities/tcp/over.js'
import { type TcpSession, openTcpSession } from '../../../capabilities/tcp/session.js'
import type { TcpOptions } from '../../../capabilities/tcp/tcp.js'
import { DEFAULT_LIMITS } from '../../../src/limits.js'

/** A network in memory: what names lead to, and where connections end up. */
class FakeNetwork implements TcpConnector {
  readonly names: Record<string, readonly string[] | (() => Promise<readonly string[]>)> = {}
  readonly connected: string[] = []
  readonly closed: string[] = []
  readonly asked: string[] = []
  /** Says where a connection really goes. */
  route = (address: string): string => address
  hold: Promise<void> | undefined
  sent = ''
  incoming: (Uint8Array | null)[] = []

  async resolve(host: string): Promise<readonly string[]> {
    this.asked.push(host)
    const found = this.names[host]
    if (found === undefined) throw new TcpError('not-found')
    return typeof found === 'function' ? found() : found
  }

  async connect(address: string, port: number): Promise<TcpConnection> {
    await this.hold
    this.connected.push(`${address}:${port}`)
    return {
      local: { address: '192.0.2.1', port: 40_000 },
      remote: { address: this.route(address), port },
      read: async () => this.incoming.shift() ?? null,
      write: async (bytes) => {
        this.sent += Buffer.from(bytes).toString()
      },
      end: async () => undefined,
      keepAlive: () => undefined,
      close: () => void this.closed.push(`${address}:${port}`),
    }
  }
}

function openRun(network: FakeNetwork, targets: readonly string[] | undefined, options: TcpOptions = {}) {
  const ended = new AbortController()
  const disposers: (() => void)[] = []
  const seen: { target: string; in: number; out: number; sources: string[] }[] = []
  const session: TcpSession = openTcpSession(targets === undefined ? undefined : tcpOver(network, targets, options), { onSettle: (dispose) => void disposers.push(dispose) })
  return {
    session,
    seen,
    call(): HostCall {
      const row = { target: '', in: 0, out: 0, sources: [] as string[] }
      seen.push(row)
      return {
        get target() {
          return row.target
        },
        set target(value) {
          row.target = value
        },
        bytesIn: 0,
        bytesOut: 0,
        signal: ended.signal,
        limits: DEFAULT_LIMITS,
        source: (label) => void row.sources.push(label),
        spend: (direction, bytes) => void (row[direction] += bytes),
      }
    },
    settle() {
      ended.abort()
      for (const dispose of disposers) dispose()
    },
  }
}

const denied = (reason: RegExp) => expect.objectContaining({ name: 'PermissionDenied', code: 'denied', reason: expect.stringMatching(reason) })
const failed = (failure: string) => expect.objectContaining({ failure })
const PUBLIC = '93.184.216.34'

function networkOf(names: FakeNetwork['names']): FakeNetwork {
  const network = new FakeNetwork()
  Object.assign(network.names, names)
  return network
}

describe('a TCP session looks names up', () => {
  it('that were granted, and no other', async () => {
    const network = networkOf({ 'db.test': [PUBLIC], 'other.test': [PUBLIC] })
    const run = openRun(network, ['db.test:5432'])
    expect(await run.session.resolve('db.test', run.call())).toEqual([PUBLIC])
    await expect(run.session.resolve('other.test', run.call())).rejects.toEqual(denied(/no endpoint at "other.test"/))
    expect(network.asked).toEqual(['db.test'])
    expect(run.seen.map(({ target }) => target)).toEqual(['db.test', 'other.test'])
  })

  it('not at all without a grant', async () => {
    const network = networkOf({ 'db.test': [PUBLIC] })
    const run = openRun(network, undefined)
    await expect(run.session.resolve('db.test', run.call())).rejects.toEqual(denied(/no tcp grant/))
    expect(network.asked).toEqual([])
  })

  it.each(['127.0.0.1', '169.254.169.254', '10.0.0.1', '::1', '::ffff:10.0.0.1', '::ffff:a00:1', 'fd00::1', '0.0.0.0', '100.64.0.1', '64:ff9b::a00:1', 'not an address', ''])(
    'and refuses one that leads to %s',
    async (address) => {
      const run = openRun(networkOf({ 'db.test': [address] }), ['db.test:5432'])
      await expect(run.session.resolve('db.test', run.call())).rejects.toEqual(denied(/"db.test" is not at a public address/))
      expect(() => run.session.admit(address, 5432)).toThrow()
    },
  )

  it('and refuses one of whose addresses only one is private', async () => {
    const run = openRun(networkOf({ 'db.test': [PUBLIC, '10.0.0.1'] }), ['db.test:5432'])
    await expect(run.session.resolve('db.test', run.call())).rejects.toEqual(denied(/not at a public address/))
  })

  it('at private addresses that were named', async () => {
    const run = openRun(networkOf({ 'db.test': ['10.0.0.5'] }), ['db.test:5432'], { allowPrivateAddresses: ['10.0.0.5'] })
    expect(await run.session.resolve('db.test', run.call())).toEqual(['10.0.0.5'])
  })

  it('and says why it cannot', async () => {
    const run = openRun(networkOf({ 'again.test': () => Promise.reject(new TcpError('lookup-again')), 'odd.test': () => Promise.reject(new Error('10.0.0.1 secret')), 'none.test': [] }), ['gone.test:1', 'again.test:1', 'odd.test:1', 'none.test:1'])
    await expect(run.session.resolve('gone.test', run.call())).rejects.toEqual(failed('not-found'))
    await expect(run.session.resolve('none.test', run.call())).rejects.toEqual(failed('not-found'))
    await expect(run.session.resolve('again.test', run.call())).rejects.toEqual(failed('lookup-again'))
    await expect(run.session.resolve('odd.test', run.call())).rejects.toMatchObject({ failure: 'network', message: 'network error' })
  })
})

describe('a TCP session connects', () => {
  it('to what was looked up in the same call, and records the endpoint that was granted', async () => {
    const network = networkOf({ 'db.test': [PUBLIC] })
    const run = openRun(network, ['db.test:5432'])
    await run.session.resolve('db.test', run.call())
    const connection = await run.session.connect(PUBLIC, 5432, run.call())
    expect(connection.target).toBe('db.test:5432')
    expect(run.seen[1]).toMatchObject({ target: 'db.test:5432', sources: ['net:tcp://db.test:5432'] })
  })

  it.each([
    ['an address nobody looked up', '93.184.216.35', 5432],
    ['another port', PUBLIC, 5433],
    ['the address in IPv6, which is another', '2606:2800:220:1::1', 5432],
  ])('not to %s', async (_title, address, port) => {
    const network = networkOf({ 'db.test': [PUBLIC] })
    const run = openRun(network, ['db.test:5432'])
    await run.session.resolve('db.test', run.call())
    await expect(run.session.connect(address, port, run.call())).rejects.toEqual(denied(/no endpoint at this address/))
    expect(network.connected).toEqual([])
  })

  it('not to a granted name that was never looked up', async () => {
    const network = networkOf({ 'db.test': [PUBLIC] })
    const run = openRun(network, ['db.test:5432'])
    await expect(run.session.connect(PUBLIC, 5432, run.call())).rejects.toEqual(denied(/as far as names were looked up/))
  })

  it('not to what another call looked up', async () => {
    const network = networkOf({ 'db.test': [PUBLIC] })
    const [left, right] = [openRun(network, ['db.test:5432']), openRun(network, ['db.test:5432'])]
    await left.session.resolve('db.test', left.call())
    await expect(right.session.connect(PUBLIC, 5432, right.call())).rejects.toEqual(denied(/no endpoint/))
  })

  it('to what a name led to when it was looked up, whatever it leads to now', async () => {
    let at = 0
    const network = networkOf({ 'db.test': async () => [[PUBLIC], ['127.0.0.1']][at++]! })
    const run = openRun(network, ['db.test:5432'])
    await run.session.resolve('db.test', run.call())
    await expect(run.session.resolve('db.test', run.call())).rejects.toEqual(denied(/not at a public address/))
    await expect(run.session.connect('127.0.0.1', 5432, run.call())).rejects.toEqual(denied(/no endpoint/))
    await run.session.connect(PUBLIC, 5432, run.call())
    expect(network.connected).toEqual([`${PUBLIC}:5432`])
  })

  it('to an address that was granted as such', async () => {
    const network = new FakeNetwork()
    const run = openRun(network, [`${PUBLIC}:80`, '[2606:2800:220:1::1]:80'])
    await run.session.connect(PUBLIC, 80, run.call())
    await run.session.connect('2606:2800:220:1:0:0:0:1', 80, run.call())
    expect(network.connected).toEqual([`${PUBLIC}:80`, '2606:2800:220:1:0:0:0:1:80'])
  })

  it('and closes what ended up elsewhere', async () => {
    const network = new FakeNetwork()
    network.route = () => '127.0.0.1'
    const run = openRun(network, [`${PUBLIC}:80`])
    await expect(run.session.connect(PUBLIC, 80, run.call())).rejects.toEqual(denied(/not at a public address/))
    expect(network.closed).toEqual([`${PUBLIC}:80`])
  })

  it('not after the call has ended, and closes what comes late', async () => {
    const network = new FakeNetwork()
    let release = (): void => undefined
    network.hold = new Promise((resolve) => (release = resolve))
    const run = openRun(network, [`${PUBLIC}:80`])
    const pending = run.session.connect(PUBLIC, 80, run.call())
    run.settle()
    await expect(pending).rejects.toEqual(failed('aborted'))
    release()
    await expect.poll(() => network.closed).toEqual([`${PUBLIC}:80`])
    await expect(run.session.connect(PUBLIC, 80, run.call())).rejects.toEqual(failed('aborted'))
  })

  it('and closes everything when the call ends', async () => {
    const network = new FakeNetwork()
    const run = openRun(network, [`${PUBLIC}:80`])
    await run.session.connect(PUBLIC, 80, run.call())
    await run.session.connect(PUBLIC, 80, run.call())
    run.settle()
    expect(network.closed).toHaveLength(2)
  })
})

describe('a TCP session counts', () => {
  it('bytes both ways', async () => {
    const network = new FakeNetwork()
    network.incoming = [new Uint8Array(7), null]
    const run = openRun(network, [`${PUBLIC}:80`])
    const connection = await run.session.connect(PUBLIC, 80, run.call())
    const call = run.call()
    await connection.write(new Uint8Array(5), call)
    expect((await connection.read(call))!.length).toBe(7)
    expect(await connection.read(call)).toBeNull()
    expect(run.seen[1]).toMatchObject({ in: 7, out: 5 })
  })

  it('what is sent before it is sent, over all connections of a call', async () => {
    const network = new FakeNetwork()
    const run = openRun(network, [`${PUBLIC}:80`], { maxBytesOut: 8 })
    const [left, right] = [await run.session.connect(PUBLIC, 80, run.call()), await run.session.connect(PUBLIC, 80, run.call())]
    await left.write(Buffer.from('hello'), run.call())
    await expect(right.write(Buffer.from('world'), run.call())).rejects.toEqual(denied(/8 bytes are used up/))
    expect(network.sent).toBe('hello')
  })

  it('what comes in, and gives no more than was granted', async () => {
    const network = new FakeNetwork()
    network.incoming = [new Uint8Array(5), new Uint8Array(5)]
    const run = openRun(network, [`${PUBLIC}:80`], { maxBytesIn: 8 })
    const connection = await run.session.connect(PUBLIC, 80, run.call())
    await connection.read(run.call())
    await expect(connection.read(run.call())).rejects.toEqual(failed('too-much'))
  })
})
