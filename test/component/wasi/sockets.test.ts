import { afterEach, describe, expect, it } from 'vitest'
import { tcp } from '../../../capabilities/tcp/node.js'
import type { TcpNodeOptions } from '../../../capabilities/tcp/node.js'
import type { IoError } from '../../../src/component/wasi/io-error.js'
import { Network } from '../../../src/component/wasi/sockets-network.js'
import { TcpSocket } from '../../../src/component/wasi/sockets-tcp.js'
import { UdpSocket } from '../../../src/component/wasi/sockets-udp.js'
import { echo, startPeer } from '../../support/hostile-peer.js'
import { payloadOf, payloadOfAsync } from './fake-port.js'
import { SocketsGuest, bytes, v4, v6 } from './sockets-guest.js'

const guests: SocketsGuest[] = []
afterEach(() => {
  for (const guest of guests.splice(0)) {
    guest[Symbol.dispose]()
    expect(guest.port.resources).toBe(0)
  }
})

function guestOf(...parameters: ConstructorParameters<typeof SocketsGuest>): SocketsGuest {
  const guest = new SocketsGuest(...parameters)
  guests.push(guest)
  return guest
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'db.test': ['127.0.0.1'],
  'two.test': ['93.184.216.34', '2606:2800:220:1::1', '::ffff:93.184.216.35'],
  'inside.test': ['10.1.2.3'],
  'xn--bcher-kva.test': ['93.184.216.34'],
}
const resolve: TcpNodeOptions['resolve'] = async (name) => NAMES[name] ?? Promise.reject(Object.assign(new Error('secret'), { code: 'ENOTFOUND' }))

/** A guest that may connect to `db.test`, which is this machine. */
const guestFor = (port: number, options: TcpNodeOptions = {}, limits = {}): SocketsGuest =>
  guestOf(tcp([`db.test:${port}`], { resolve, allowPrivateAddresses: ['127.0.0.1'], ...options }), { limits })

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

describe('resolve-addresses()', () => {
  it('gives the addresses of a granted name, never as mapped ones, and then none', async () => {
    const guest = guestOf(tcp(['two.test:80'], { resolve }))
    expect(await guest.addresses('two.test')).toEqual([
      { tag: 'ipv4', val: [93, 184, 216, 34] },
      { tag: 'ipv6', val: [0x2606, 0x2800, 0x220, 1, 0, 0, 0, 1] },
      { tag: 'ipv4', val: [93, 184, 216, 35] },
    ])
    expect(guest.port.calls).toMatchObject([{ operation: 'net.resolve', target: 'two.test', decision: 'allowed', sources: ['net:two.test'] }])
  })

  it('would block until they are there', async () => {
    const guest = guestOf(tcp(['two.test:80'], { resolve }))
    const stream = guest.resolve('two.test')
    expect(payloadOf(() => stream.resolveNextAddress())).toBe('would-block')
    await stream.subscribe().block()
    expect(stream.resolveNextAddress()).toBeDefined()
  })

  it('asks for names in their ASCII form and in lower case', async () => {
    const guest = guestOf(tcp(['xn--bcher-kva.test:80'], { resolve }))
    expect(await guest.addresses('BÜCHER.test')).toHaveLength(1)
  })

  it.each([
    ['without a grant', undefined, 'db.test', 'no tcp grant'],
    ['of another name', tcp(['db.test:80'], { resolve }), 'evil.test', 'no endpoint at "evil.test"'],
    ['that carries data away', tcp(['db.test:80'], { resolve }), 'c2VjcmV0.db.test', 'no endpoint at "c2vjcmv0.db.test"'],
  ])('denies a lookup %s, and records it', (_title, grant, name, reason) => {
    const guest = guestOf(grant)
    expect(payloadOf(() => guest.resolve(name))).toBe('access-denied')
    expect(guest.port.calls).toMatchObject([{ operation: 'net.resolve', target: name.toLowerCase(), decision: 'denied', reason }])
  })

  it('denies a granted name that leads inside', async () => {
    const guest = guestOf(tcp(['inside.test:80'], { resolve }))
    expect(await payloadOfAsync(() => guest.addresses('inside.test'))).toBe('access-denied')
    expect(guest.port.calls).toMatchObject([{ decision: 'denied', reason: expect.stringMatching(/not at a public address/) }])
  })

  it('says that a granted name does not exist', async () => {
    const guest = guestOf(tcp(['gone.test:80'], { resolve }))
    expect(await payloadOfAsync(() => guest.addresses('gone.test'))).toBe('name-unresolvable')
    expect(JSON.stringify(guest.port.calls)).not.toContain('secret')
  })

  it('gives an address back as it is, and asks nobody', async () => {
    const guest = guestOf(undefined)
    expect(await guest.addresses('192.0.2.1')).toEqual([{ tag: 'ipv4', val: [192, 0, 2, 1] }])
    expect(await guest.addresses('2001:db8::192.0.2.1')).toEqual([{ tag: 'ipv6', val: [0x2001, 0xdb8, 0, 0, 0, 0, 0xc000, 0x201] }])
    expect(guest.port.calls).toEqual([])
  })

  it.each(['', ' ', 'a b', 'a.test/', 'a@b', 'a:80', '127.1', '0x7f.0.0.1', '2130706433', '[::1]', 'a\0b', 'a%62', '::1%lo', 'x'.repeat(300)])('refuses the name %j', (name) => {
    const guest = guestOf(undefined)
    expect(payloadOf(() => guest.resolve(name))).toBe('invalid-argument')
  })
})

