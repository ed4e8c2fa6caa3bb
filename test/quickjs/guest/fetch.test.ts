import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Denied, GuestVisibleError } from '../../../capabilities/capability.js'
import type { Net } from '../../../capabilities/net/index.js'
import { http } from '../../../capabilities/net/node.js'
import type { GuestCore } from '../../../src/quickjs/guest/core.js'
import { createFakeRun } from '../../capabilities/net/fake-run.js'
import { createWeb } from './web-core.js'
import { type HostileServer, startHostileServer } from '../../support/hostile-server.js'

class PermissionDenied extends Error {
  override readonly name = 'PermissionDenied'
  readonly code = 'denied'
}

/** The error a guest gets for what a handler threw. */
const toGuest = (error: unknown): unknown => {
  if (error instanceof Denied) return new PermissionDenied(error.message)
  if (!(error instanceof GuestVisibleError)) return error
  if (error.name === 'AbortError') return new DOMException(error.message, error.name)
  return Object.assign(new TypeError(error.message), { code: error.code })
}

/** The library over real handlers, with values crossing by copy. */
const createGuest = (net: Net | undefined) => {
  const run = createFakeRun(net)
  const timers: (() => void)[] = []
  const core: Partial<GuestCore> = {
    call(operation, ...args) {
      try {
        return structuredClone(run.call(operation, ...structuredClone(args)))
      } catch (error) {
        throw toGuest(error)
      }
    },
    async callAsync(operation, ...args) {
      try {
        return structuredClone(await run.call(operation, ...structuredClone(args)))
      } catch (error) {
        throw toGuest(error)
      }
    },
    PermissionDenied,
    log: () => undefined,
    startTimer: (callback) => timers.push(callback),
    stopTimer: () => undefined,
    packaged: () => undefined,
    source: () => { throw new Error('no modules here') },
    script: () => { throw new Error('no modules here') },
    settings: () => ({ args: [], env: {}, stdin: '', tools: [], timers: 64, mounts: [], given: [], filename: '/main.js' }),
    isProxy: () => false,
    atEnd: () => {},
    exit: () => {
      throw new Error('exit')
    },
  }
  return { ...createWeb(core), run, fireTimers: () => timers.splice(0).forEach((fire) => fire()) }
}

