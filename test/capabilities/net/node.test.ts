import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { http, requireUndici } from '../../../capabilities/net/node.js'
import { GloveboxError } from '../../../src/errors.js'
import { createHostileResolver } from '../../support/hostile-resolver.js'
import { startHostileServer } from '../../support/hostile-server.js'
import { createFakeRun } from './fake-run.js'

const notPublic = expect.objectContaining({
  name: 'PermissionDenied',
  message: expect.stringMatching(/is not at a public address; grant .*allowPrivateAddresses/),
})
const failed = (words: string) => expect.objectContaining({ name: 'TypeError', message: `fetch failed: ${words}` })

describe('http() connects only to addresses that were checked', () => {
  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.0.170',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '::7f00:1',
    '64:ff9b::a00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'fd00::1',
    'ff02::1',
    '100::1',
    '4000::1',
    '127.1',
    '0x7f.1',
    '2130706433',
    '0177.0.0.1',
    'evil.test',
    '',
  ])('a name that resolves to %j is denied', async (address) => {
    const resolve = createHostileResolver({ 'api.test': [[address]] })
    const run = createFakeRun(http([{ url: 'http://api.test/' }], { resolve, connectTimeoutMs: 500 }))
    await expect(run.fetch('http://api.test/')).rejects.toEqual(notPublic)
    expect(resolve.asked).toEqual(['api.test'])
    expect(run.held()).toBe(0)
  })

  it('one private address among public ones refuses the name', async () => {
    const resolve = createHostileResolver({ 'api.test': [['203.0.114.1', '127.0.0.1']] })
    await expect(
      createFakeRun(http([{ url: 'http://api.test/' }], { resolve })).fetch('http://api.test/'),
    ).rejects.toEqual(notPublic)
  })

  it('a resolver that changes its mind is asked once for a connection, and again checked for the next', async () => {
    await using server = await startHostileServer()
    const resolve = createHostileResolver({ 'api.test': [['127.0.0.2'], ['127.0.0.1']] })
    const url = `http://api.test:${server.port}/a`
    const rebound = createFakeRun(http([{ url, allowPrivateAddresses: ['127.0.0.2'] }], { resolve }))
    // 127.0.0.2 has no server: the connection fails there, and must not go to the address of a second answer.
    await expect(rebound.fetch(url)).rejects.toEqual(failed('connection refused'))
    expect(resolve.asked).toEqual(['api.test'])
    await expect(rebound.fetch(url)).rejects.toEqual(notPublic)
    expect(server.connections()).toBe(0)
  })

  it('the address a rule names is reached under its own name, and by that rule only', async () => {
    await using server = await startHostileServer()
    const resolve = createHostileResolver({ 'api.test': [['127.0.0.1']] })
    const origin = `http://api.test:${server.port}`
    const run = createFakeRun(
      http([{ url: `${origin}/a`, allowPrivateAddresses: ['127.0.0.0/8'] }, { url: `${origin}/b` }], { resolve }),
    )
    expect(await run.text(`${origin}/a`)).toBe('hello')
    expect(server.received[0]!.headers.host).toBe(`api.test:${server.port}`)
    // The connection for /a is still open, and must not serve /b.
    await expect(run.fetch(`${origin}/b`)).rejects.toEqual(notPublic)
    expect(server.received.length).toBe(1)
  })

  it('a name without addresses, an unknown name and a resolver that hangs fail without a word of the host', async () => {
    const resolve = createHostileResolver({ 'empty.test': [[]] })
    const rules = ['empty', 'unknown', 'slow'].map((name) => ({ url: `http://${name}.test/` }))
    await expect(createFakeRun(http(rules, { resolve })).fetch('http://empty.test/')).rejects.toEqual(
      failed('name not found'),
    )
    await expect(createFakeRun(http(rules, { resolve })).fetch('http://unknown.test/')).rejects.toEqual(
      failed('name not found'),
    )
    const hanging = createFakeRun(http(rules, { resolve: () => new Promise(() => undefined), connectTimeoutMs: 50 }))
    await expect(hanging.fetch('http://slow.test/')).rejects.toEqual(failed('timed out'))
    expect(hanging.held()).toBe(0)
  })

  it('literal addresses take the same check', async () => {
    expect(() => http([{ url: 'http://127.0.0.1/' }])).toThrow(/add allowPrivateAddresses: \['127.0.0.1'\]/)
    expect(() => http([{ url: 'http://[::1]/' }])).toThrow(/::1, which is no public address/)
    expect(() => http([{ url: 'http://[::ffff:7f00:1]/' }])).toThrow(/no public address/)
    await using server = await startHostileServer()
    const run = createFakeRun(
      http([{ url: `${server.origin}/a`, allowPrivateAddresses: ['127.0.0.1'] }], {
        resolve: () => {
          throw new Error('asked')
        },
      }),
    )
    expect(await run.text(`${server.origin}/a`)).toBe('hello')
  })

  it('proxy variables of the environment are not read', async () => {
    await using server = await startHostileServer()
    await using proxy = await startHostileServer()
    const saved = { ...process.env }
    Object.assign(process.env, {
      HTTP_PROXY: proxy.origin,
      http_proxy: proxy.origin,
      ALL_PROXY: proxy.origin,
      NODE_USE_ENV_PROXY: '1',
    })
    try {
      await createFakeRun(http([{ url: `${server.origin}/a`, allowPrivateAddresses: ['127.0.0.1'] }])).text(
        `${server.origin}/a`,
      )
    } finally {
      process.env = saved
    }
    expect([server.received.length, proxy.connections()]).toEqual([1, 0])
  })
})