describe('tcp-socket', () => {
  it('connects to what was looked up, and moves bytes both ways', async () => {
    await using peer = await startPeer(echo)
    const guest = guestFor(peer.port)
    await guest.addresses('db.test')
    const socket = guest.tcp()
    const [input, output] = await guest.connect(socket, v4('127.0.0.1', peer.port))
    await output.blockingWriteAndFlush(bytes('hello'))
    socket.shutdown('send')
    expect(await guest.read(input)).toBe('hello')
    expect(socket.remoteAddress()).toEqual(v4('127.0.0.1', peer.port))
    expect(socket.localAddress()).toMatchObject({ tag: 'ipv4', val: { address: [127, 0, 0, 1] } })
    await turns(2)
    expect(guest.port.calls.map(({ operation, target, decision, in: received, out }) => [operation, target, decision, received, out])).toEqual([
      ['net.resolve', 'db.test', 'allowed', 0, 0],
      ['net.connect', `db.test:${peer.port}`, 'allowed', 0, 0],
      ['net.send', `db.test:${peer.port}`, 'allowed', 0, 5],
      ['net.receive', `db.test:${peer.port}`, 'allowed', 5, 0],
    ])
  })

  it.each([
    ['without a grant', undefined, '127.0.0.1'],
    ['to an address nobody looked up', tcp(['db.test:80'], { resolve, allowPrivateAddresses: ['127.0.0.1'] }), '127.0.0.1'],
    ['to cloud metadata', tcp(['db.test:80'], { resolve }), '169.254.169.254'],
  ])('is denied %s, recorded, and closed', (_title, grant, address) => {
    const guest = guestOf(grant)
    const socket = guest.tcp()
    expect(payloadOf(() => socket.startConnect(guest.network, v4(address, 80)))).toBe('access-denied')
    expect(guest.port.calls).toMatchObject([{ operation: 'net.connect', target: `${address}:80`, decision: 'denied' }])
    expect(payloadOf(() => socket.startConnect(guest.network, v4(address, 80)))).toBe('invalid-state')
    expect(payloadOf(() => socket.finishConnect())).toBe('not-in-progress')
  })

  it('is denied another port of a granted host', async () => {
    await using peer = await startPeer(echo)
    const guest = guestFor(1)
    await guest.addresses('db.test')
    expect(payloadOf(() => guest.tcp().startConnect(guest.network, v4('127.0.0.1', peer.port)))).toBe('access-denied')
    expect(peer.connections()).toBe(0)
  })

  it.each([
    ['port 0', 'ipv4', v4('127.0.0.1', 0)],
    ['no address', 'ipv4', v4('0.0.0.0', 80)],
    ['a multicast address', 'ipv4', v4('224.0.0.1', 80)],
    ['the broadcast address', 'ipv4', v4('255.255.255.255', 80)],
    ['the other family', 'ipv4', v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], 80)],
    ['the other family', 'ipv6', v4('192.0.2.1', 80)],
    ['no address of IPv6', 'ipv6', v6([0, 0, 0, 0, 0, 0, 0, 0], 80)],
    ['a multicast address of IPv6', 'ipv6', v6([0xff02, 0, 0, 0, 0, 0, 0, 1], 80)],
    ['a mapped address', 'ipv6', v6([0, 0, 0, 0, 0, 0xffff, 0x7f00, 1], 80)],
  ] as const)('refuses %s as a %s address', (_title, family, address) => {
    const guest = guestOf(tcp([]))
    const socket = guest.tcp(family)
    expect(payloadOf(() => socket.startConnect(guest.network, address))).toBe('invalid-argument')
    expect(guest.port.calls).toEqual([])
  })

  it('would block while it connects, and connects once at a time', async () => {
    await using peer = await startPeer(echo)
    const guest = guestFor(peer.port)
    await guest.addresses('db.test')
    const socket = guest.tcp()
    socket.startConnect(guest.network, v4('127.0.0.1', peer.port))
    expect(socket.subscribe().ready()).toBe(false)
    expect(payloadOf(() => socket.finishConnect())).toBe('would-block')
    expect(payloadOf(() => socket.startConnect(guest.network, v4('127.0.0.1', peer.port)))).toBe('concurrency-conflict')
    expect(payloadOf(() => socket.setListenBacklogSize(1n))).toBe('invalid-state')
    await socket.subscribe().block()
    socket.finishConnect()
    expect(payloadOf(() => socket.startConnect(guest.network, v4('127.0.0.1', peer.port)))).toBe('invalid-state')
    expect(payloadOf(() => socket.finishConnect())).toBe('not-in-progress')
  })

  it('says that nobody listens, and is closed', async () => {
    const peer = await startPeer(echo)
    await peer[Symbol.asyncDispose]()
    const guest = guestFor(peer.port)
    await guest.addresses('db.test')
    const socket = guest.tcp()
    expect(await payloadOfAsync(() => guest.connect(socket, v4('127.0.0.1', peer.port)))).toBe('connection-refused')
    expect(payloadOf(() => socket.finishConnect())).toBe('not-in-progress')
    expect(payloadOf(() => socket.remoteAddress())).toBe('invalid-state')
  })

  it.each(['bind', 'listen'] as const)('is denied to %s, and it is recorded', (act) => {
    const guest = guestOf(tcp(['db.test:80'], { resolve }))
    const socket = guest.tcp()
    expect(payloadOf(() => (act === 'bind' ? socket.startBind(guest.network, v4('0.0.0.0', 8080)) : socket.startListen()))).toBe('access-denied')
    expect(guest.port.calls).toMatchObject([{ operation: `net.${act}`, decision: 'denied' }])
    expect([payloadOf(() => socket.finishBind()), payloadOf(() => socket.finishListen()), payloadOf(() => socket.accept())]).toEqual(['not-in-progress', 'not-in-progress', 'invalid-state'])
    expect(socket.isListening()).toBe(false)
  })

  it('has options of its own, clamped or refused where the platform has none', () => {
    const guest = guestOf(undefined)
    const socket = guest.tcp('ipv6')
    expect([socket.addressFamily(), socket.keepAliveEnabled(), socket.hopLimit()]).toEqual(['ipv6', false, 64])
    socket.setKeepAliveEnabled(true)
    socket.setKeepAliveIdleTime(1n)
    socket.setKeepAliveInterval(5n)
    socket.setKeepAliveCount(3)
    socket.setReceiveBufferSize(1n << 60n)
    socket.setSendBufferSize(1n)
    socket.setHopLimit(64)
    socket.setListenBacklogSize(10n)
    expect([socket.keepAliveEnabled(), socket.keepAliveIdleTime(), socket.keepAliveInterval(), socket.keepAliveCount()]).toEqual([true, 1_000_000_000n, 75_000_000_000n, 9])
    expect([socket.receiveBufferSize(), socket.sendBufferSize()]).toEqual([65_536n, 65_536n])
    socket.setKeepAliveIdleTime(1n << 63n)
    expect(socket.keepAliveIdleTime()).toBe(32_767_000_000_000n)
    expect(payloadOf(() => socket.setHopLimit(3))).toBe('not-supported')
    for (const set of [
      () => socket.setKeepAliveIdleTime(0n), () => socket.setKeepAliveInterval(0n), () => socket.setKeepAliveCount(0), () => socket.setHopLimit(0),
      () => socket.setReceiveBufferSize(0n), () => socket.setSendBufferSize(0n), () => socket.setListenBacklogSize(0n),
    ]) expect(payloadOf(set)).toBe('invalid-argument')
  })

  it('knows no addresses and shuts nothing down before it is connected', () => {
    const socket = guestOf(undefined).tcp()
    expect([payloadOf(() => socket.localAddress()), payloadOf(() => socket.remoteAddress()), payloadOf(() => socket.shutdown('both'))]).toEqual(['invalid-state', 'invalid-state', 'invalid-state'])
    expect(socket.subscribe().ready()).toBe(true)
  })
})

