import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HostCall } from '../../../capabilities/capability.js'
import type { GuestBody } from '../../../capabilities/net/guest-body.js'
import { type Net, type NetRule, type RequestTimeouts, type StreamedBody, type Transport, httpOver } from '../../../capabilities/net/index.js'
import { http } from '../../../capabilities/net/node.js'
import type { GuestRequest } from '../../../capabilities/net/send.js'
import { type NetSession, openSession, toTarget } from '../../../capabilities/net/session.js'
import { http as webHttp } from '../../../capabilities/net/web.js'
import { DEFAULT_LIMITS } from '../../../src/limits.js'
import { type HostileServer, startHostileServer } from '../../support/hostile-server.js'

const LOOPBACK = { allowPrivateAddresses: ['127.0.0.1'] }
let server: HostileServer
beforeAll(async () => {
  server = await startHostileServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** A session in a run of its own. */
function openRun(net: Net | undefined) {
  const ended = new AbortController()
  const disposers: (() => void)[] = []
  const spent = { in: 0, out: 0 }
  let held = 0
  const session: NetSession = openSession(net, {
    onSettle: (dispose) => void disposers.push(dispose),
    resource: () => {
      held++
      let isHeld = true
      return () => {
        if (isHeld) held--
        isHeld = false
      }
    },
  })
  const call: HostCall = {
    target: '',
    bytesIn: 0,
    bytesOut: 0,
    signal: ended.signal,
    limits: DEFAULT_LIMITS,
    source: () => undefined,
    spend: (direction, bytes) => void (spent[direction] += bytes),
  }
  return {
    session,
    call,
    spent,
    held: () => held,
    settle() {
      ended.abort()
      for (const dispose of disposers) dispose()
    },
  }
}

/** A body of pieces, with what became of it. */
function bodyOf(pieces: readonly string[], length?: number): GuestBody & { readonly seen: string[] } {
  const seen: string[] = []
  let at = 0
  return {
    seen,
    length,
    whole: () => undefined,
    fail: (error) => void seen.push(`failed: ${(error as Error).name}`),
    chunks: {
      [Symbol.asyncIterator]: () => ({
        next: async () => (at < pieces.length ? { done: false, value: new TextEncoder().encode(pieces[at++]) } : { done: true, value: undefined }),
        return: async () => {
          seen.push('returned')
          return { done: true, value: undefined }
        },
      }),
    },
  }
}

const requestOf = (url: string, rest: Partial<GuestRequest> = {}): GuestRequest => ({ url, method: 'GET', headers: [], body: undefined, redirect: 'manual', ...rest })

/** A transport that answers, and tells what it was sent. */
function transportOf(streams: boolean) {
  const sent: { readonly body: string; readonly length: number | undefined; readonly streamed: boolean; readonly timeouts: RequestTimeouts | undefined }[] = []
  const answer = { status: 200, statusText: '', headers: [], body: null }
  const textOf = async ({ chunks }: StreamedBody): Promise<string> => {
    let all = ''
    for await (const chunk of chunks) all += Buffer.from(chunk).toString()
    return all
  }
  const transport: Transport = {
    async send({ body, timeouts }) {
      sent.push({ body: Buffer.from(body ?? []).toString(), length: body?.length, streamed: false, timeouts })
      return answer
    },
    ...(streams && {
      async sendStreamed({ timeouts }, body) {
        sent.push({ body: await textOf(body), length: body.length, streamed: true, timeouts })
        return answer
      },
    }),
  }
  return { transport, sent }
}

const openOver = (streams: boolean, rule: Partial<NetRule> = {}, options = {}) => {
  const { transport, sent } = transportOf(streams)
  return { sent, ...openRun(httpOver(transport, [{ url: 'https://a.test/', methods: ['GET', 'POST'], ...rule }], options)) }
}

describe('a session decides', () => {
  it('without sending anything', () => {
    const { session, sent } = openOver(true)
    expect(session.admit(requestOf('https://a.test/'))).toBeUndefined()
    expect(() => session.admit(requestOf('https://a.test/other'))).toThrow(/no rule for GET at path "\/other"/)
    expect(sent).toEqual([])
  })

  it('against everything without a grant', async () => {
    const { session, call } = openRun(undefined)
    expect(() => session.admit(requestOf('https://a.test/'))).toThrow(/no net grant/)
    await expect(session.open(requestOf('https://a.test/'), call).response).rejects.toMatchObject({ code: 'denied' })
  })

  it('and names a request on one printable line', () => {
    expect(toTarget(requestOf('https://a.test/\n\u001b[31m', { method: 'GE\rT' }))).toBe('GE\\u000dT https://a.test/\\u000a\\u001b[31m')
  })
})

describe('a session sends a body while it is made', () => {
  it('as it is, counted on its way', async () => {
    const { session, call, sent, spent } = openOver(true)
    await session.open(requestOf('https://a.test/', { method: 'POST', body: bodyOf(['ab', 'cd'], 4) }), call).response
    expect(sent).toMatchObject([{ body: 'abcd', length: 4, streamed: true }])
    expect(spent.out).toBeGreaterThan(4)
  })

  it('as a whole to transports that take no streams', async () => {
    const { session, call, sent } = openOver(false)
    await session.open(requestOf('https://a.test/', { method: 'POST', body: bodyOf(['ab', 'cd']) }), call).response
    expect(sent).toMatchObject([{ body: 'abcd', streamed: false }])
  })

  it('as a whole when it is finished already', async () => {
    const { session, call, sent } = openOver(true)
    const body = { ...bodyOf([]), whole: () => new TextEncoder().encode('done') }
    await session.open(requestOf('https://a.test/', { method: 'POST', body }), call).response
    expect(sent).toMatchObject([{ body: 'done', streamed: false }])
  })

  it.each([true, false])('only up to what the rule grants (streams: %s), and tells who writes it', async (streams) => {
    const { session, call, sent } = openOver(streams, { maxRequestBytes: 60 })
    const body = bodyOf(['a'.repeat(20), 'b'.repeat(20), 'c'.repeat(20)])
    await expect(session.open(requestOf('https://a.test/', { method: 'POST', body }), call).response).rejects.toMatchObject({ code: 'denied', reason: expect.stringMatching(/the rule grants 60/) })
    expect(body.seen).toEqual(['failed: PermissionDenied', 'returned'])
    expect(sent).toEqual([])
  })

  it('only up to what the grant has for all requests', async () => {
    const { session, call } = openOver(true, {}, { maxBytesOut: 60 })
    const body = bodyOf(['a'.repeat(20), 'b'.repeat(20), 'c'.repeat(20)])
    await expect(session.open(requestOf('https://a.test/', { method: 'POST', body }), call).response).rejects.toMatchObject({ reason: expect.stringMatching(/60 bytes for requests are used up/) })
  })

  it('not at all when the length it announces is too much', async () => {
    const { session, call } = openOver(true, { maxRequestBytes: 60 })
    const body = bodyOf(['a'], 1000)
    await expect(session.open(requestOf('https://a.test/', { method: 'POST', body }), call).response).rejects.toMatchObject({ code: 'denied' })
  })

  it('once: a redirect that would need it again is refused', async () => {
    const run = openRun(http([{ url: `${server.origin}/**?*`, methods: ['POST'], redirects: 'recheck', ...LOOPBACK }]))
    const request = requestOf(`${server.origin}/redirect?status=307&to=/echo`, { method: 'POST', body: bodyOf(['a']), redirect: 'follow' })
    await expect(run.session.open(request, run.call).response).rejects.toMatchObject({ failure: 'redirect' })
    run.settle()
  })

  it('over undici, with a length where one is known', async () => {
    const run = openRun(http([{ url: `${server.origin}/echo`, methods: ['POST'], ...LOOPBACK }]))
    for (const [length, header] of [[4, { 'content-length': '4' }], [undefined, { 'transfer-encoding': 'chunked' }]] as const) {
      const response = await run.session.open(requestOf(`${server.origin}/echo`, { method: 'POST', body: bodyOf(['ab', 'cd'], length) }), run.call).response
      expect(JSON.parse(Buffer.from(await response.body!.readAll(run.call)).toString())).toMatchObject({ body: 'abcd', headers: header })
    }
    expect(run.held()).toBe(0)
  })

  it('over undici, and breaks the request off when it is shorter than it announced', async () => {
    const run = openRun(http([{ url: `${server.origin}/echo`, methods: ['POST'], ...LOOPBACK }]))
    await expect(run.session.open(requestOf(`${server.origin}/echo`, { method: 'POST', body: bodyOf(['ab'], 4) }), run.call).response).rejects.toMatchObject({ code: 'fetch-failed' })
    expect(run.held()).toBe(0)
  })
})

describe.each([
  ['undici', () => http([{ url: `${server.origin}/**?*`, ...LOOPBACK }])],
  ['the fetch of the platform', () => webHttp([{ url: `${server.origin}/**?*` }])],
])('waits of a request over %s', (_title, net) => {
  const open = (path: string, timeouts: RequestTimeouts) => {
    const run = openRun(net())
    return { run, exchange: run.session.open(requestOf(server.origin + path, { timeouts }), run.call) }
  }

  it('end where the head does not come', async () => {
    await expect(open('/mute?', { firstByteMs: 50 }).exchange.response).rejects.toMatchObject({ failure: 'head-timeout' })
  })

  it('end where the first byte of the body does not come', async () => {
    const { run, exchange } = open('/slow?', { firstByteMs: 2000, betweenBytesMs: 50 })
    const { body } = await exchange.response
    expect(Buffer.from((await body!.read(run.call))!).toString()).toBe('a')
    await expect(body!.read(run.call)).rejects.toMatchObject({ failure: 'body-timeout' })
    expect(run.held()).toBe(0)
  })

  it('do not run while nobody reads', async () => {
    const { run, exchange } = open('/drip?ms=5', { betweenBytesMs: 1000 })
    const { body } = await exchange.response
    for (let at = 0; at < 3; at++) expect((await body!.read(run.call))!.length).toBeGreaterThan(0)
    run.settle()
    expect(run.held()).toBe(0)
  })

  it('leave a quick request alone', async () => {
    const { run, exchange } = open('/hello?', { connectMs: 5000, firstByteMs: 5000, betweenBytesMs: 5000 })
    const { body } = await exchange.response
    expect(Buffer.from(await body!.readAll(run.call)).toString()).toBe('hello')
  })
})

describe('waits of a request', () => {
  it('end where the connection does not come, though the platform goes on', async () => {
    const run = openRun(http([{ url: 'http://far.test/' }], { resolve: () => new Promise(() => undefined) }))
    await expect(run.session.open(requestOf('http://far.test/', { timeouts: { connectMs: 40 } }), run.call).response).rejects.toMatchObject({ failure: 'connect-timeout' })
  })

  it('are the transport\'s own where the guest set none', async () => {
    const { session, call, sent } = openOver(true)
    await session.open(requestOf('https://a.test/'), call).response
    expect(sent[0]!.timeouts).toBeUndefined()
  })
})

describe('a session at its end', () => {
  it('ends what is under way, and holds nothing', async () => {
    const run = openRun(http([{ url: `${server.origin}/mute`, ...LOOPBACK }]))
    const { response } = run.session.open(requestOf(`${server.origin}/mute`), run.call)
    expect(run.held()).toBe(1)
    run.settle()
    await expect(response).rejects.toMatchObject({ code: 'aborted' })
    expect(run.held()).toBe(0)
  })

  it('ends one exchange for who gave it up, once', async () => {
    let closed = 0
    const run = openRun(http([{ url: `${server.origin}/drip`, ...LOOPBACK }]))
    const exchange = run.session.open(requestOf(`${server.origin}/drip`), run.call, () => closed++)
    await exchange.response
    exchange.end()
    exchange.end()
    expect([closed, run.held()]).toEqual([1, 0])
  })
})