let server: HostileServer
beforeAll(async () => {
  server = await startHostileServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const guestFor = (path: string, rule: object = {}) =>
  createGuest(
    http([
      {
        url: `${server.origin}${path}`,
        methods: ['GET', 'HEAD', 'POST'],
        allowPrivateAddresses: ['127.0.0.1'],
        ...rule,
      },
    ]),
  )

describe('fetch()', () => {
  it('reads JSON', async () => {
    const { fetch, run } = guestFor('/echo?*')
    const response = await fetch(`${server.origin}/echo?a=b#fragment`)
    expect({
      ok: response.ok,
      status: response.status,
      url: response.url,
      type: response.headers.get('Content-Type'),
    }).toEqual({ ok: true, status: 200, url: `${server.origin}/echo?a=b`, type: 'application/json' })
    expect(await response.json()).toMatchObject({ method: 'GET', url: '/echo?a=b' })
    expect(response.bodyUsed).toBe(true)
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(run.calls.length).toBe(1)
  })

  it('sends text, bytes, forms and streams', async () => {
    const { fetch, ReadableStream } = guestFor('/echo')
    const stream = ReadableStream.from([new TextEncoder().encode('str'), new TextEncoder().encode('eam')])
    const bodies: [unknown, string, string | undefined][] = [
      ['Grüße', 'Grüße', 'text/plain;charset=UTF-8'],
      [new Uint8Array([104, 105]), 'hi', undefined],
      [new DataView(new Uint8Array([1, 104, 105]).buffer, 1), 'hi', undefined],
      [new URLSearchParams({ a: '1 2' }), 'a=1+2', 'application/x-www-form-urlencoded;charset=UTF-8'],
      [stream, 'stream', undefined],
      [{ toString: () => 'object' }, 'object', 'text/plain;charset=UTF-8'],
    ]
    for (const [body, expected, type] of bodies) {
      const seen = (await (await fetch(`${server.origin}/echo`, { method: 'post', body: body as string, duplex: 'half' } as RequestInit)).json()) as {
        body: string
        method: string
        headers: Record<string, string>
      }
      expect({ method: seen.method, body: seen.body, type: seen.headers['content-type'] }).toEqual({
        method: 'POST',
        body: expected,
        type,
      })
    }
  })

  it('streams a long body, and gives up the rest when the loop is left', async () => {
    const { fetch, run } = guestFor('/big?*')
    const response = await fetch(`${server.origin}/big?bytes=300000`)
    let total = 0
    for await (const chunk of response.body!) total += (chunk as Uint8Array).length
    expect(total).toBe(300_000)
    expect(run.held()).toBe(0)
    const other = await fetch(`${server.origin}/big?bytes=3000000`)
    for await (const chunk of other.body!) {
      expect((chunk as Uint8Array).length).toBeGreaterThan(0)
      break
    }
    expect(run.held()).toBe(0)
  })

  it('reads a long body whole with one more host call, also when it is cloned', async () => {
    const { fetch, run } = guestFor('/big?*')
    const response = await fetch(`${server.origin}/big?bytes=200000`)
    const copy = response.clone()
    expect((await response.text()).length).toBe(200_000)
    expect((await copy.arrayBuffer()).byteLength).toBe(200_000)
    expect(run.calls.map(({ operation }) => operation)).toEqual(['net.fetch', 'net.bodyAll'])
    expect(run.held()).toBe(0)
  })

  it('is denied for what no rule covers, catchably, with the grant that would do', async () => {
    const { fetch } = guestFor('/echo')
    await expect(fetch('https://evil.test/')).rejects.toMatchObject({
      name: 'PermissionDenied',
      code: 'denied',
      message: expect.stringContaining("http([{ url: 'https://evil.test/'"),
    })
    await expect(
      fetch(`${server.origin}/echo`, { headers: { Authorization: 'Bearer attacker' } }),
    ).rejects.toBeInstanceOf(PermissionDenied)
    await expect(createGuest(undefined).fetch('https://x.test/')).rejects.toThrow(/no net grant/)
  })

  it('fails with a TypeError as the web does', async () => {
    const { fetch } = guestFor('/cut')
    const response = await fetch(`${server.origin}/cut`)
    await expect(response.text()).rejects.toThrow(TypeError)
    for (const input of ['/relative', 'not a url', 'https://user:pass@x.test/'])
      await expect(fetch(input)).rejects.toThrow(TypeError)
    await expect(fetch('https://x.test/', { method: 'CONNECT' })).rejects.toThrow(/forbidden/)
    await expect(fetch('https://x.test/', { body: 'x' })).rejects.toThrow(/cannot have body/)
    await expect(fetch('https://x.test/', { headers: { a: 'b\nc' } })).rejects.toThrow(TypeError)
    await expect(fetch('https://x.test/', { signal: {} as never })).rejects.toThrow(/no AbortSignal/)
  })

  it('gives no body to HEAD', async () => {
    const { fetch } = guestFor('/a')
    const response = await fetch(`${server.origin}/a`, { method: 'HEAD' })
    expect([response.body, await response.text(), response.headers.get('content-length')]).toEqual([null, '', '5'])
  })

  it('has response headers that cannot be changed', async () => {
    const { fetch } = guestFor('/a')
    const { headers } = await fetch(`${server.origin}/a`)
    expect(() => headers.set('a', 'b')).toThrow(TypeError)
  })
})

describe('fetch() with a signal', () => {
  it('that is aborted asks nothing of the host', async () => {
    const { fetch, AbortSignal, run } = guestFor('/a')
    await expect(fetch(`${server.origin}/a`, { signal: AbortSignal.abort('why') })).rejects.toBe('why')
    expect(run.calls).toEqual([])
  })

  it('ends a request in flight with its reason', async () => {
    const { fetch, AbortController, run } = guestFor('/mute')
    const controller = new AbortController()
    const pending = fetch(`${server.origin}/mute`, { signal: controller.signal })
    while (run.calls.length === 0) await new Promise(setImmediate)
    controller.abort()
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
    expect(run.held()).toBe(0)
  })

  it('ends a body that is being read', async () => {
    const { fetch, AbortController, run } = guestFor('/slow')
    const controller = new AbortController()
    const response = await fetch(`${server.origin}/slow`, { signal: controller.signal })
    const reading = response.text()
    controller.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
    expect(run.held()).toBe(0)
  })

  it('times out on the granted clock', async () => {
    const { fetch, AbortSignal, run, fireTimers } = guestFor('/mute')
    const pending = fetch(`${server.origin}/mute`, { signal: AbortSignal.timeout(10) })
    while (run.calls.length === 0) await new Promise(setImmediate)
    fireTimers()
    await expect(pending).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})