describe('streams of a tcp-socket', () => {
  async function connected(peer: { readonly port: number }, options: TcpNodeOptions = {}, limits = {}) {
    const guest = guestFor(peer.port, options, limits)
    await guest.addresses('db.test')
    const socket = guest.tcp()
    const [input, output] = await guest.connect(socket, v4('127.0.0.1', peer.port))
    return { guest, socket, input, output }
  }

  it('read no faster than the guest asks', async () => {
    let sent = 0
    await using peer = await startPeer((socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write(new Uint8Array(65_536))) sent += 65_536
      }
      socket.on('drain', more)
      more()
    })
    const { guest, input } = await connected(peer)
    await input.blockingRead(1n)
    await turns(100)
    guest.port.settle()
    await turns(2)
    expect(guest.port.calls.find(({ operation }) => operation === 'net.receive')!.in).toBeLessThan(1 << 20)
    expect(sent).toBeLessThan(64 << 20)
  })

  it('permit no more than the other side takes', async () => {
    await using peer = await startPeer((socket) => void socket.pause())
    const { output } = await connected(peer, { maxBytesOut: 1 << 30 }, { hostBytesOut: 1 << 30 })
    let written = 0
    for (let idle = 0; idle < 20; ) {
      const permit = Number(output.checkWrite())
      if (permit === 0) {
        idle++
        await turns(1)
        continue
      }
      output.write(new Uint8Array(permit))
      written += permit
      await turns(1)
    }
    expect(output.subscribe().ready()).toBe(false)
    expect(written).toBeLessThan(64 << 20)
  })

  it('bring everything out before the end', async () => {
    await using peer = await startPeer(() => undefined)
    const { socket, output, input } = await connected(peer)
    for (let at = 0; at < 10; at++) await output.blockingWriteAndFlush(bytes(`${at}`))
    output.checkWrite()
    output.write(bytes('last'))
    output[Symbol.dispose]()
    input[Symbol.dispose]()
    socket[Symbol.dispose]()
    await peer.closed()
    expect(peer.received()).toBe('0123456789last')
  })

  it('end when the other side does, and stay ended', async () => {
    await using peer = await startPeer((socket) => socket.end('bye'))
    const { guest, input } = await connected(peer)
    expect(await guest.read(input)).toBe('bye')
    expect(payloadOf(() => input.read(1n))).toEqual({ tag: 'closed' })
  })

  it('fail when the other side resets, and network-error-code tells how', async () => {
    await using peer = await startPeer((socket) => void socket.once('data', () => socket.resetAndDestroy()))
    const { guest, input, output } = await connected(peer)
    output.checkWrite()
    output.write(bytes('x'))
    const error = (await payloadOfAsync(() => input.blockingRead(1n))) as { tag: string; val: IoError }
    expect([error.tag, guest.networkErrorCode(error.val)]).toEqual(['last-operation-failed', 'connection-reset'])
  })

  it('take nothing more once they are shut down, idempotently', async () => {
    await using peer = await startPeer(echo)
    const { guest, socket, input, output } = await connected(peer)
    socket.shutdown('receive')
    socket.shutdown('receive')
    expect(payloadOf(() => input.read(1n))).toEqual({ tag: 'closed' })
    socket.shutdown('both')
    socket.shutdown('both')
    expect(payloadOf(() => output.checkWrite())).toEqual({ tag: 'closed' })
    await peer.closed()
    expect(guest.port.halt.stop).toBeUndefined()
  })

  it('send within the grant, and a refusal is recorded', async () => {
    await using peer = await startPeer(() => undefined)
    const { guest, output } = await connected(peer, { maxBytesOut: 8 })
    await output.blockingWriteAndFlush(bytes('12345678'))
    const error = (await payloadOfAsync(() => output.blockingWriteAndFlush(bytes('9')))) as { tag: string; val: IoError }
    expect([error.tag, guest.networkErrorCode(error.val)]).toEqual(['last-operation-failed', 'access-denied'])
    expect(guest.port.calls.at(-1)).toMatchObject({ operation: 'net.send', decision: 'denied', reason: "the grant's 8 bytes are used up" })
    await expect.poll(() => peer.received()).toBe('12345678')
  })

  it('stop a call beyond its own budget', async () => {
    await using peer = await startPeer((socket) => void socket.write(new Uint8Array(100_000)))
    const { guest, input } = await connected(peer, {}, { hostBytesIn: 1000 })
    await expect(guest.read(input)).rejects.toThrow(/bytes in/)
    expect(guest.port.halt.stop?.reason).toBe('host-calls')
  })

  it('die with the call', async () => {
    await using peer = await startPeer(() => undefined)
    const { guest } = await connected(peer)
    guest.port.settle()
    await peer.closed()
  })

  it('die with a call that ends while it connects', async () => {
    await using peer = await startPeer(() => undefined)
    const guest = guestFor(peer.port)
    await guest.addresses('db.test')
    guest.tcp().startConnect(guest.network, v4('127.0.0.1', peer.port))
    guest.port.settle()
    await turns(20)
    if (peer.connections() > 0) await peer.closed()
    expect(guest.port.calls.at(-1)).toMatchObject({ operation: 'net.connect', reason: 'aborted' })
  })
})