describe('http() over TLS', () => {
  const tls = {
    key: readFileSync(new URL('fixtures/key.pem', import.meta.url), 'utf8'),
    cert: readFileSync(new URL('fixtures/cert.pem', import.meta.url), 'utf8'),
  }

  it('asks the pinned address for the granted name, and checks the certificate against it', async () => {
    await using server = await startHostileServer({ tls })
    const resolve = createHostileResolver({ 'api.glovebox.test': [['127.0.0.1']], 'other.test': [['127.0.0.1']] })
    const rules = ['api.glovebox.test', 'other.test'].map((host) => ({
      url: `https://${host}:${server.port}/a`,
      allowPrivateAddresses: ['127.0.0.1'],
    }))
    const run = createFakeRun(http(rules, { resolve, ca: tls.cert }))
    expect(await run.text(rules[0]!.url)).toBe('hello')
    expect(server.serverNames).toEqual(['api.glovebox.test'])
    await expect(run.fetch(rules[1]!.url)).rejects.toEqual(failed('TLS handshake failed'))
    await expect(createFakeRun(http(rules, { resolve })).fetch(rules[0]!.url)).rejects.toEqual(
      failed('TLS handshake failed'),
    )
    expect(server.received.length).toBe(1)
  })
})

describe('http() tells a guest about failures in words of a closed list', () => {
  it('refused, timed out', async () => {
    const server = await startHostileServer()
    const closed = `${server.origin}/a`
    await server[Symbol.asyncDispose]()
    const rule = { allowPrivateAddresses: ['127.0.0.1'] }
    await expect(createFakeRun(http([{ url: closed, ...rule }])).fetch(closed)).rejects.toEqual(
      failed('connection refused'),
    )
    await using mute = await startHostileServer()
    const run = createFakeRun(http([{ url: `${mute.origin}/mute`, ...rule }], { headTimeoutMs: 100 }))
    await expect(run.fetch(`${mute.origin}/mute`)).rejects.toEqual(failed('timed out'))
  })
})

describe('http() refuses', () => {
  it.each([
    ['an unknown option', { timeout: 1 }, /unknown key "timeout"/],
    ['a timeout of nothing', { connectTimeoutMs: 0 }, /connectTimeoutMs is 0/],
    ['options that are none', null, /expected an object/],
  ])('%s', (_title, options, message) => {
    expect(() => http([], options as never)).toThrow(message)
  })

  it.each([
    'localhost',
    '127.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/8/8',
    'fe80::1%eth0',
    '2130706433',
  ])('%s in allowPrivateAddresses', (address) => {
    expect(() => http([{ url: 'https://api.test/', allowPrivateAddresses: [address] }])).toThrow(GloveboxError)
  })

  it('to start without undici, and names the command', () => {
    const absent = () => {
      throw new Error('Cannot find module')
    }
    expect(() => requireUndici(absent)).toThrow(
      expect.objectContaining({ code: 'missing-dependency', message: expect.stringContaining('npm install undici@7') }),
    )
  })
})