describe('udp-socket', () => {
  it('is never bound, so that nothing goes out or comes in', () => {
    const guest = guestOf(tcp(['db.test:53'], { resolve }))
    const socket = guest.udp()
    expect(payloadOf(() => socket.startBind(guest.network, v4('0.0.0.0', 0)))).toBe('access-denied')
    expect(guest.port.calls).toMatchObject([{ operation: 'net.bind', target: 'udp 0.0.0.0:0', decision: 'denied' }])
    expect(payloadOf(() => socket.startBind(guest.network, v6([0, 0, 0, 0, 0, 0, 0, 1], 0)))).toBe('invalid-argument')
    expect([payloadOf(() => socket.finishBind()), payloadOf(() => socket.stream(undefined)), payloadOf(() => socket.stream(v4('192.0.2.1', 53)))]).toEqual(['not-in-progress', 'invalid-state', 'invalid-state'])
    expect(payloadOf(() => socket.stream(v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], 53)))).toBe('invalid-argument')
    expect([payloadOf(() => socket.localAddress()), payloadOf(() => socket.remoteAddress())]).toEqual(['invalid-state', 'invalid-state'])
  })

  it('has options of its own', () => {
    const socket = guestOf(undefined).udp('ipv6')
    socket.setUnicastHopLimit(64)
    socket.setReceiveBufferSize(1n)
    socket.setSendBufferSize(1n)
    expect([socket.addressFamily(), socket.unicastHopLimit(), socket.receiveBufferSize(), socket.sendBufferSize(), socket.subscribe().ready()]).toEqual(['ipv6', 64, 65_536n, 65_536n, true])
    for (const set of [() => socket.setUnicastHopLimit(0), () => socket.setReceiveBufferSize(0n), () => socket.setSendBufferSize(0n)]) expect(payloadOf(set)).toBe('invalid-argument')
  })
})

describe('sockets and memory of the host', () => {
  it('stop a guest that makes more and more', () => {
    const guest = guestOf(undefined)
    expect(() => {
      for (let at = 0; at < 1000; at++) guest.tcp()
    }).toThrow(/resources/)
    expect(guest.port.halt.stop?.reason).toBe('resources')
  })
})

describe('sockets and forged handles', () => {
  it('refuse objects that only look like theirs', () => {
    const guest = guestOf(tcp(['db.test:80'], { resolve }))
    const network = Object.create(Network.prototype) as Network
    const socket = Object.create(TcpSocket.prototype) as TcpSocket
    const datagrams = Object.create(UdpSocket.prototype) as UdpSocket
    for (const use of [
      () => guest.tcp().startConnect(network, v4('127.0.0.1', 80)), () => guest.udp().startBind(network, v4('127.0.0.1', 80)), () => socket.startConnect(guest.network, v4('127.0.0.1', 80)),
      () => socket.finishConnect(), () => socket.hopLimit(), () => socket.subscribe(), () => datagrams.stream(undefined), () => datagrams.subscribe(),
    ]) expect(use).toThrow(WebAssembly.RuntimeError)
  })
})

describe('a call with HTTP only', () => {
  it('has no sockets and no names', async () => {
    const { http } = await import('../../../capabilities/net/node.js')
    const guest = guestOf(undefined, { net: http([{ url: 'https://api.test/**' }]) })
    expect(payloadOf(() => guest.resolve('api.test'))).toBe('access-denied')
    expect(payloadOf(() => guest.tcp().startConnect(guest.network, v4('93.184.216.34', 443)))).toBe('access-denied')
  })
})
