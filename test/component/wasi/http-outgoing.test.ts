import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type NetRule, type Transport, TransportError, type TransportFailure, httpOver } from '../../../capabilities/net/index.js'
import { http } from '../../../capabilities/net/node.js'
import { secret } from '../../../capabilities/secret/index.js'
import { type HostileServer, startHostileServer } from '../../support/hostile-server.js'
import { payloadOf } from './fake-port.js'
import { HttpGuest, bytes, text } from './http-guest.js'

const TOKEN = 'tok-5f3A/9+e=1d&"c7'
const LOOPBACK = { allowPrivateAddresses: ['127.0.0.1'] }
const DENIED = { tag: 'HTTP-request-denied' }
let server: HostileServer
const guests: HttpGuest[] = []

beforeAll(async () => {
  server = await startHostileServer()
})
afterAll(() => server[Symbol.asyncDispose]())
afterEach(() => {
  for (const guest of guests.splice(0)) {
    guest[Symbol.dispose]()
    expect(guest.port.resources).toBe(0)
  }
})

function guestOf(net: ConstructorParameters<typeof HttpGuest>[0], options = {}): HttpGuest {
  const guest = new HttpGuest(net, options)
  guests.push(guest)
  return guest
}

/** A guest with one rule for `path` of the hostile server. */
const guestFor = (path: string, rule: Partial<NetRule> = {}, net = {}, options = {}): HttpGuest =>
  guestOf(http([{ url: `${server.origin}${path}`, ...LOOPBACK, ...rule }], net), options)

const lastCall = (guest: HttpGuest) => guest.port.calls.at(-1)

describe('handle() over a net grant', () => {
  it('sends what was granted, and gives status, headers and body', async () => {
    const guest = guestFor('/hello')
    const response = await guest.response(guest.send(`${server.origin}/hello`))
    expect(response.status()).toBe(200)
    expect(guest.headers(response)['content-length']).toBe('5')
    expect(await guest.text(response)).toBe('hello')
  })

  it('records what fetch would: the request under net.fetch, its body under net.bodyRead', async () => {
    const guest = guestFor('/hello')
    await guest.text(await guest.response(guest.send(`${server.origin}/hello`)))
    expect(guest.port.calls).toMatchObject([
      { operation: 'net.fetch', target: `GET ${server.origin}/hello`, decision: 'allowed', sources: [`net:${server.origin}`] },
      { operation: 'net.bodyRead', target: `GET ${server.origin}/hello`, decision: 'allowed', in: 5 },
    ])
    expect(guest.port.calls[0]!.out).toBeGreaterThan(20)
  })

  it('asks for https where the guest names no scheme', async () => {
    const guest = guestFor('/hello')
    const request = guest.request(`${server.origin}/hello`)
    request.setScheme(undefined)
    expect(payloadOf(() => guest.handle(request, undefined))).toEqual(DENIED)
    expect(lastCall(guest)).toMatchObject({ target: `GET https://127.0.0.1:${server.port}/hello`, decision: 'denied' })
  })

  it('attaches the credential of the rule, and redacts it in all that comes back', async () => {
    const guest = guestFor('/reflect/raw', { headers: { authorization: secret('api', `Bearer ${TOKEN}`) } })
    const response = await guest.response(guest.send(`${server.origin}/reflect/raw`))
    expect(JSON.stringify(guest.headers(response))).not.toContain(TOKEN)
    expect(guest.headers(response)['set-cookie']).toBeUndefined()
    expect(await guest.text(response)).toBe('before Bearer [redacted:api] after')
    expect(JSON.stringify(guest.port.calls)).not.toContain(TOKEN)
  })

  it('gives a redirect to the guest instead of following it', async () => {
    const guest = guestFor('/redirect?*')
    const response = await guest.response(guest.send(`${server.origin}/redirect?to=/hello`))
    expect([response.status(), guest.headers(response)['location']]).toEqual([302, '/hello'])
    expect(payloadOf(() => guest.send(`${server.origin}/hello`))).toEqual(DENIED)
  })

  it('takes a response once', async () => {
    const guest = guestFor('/hello')
    const future = guest.send(`${server.origin}/hello`)
    expect(future.get()).toBeUndefined()
    const response = await guest.response(future)
    expect(future.get()).toEqual({ tag: 'err', val: undefined })
    const body = response.consume()
    expect(payloadOf(() => response.consume())).toBeUndefined()
    body.stream()
    expect(payloadOf(() => body.stream())).toBeUndefined()
  })

  it('joins values a name has more than once', async () => {
    const guest = guestFor('/echo')
    const request = guest.request(`${server.origin}/echo`)
    const fields = guest.types.Fields.fromList([['Accept', bytes('a/b')], ['accept', bytes(' c/d ')]])
    const joined = new guest.types.OutgoingRequest(fields)
    joined.setScheme(request.scheme())
    joined.setAuthority(request.authority())
    joined.setPathWithQuery('/echo')
    const echoed = JSON.parse(await guest.text(await guest.response(guest.handle(joined, undefined)))) as { headers: Record<string, string> }
    expect(echoed.headers['accept']).toBe('a/b, c/d')
  })
})

describe('handle() refuses, and records it', () => {
  it('everything without a grant', () => {
    const guest = guestOf(undefined)
    expect(payloadOf(() => guest.send('https://x.test/a'))).toEqual(DENIED)
    expect(guest.port.calls).toMatchObject([{ operation: 'net.fetch', target: 'GET https://x.test/a', decision: 'denied', reason: 'no net grant' }])
  })

  it.each([
    ['another method', 'POST', '/v1', {}, /no rule for method "POST"/],
    ['a tunnel', 'CONNECT', '/v1', {}, /no rule for method "CONNECT"/],
    ['an echo', 'TRACE', '/v1', {}, /no rule for method "TRACE"/],
    ['a method in small letters', 'get', '/v1', {}, /no rule for method "get"/],
    ['another path', 'GET', '/v2', {}, /no rule for GET at path "\/v2"/],
    ['a query', 'GET', '/v1?all', {}, /no rule for this query/],
    ['identity of its own', 'GET', '/v1', { authorization: `Bearer ${TOKEN}` }, /header "authorization" says who asks/],
    ['a cookie of its own', 'GET', '/v1', { Cookie: 'a=b' }, /header "cookie" says who asks/],
    ['a key of its own', 'GET', '/v1', { 'X-Api-Key': TOKEN }, /header "x-api-key" says who asks/],
    ['a rewritten address', 'GET', '/v1', { 'x-forwarded-host': 'evil.test' }, /never taken from a guest/],
    ['a rewritten method', 'GET', '/v1', { 'X-HTTP-Method-Override': 'DELETE' }, /never taken from a guest/],
    ['a length no body has', 'GET', '/v1', { 'content-length': '5' }, /header "content-length" is never taken/],
    ['a malformed length', 'GET', '/v1', { 'content-length': '0x0' }, /header "content-length" is never taken/],
    ['a negative length', 'GET', '/v1', { 'content-length': '-0' }, /header "content-length" is never taken/],
    ['an unlisted header', 'GET', '/v1', { 'x-other': '1' }, /header "x-other" is not in the rule/],
  ])('%s', (_title, method, path, headers, reason) => {
    const guest = guestFor('/v1')
    const seen = server.connections()
    expect(payloadOf(() => guest.send(server.origin + path, { method, headers }))).toEqual(DENIED)
    expect(lastCall(guest)).toMatchObject({ operation: 'net.fetch', decision: 'denied', reason: expect.stringMatching(reason) })
    expect(JSON.stringify(guest.port.calls)).not.toContain(TOKEN)
    expect(server.connections()).toBe(seen)
  })

  it('two lengths, however they agree', () => {
    const guest = guestFor('/v1', { methods: ['POST'] })
    const fields = guest.types.Fields.fromList([['Content-Length', bytes('1')], ['content-length', bytes('1')]])
    const request = new guest.types.OutgoingRequest(fields)
    request.setMethod({ tag: 'post' })
    request.setScheme({ tag: 'HTTP' })
    request.setAuthority(`127.0.0.1:${server.port}`)
    request.setPathWithQuery('/v1')
    request.body()
    expect(payloadOf(() => guest.handle(request, undefined))).toEqual(DENIED)
    expect(lastCall(guest)).toMatchObject({ decision: 'denied', reason: expect.stringMatching(/content-length/) })
  })

  it.each(['user@127.0.0.1', 'a:b@127.0.0.1', '127.0.0.1.', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', 'evil.test', '127.0.0.1:', '%31%32%37.0.0.1', '127.0.0.1:0080'])(
    'the authority %s where 127.0.0.1 is granted',
    (authority) => {
      const guest = guestOf(http([{ url: 'http://127.0.0.1/v1', ...LOOPBACK }]))
      const request = guest.request('http://127.0.0.1/v1')
      request.setAuthority(authority)
      expect(payloadOf(() => guest.handle(request, undefined))).toEqual(DENIED)
      expect(lastCall(guest)).toMatchObject({ decision: 'denied' })
    },
  )

  it.each(['/v1/../admin', '/v1/%2e%2e/admin', '//evil.test/v1', '/v1/%252e%252e', '/v1/%00'])('the path %s', (path) => {
    const guest = guestOf(http([{ url: `${server.origin}/v1/**`, ...LOOPBACK }]))
    expect(payloadOf(() => guest.send(server.origin + path))).toEqual(DENIED)
    expect(lastCall(guest)).toMatchObject({ decision: 'denied' })
  })

  it('a URL that is too long, by name', () => {
    const guest = guestFor('/v1')
    expect(payloadOf(() => guest.send(`${server.origin}/${'a'.repeat(8180)}`))).toEqual({ tag: 'HTTP-request-URI-too-long' })
    expect(lastCall(guest)).toMatchObject({ decision: 'denied' })
  })

  it('a name that leads to an address that is not public', async () => {
    const guest = guestOf(http([{ url: 'http://internal.test/' }], { resolve: async () => ['169.254.169.254'] }))
    expect(await guest.error(guest.send('http://internal.test/'))).toEqual(DENIED)
    expect(lastCall(guest)).toMatchObject({ decision: 'denied', reason: expect.stringMatching(/not at a public address/) })
  })
})

describe('an outgoing request that cannot be made', () => {
  const request = () => new (guestOf(undefined).types.OutgoingRequest)(guests.at(-1)!.fields())

  it.each(['http://evil.test/', 'evil.test/', '*', '/a b', '/a\r\nx: y', '/a#b', '/a\\b', '/ä', '/\0', 'a', `/${'a'.repeat(9000)}`])('refuses the path %j', (path) => {
    const made = request()
    expect(payloadOf(() => made.setPathWithQuery(path))).toBeUndefined()
    expect(made.pathWithQuery()).toBeUndefined()
  })

  it.each(['', 'a/b', 'a?b', 'a#b', 'a b', 'a\r\nb', 'a\\b', 'ä.test', 'a\0'])('refuses the authority %j', (authority) => {
    const made = request()
    expect(payloadOf(() => made.setAuthority(authority))).toBeUndefined()
    expect(made.authority()).toBeUndefined()
  })

  it.each(['', 'GET /', 'G\r\nX: y', 'G ET', 'GÉT'])('refuses the method %j', (method) => {
    const made = request()
    expect(payloadOf(() => made.setMethod({ tag: 'other', val: method }))).toBeUndefined()
    expect(made.method()).toEqual({ tag: 'get' })
  })

  it('refuses a malformed scheme, and keeps another for handle() to refuse', () => {
    const guest = guestOf(undefined)
    const made = guest.request('https://a.test/')
    expect(payloadOf(() => made.setScheme({ tag: 'other', val: 'a:b' }))).toBeUndefined()
    made.setScheme({ tag: 'other', val: 'ftp' })
    expect(made.scheme()).toEqual({ tag: 'other', val: 'ftp' })
    expect(payloadOf(() => guest.handle(made, undefined))).toEqual({ tag: 'HTTP-protocol-error' })
  })

  it('refuses one without an authority', () => {
    const guest = guestOf(undefined)
    expect(payloadOf(() => guest.handle(new guest.types.OutgoingRequest(guest.fields()), undefined))).toEqual({ tag: 'HTTP-request-URI-invalid' })
  })

  it('refuses more headers than fetch may send', () => {
    const guest = guestFor('/v1')
    const headers = Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`x-${at}`, '1']))
    expect(payloadOf(() => guest.send(`${server.origin}/v1`, { headers }))).toEqual({ tag: 'HTTP-request-header-section-size', val: undefined })
  })

  it('keeps what it is told, and gives its headers closed to change', () => {
    const guest = guestOf(undefined)
    const made = guest.request('https://a.test/b?c', { method: 'PATCH', headers: { 'X-A': '1' } })
    expect([made.method(), made.scheme(), made.authority(), made.pathWithQuery()]).toEqual([{ tag: 'patch' }, { tag: 'HTTPS' }, 'a.test', '/b?c'])
    expect(made.headers().get('x-a').map(text)).toEqual(['1'])
    expect(payloadOf(() => made.headers().delete('x-a'))).toEqual({ tag: 'immutable' })
  })

  it('is gone once it was handled', () => {
    const guest = guestFor('/v1')
    const made = guest.request(`${server.origin}/v1`)
    guest.handle(made, undefined)
    expect(() => guest.handle(made, undefined)).toThrow(WebAssembly.RuntimeError)
  })
})

describe('the body of a request', () => {
  const echo = { methods: ['POST', 'GET', 'PUT', 'DELETE'], allowHeaders: ['x-a'] }
  const echoed = async (guest: HttpGuest, future: ReturnType<HttpGuest['send']>) =>
    JSON.parse(await guest.text(await guest.response(future))) as { body: string; headers: Record<string, string> }

  it('that is written at once has a length on the wire', async () => {
    const guest = guestFor('/echo', echo)
    const { body, headers } = await echoed(guest, guest.send(`${server.origin}/echo`, { method: 'POST', body: 'hello' }))
    expect([body, headers['content-length'], headers['transfer-encoding']]).toEqual(['hello', '5', undefined])
  })

  it('that is finished before handle() is sent as well', async () => {
    const guest = guestFor('/echo', echo)
    const request = guest.request(`${server.origin}/echo`, { method: 'POST' })
    guest.write(request.body(), 'early')
    expect((await echoed(guest, guest.handle(request, undefined))).body).toBe('early')
  })

  it('streams beyond what the host holds, and is counted on its way', async () => {
    const guest = guestFor('/echo', { ...echo, maxRequestBytes: 8 << 20 }, { maxBytesOut: 8 << 20 })
    const request = guest.request(`${server.origin}/echo`, { method: 'POST' })
    const body = request.body()
    const stream = body.write()
    const future = guest.handle(request, undefined)
    await guest.writeAll(stream, new Uint8Array(3 << 20).fill(0x62))
    stream[Symbol.dispose]()
    guest.types.OutgoingBody.finish(body, undefined)
    const answer = await echoed(guest, future)
    expect([answer.body.length, answer.headers['transfer-encoding']]).toEqual([3 << 20, 'chunked'])
    expect(guest.port.calls[0]!.out).toBeGreaterThan(3 << 20)
  })

  it('streams under the length it announced', async () => {
    const guest = guestFor('/echo', { ...echo, maxRequestBytes: 8 << 20 }, { maxBytesOut: 8 << 20 })
    const request = guest.request(`${server.origin}/echo`, { method: 'PUT', headers: { 'content-length': String(2 << 20) } })
    const body = request.body()
    const stream = body.write()
    const future = guest.handle(request, undefined)
    await guest.writeAll(stream, new Uint8Array(2 << 20).fill(0x62))
    stream[Symbol.dispose]()
    guest.types.OutgoingBody.finish(body, undefined)
    const answer = await echoed(guest, future)
    expect([answer.body.length, answer.headers['content-length'], answer.headers['transfer-encoding']]).toEqual([2 << 20, String(2 << 20), undefined])
  })

  it('is none for GET, though guests ask for it', async () => {
    const guest = guestFor('/echo', echo)
    const { headers } = await echoed(guest, guest.send(`${server.origin}/echo`, { body: '' }))
    expect([headers['content-length'], headers['transfer-encoding']]).toEqual([undefined, undefined])
  })

  it('cannot be written for GET', async () => {
    const guest = guestFor('/echo', echo)
    const request = guest.request(`${server.origin}/echo`)
    const body = request.body()
    const future = guest.handle(request, undefined)
    const stream = body.write()
    stream.checkWrite()
    expect(await guest.streamError(() => stream.write(bytes('smuggled')))).toEqual({ tag: 'HTTP-request-body-size', val: 8n })
    expect((await echoed(guest, future)).body).toBe('')
  })

  it.each([
    ['too short', 'hell', 5],
    ['too long', 'hello!', 5],
  ])('that is %s for its content-length fails finish() and the request', async (_title, content, length) => {
    const guest = guestFor('/echo', echo)
    const request = guest.request(`${server.origin}/echo`, { method: 'POST', headers: { 'Content-Length': String(length) } })
    const body = request.body()
    const future = guest.handle(request, undefined)
    const stream = body.write()
    stream.checkWrite()
    if (content.length > length) {
      expect(await guest.streamError(() => stream.write(bytes(content)))).toEqual({ tag: 'HTTP-request-body-size', val: BigInt(content.length) })
    } else stream.write(bytes(content))
    stream[Symbol.dispose]()
    expect(payloadOf(() => guest.types.OutgoingBody.finish(body, undefined))).toEqual({ tag: 'HTTP-request-body-size', val: BigInt(content.length) })
    expect(await guest.error(future)).toEqual({ tag: 'HTTP-request-body-size', val: BigInt(content.length) })
  })

  it('that is dropped unfinished breaks the request off', async () => {
    const guest = guestFor('/echo', echo)
    const request = guest.request(`${server.origin}/echo`, { method: 'POST' })
    const body = request.body()
    const future = guest.handle(request, undefined)
    const received = server.received.length
    body[Symbol.dispose]()
    expect(await guest.error(future)).toEqual({ tag: 'HTTP-protocol-error' })
    expect(server.received.length).toBe(received)
  })

  it('with trailers is denied: they would come after the decision', async () => {
    const guest = guestFor('/echo', echo)
    const request = guest.request(`${server.origin}/echo`, { method: 'POST' })
    const body = request.body()
    const future = guest.handle(request, undefined)
    expect(payloadOf(() => guest.types.OutgoingBody.finish(body, guest.fields({ authorization: TOKEN })))).toEqual(DENIED)
    expect(await guest.error(future)).toEqual(DENIED)
  })

  it('with empty trailers has none', async () => {
    const guest = guestFor('/echo', echo)
    const request = guest.request(`${server.origin}/echo`, { method: 'POST' })
    const body = request.body()
    const future = guest.handle(request, undefined)
    guest.types.OutgoingBody.finish(body, guest.fields())
    expect((await echoed(guest, future)).body).toBe('')
  })

  it('beyond the rule is denied before the wire when its length is known', async () => {
    const guest = guestFor('/echo', { ...echo, maxRequestBytes: 200 })
    const received = server.received.length
    expect(await guest.error(guest.send(`${server.origin}/echo`, { method: 'POST', body: 'x'.repeat(300) }))).toEqual({ tag: 'HTTP-request-body-size', val: undefined })
    expect(lastCall(guest)).toMatchObject({ decision: 'denied', reason: expect.stringMatching(/the rule grants 200/) })
    expect(server.received.length).toBe(received)
  })

  it('beyond the rule is cut off where it is not, and the writer learns it', async () => {
    const guest = guestFor('/echo', { ...echo, maxRequestBytes: 1 << 20 }, { maxBytesOut: 8 << 20 })
    const request = guest.request(`${server.origin}/echo`, { method: 'POST' })
    const stream = request.body().write()
    const future = guest.handle(request, undefined)
    expect(await guest.streamError(() => guest.writeAll(stream, new Uint8Array(6 << 20)))).toEqual({ tag: 'HTTP-request-body-size', val: undefined })
    expect(await guest.error(future)).toEqual({ tag: 'HTTP-request-body-size', val: undefined })
    expect(lastCall(guest)).toMatchObject({ operation: 'net.fetch', decision: 'denied' })
  })

  it('beyond the budget of the call stops it', async () => {
    const guest = guestFor('/echo', { ...echo, maxRequestBytes: 8 << 20 }, { maxBytesOut: 8 << 20 }, { limits: { hostBytesOut: 1 << 20 } })
    const request = guest.request(`${server.origin}/echo`, { method: 'POST' })
    const stream = request.body().write()
    guest.handle(request, undefined)
    await expect(guest.writeAll(stream, new Uint8Array(6 << 20))).rejects.toThrow(/bytes out/)
    expect(guest.port.halt.stop?.reason).toBe('host-calls')
  })

  it('is written under a permit: more is a trap', () => {
    const guest = guestFor('/echo', echo)
    const request = guest.request(`${server.origin}/echo`, { method: 'POST' })
    const stream = request.body().write()
    const permit = Number(stream.checkWrite())
    expect(permit).toBeLessThanOrEqual(1 << 20)
    expect(() => stream.write(new Uint8Array(permit + 1))).toThrow()
    expect(guest.port.halt.stop?.reason).toBe('trap')
  })

  it('is had once, and so is its stream; finishing it with the stream alive is a trap', () => {
    const guest = guestFor('/echo', echo)
    const request = guest.request(`${server.origin}/echo`, { method: 'POST' })
    const body = request.body()
    expect(payloadOf(() => request.body())).toBeUndefined()
    body.write()
    expect(payloadOf(() => body.write())).toBeUndefined()
    expect(() => guest.types.OutgoingBody.finish(body, undefined)).toThrow(/stream/)
    expect(guest.port.halt.stop?.reason).toBe('trap')
  })

  it('whose reader has gone away takes no more, and the answer arrives', async () => {
    const guest = guestFor('/early', { ...echo, maxRequestBytes: 64 << 20 }, { maxBytesOut: 64 << 20 }, { limits: { hostBytesOut: 64 << 20 } })
    const request = guest.request(`${server.origin}/early`, { method: 'POST' })
    const stream = request.body().write()
    const future = guest.handle(request, undefined)
    await expect(guest.writeAll(stream, new Uint8Array(32 << 20))).rejects.toMatchObject({ payload: { tag: expect.stringMatching(/closed|failed/) } })
    const answer = await guest.answer(future)
    expect('tag' in answer ? answer.tag : answer.status()).toBeOneOf([413, 'connection-terminated'])
  })

  it('that goes too far after the answer came is on record as well', async () => {
    let taken = 0
    const transport: Transport = {
      send: () => Promise.reject(new TransportError('network')),
      sendStreamed: async (_request, { chunks }) => {
        const iterator = chunks[Symbol.asyncIterator]()
        const more = async (): Promise<void> => {
          const { done, value } = await iterator.next()
          if (done === true) return
          taken += value.length
          return more()
        }
        more().catch(() => undefined)
        return { status: 200, statusText: '', headers: [], body: null }
      },
    }
    const guest = guestOf(httpOver(transport, [{ url: 'https://a.test/', methods: ['POST'], maxRequestBytes: 1 << 20 }], { maxBytesOut: 8 << 20 }))
    const request = guest.request('https://a.test/', { method: 'POST' })
    const stream = request.body().write()
    expect((await guest.response(guest.handle(request, undefined))).status()).toBe(200)
    expect(await guest.streamError(() => guest.writeAll(stream, new Uint8Array(4 << 20)))).toEqual({ tag: 'HTTP-request-body-size', val: undefined })
    expect(guest.port.calls.map(({ operation, decision }) => `${operation} ${decision}`)).toEqual(['net.fetch allowed', 'net.fetch denied'])
    expect(taken).toBeLessThanOrEqual(1 << 20)
  })

  it('is collected for a transport that takes no streams', async () => {
    const sent: string[] = []
    const transport: Transport = {
      send: async ({ body }) => {
        sent.push(text(body!))
        return { status: 200, statusText: '', headers: [], body: null }
      },
    }
    const guest = guestOf(httpOver(transport, [{ url: 'https://a.test/', methods: ['POST'] }]))
    const request = guest.request('https://a.test/', { method: 'POST' })
    const body = request.body()
    const stream = body.write()
    const future = guest.handle(request, undefined)
    for (const piece of ['a', 'b']) {
      await new Promise(setImmediate)
      stream.checkWrite()
      stream.write(bytes(piece))
    }
    stream[Symbol.dispose]()
    guest.types.OutgoingBody.finish(body, undefined)
    expect((await guest.response(future)).status()).toBe(200)
    expect(sent).toEqual(['ab'])
  })
})

describe('the body of a response', () => {
  it('comes in no faster than it is read', async () => {
    const guest = guestFor('/big?*')
    const response = await guest.response(guest.send(`${server.origin}/big?bytes=8000000`))
    const stream = response.consume().stream()
    await stream.subscribe().block()
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
    expect(guest.port.calls.length).toBe(1)
    guest.port.settle()
    await new Promise(setImmediate)
    expect(lastCall(guest)!.operation).toBe('net.bodyRead')
    expect(lastCall(guest)!.in).toBeLessThan(500_000)
  })

  it('ends with closed, and then stays closed', async () => {
    const guest = guestFor('/hello')
    const stream = (await guest.response(guest.send(`${server.origin}/hello`))).consume().stream()
    expect(await guest.read(stream)).toBe('hello')
    expect(payloadOf(() => stream.read(1n))).toEqual({ tag: 'closed' })
  })

  it('is cut at what the rule grants', async () => {
    const guest = guestFor('/big?*', { maxResponseBytes: 1000 })
    const response = await guest.response(guest.send(`${server.origin}/big?bytes=5000`))
    expect(await guest.streamError(() => guest.text(response))).toEqual({ tag: 'HTTP-response-body-size', val: undefined })
  })

  it.each(['/bomb', '/members'])('is cut where %s becomes too much', async (path) => {
    const guest = guestFor(path, { maxResponseBytes: 100_000 })
    const response = await guest.response(guest.send(server.origin + path))
    expect(await guest.streamError(() => guest.text(response))).toEqual({ tag: 'HTTP-response-body-size', val: undefined })
  })

  it('beyond the budget of the call stops it', async () => {
    const guest = guestFor('/big?*', {}, {}, { limits: { hostBytesIn: 10_000 } })
    const response = await guest.response(guest.send(`${server.origin}/big?bytes=5000000`))
    await expect(guest.text(response)).rejects.toThrow(/bytes in/)
    expect(guest.port.halt.stop?.reason).toBe('host-calls')
  })

  it('that breaks off is incomplete', async () => {
    const guest = guestFor('/cut')
    const response = await guest.response(guest.send(`${server.origin}/cut`))
    expect(await guest.streamError(() => guest.text(response))).toEqual({ tag: 'HTTP-response-incomplete' })
  })

  it('is given up when it is dropped unread', async () => {
    const own = await startHostileServer()
    try {
      const guest = guestOf(http([{ url: `${own.origin}/slow`, ...LOOPBACK }]))
      const response = await guest.response(guest.send(`${own.origin}/slow`))
      response[Symbol.dispose]()
      await own.cutOff()
    } finally {
      await own[Symbol.asyncDispose]()
    }
  })

  it('is given up when the call ends', async () => {
    const own = await startHostileServer()
    try {
      const guest = guestOf(http([{ url: `${own.origin}/drip`, ...LOOPBACK }]))
      const response = await guest.response(guest.send(`${own.origin}/drip`))
      await response.consume().stream().subscribe().block()
      guest.port.settle()
      await own.cutOff()
    } finally {
      await own[Symbol.asyncDispose]()
    }
  })
})

describe('trailers of a response', () => {
  it('arrive after the body, redacted, without what frames a message or says who asks', async () => {
    const guest = guestFor('/trailers', { headers: { authorization: secret('api', `Bearer ${TOKEN}`) } })
    const body = (await guest.response(guest.send(`${server.origin}/trailers`))).consume()
    const stream = body.stream()
    expect(await guest.read(stream)).toBe('body')
    stream[Symbol.dispose]()
    const future = guest.types.IncomingBody.finish(body)
    await future.subscribe().block()
    const got = future.get()
    const fields = got?.tag === 'ok' && got.val.tag === 'ok' ? got.val.val! : undefined
    expect(fields!.entries().map(([name, value]) => `${name}: ${text(value)}`)).toEqual(['x-checksum: abc', 'x-token: Bearer [redacted:api]'])
    expect(payloadOf(() => fields!.delete('x-checksum'))).toEqual({ tag: 'immutable' })
    expect(future.get()).toEqual({ tag: 'err', val: undefined })
  })

  it('skip what was not read of the body', async () => {
    const guest = guestFor('/trailers')
    const body = (await guest.response(guest.send(`${server.origin}/trailers`))).consume()
    const future = guest.types.IncomingBody.finish(body)
    await future.subscribe().block()
    expect(future.get()).toMatchObject({ tag: 'ok', val: { tag: 'ok' } })
  })

  it('are none where the server sends none', async () => {
    const guest = guestFor('/hello')
    const future = guest.types.IncomingBody.finish((await guest.response(guest.send(`${server.origin}/hello`))).consume())
    await future.subscribe().block()
    expect(future.get()).toEqual({ tag: 'ok', val: { tag: 'ok', val: undefined } })
  })

  it('fail as the body does: skipping is bounded too', async () => {
    const guest = guestFor('/drip?*', { maxResponseBytes: 20 })
    const future = guest.types.IncomingBody.finish((await guest.response(guest.send(`${server.origin}/drip?ms=1`))).consume())
    expect(future.get()).toBeUndefined()
    await future.subscribe().block()
    expect(future.get()).toEqual({ tag: 'ok', val: { tag: 'err', val: { tag: 'HTTP-response-body-size', val: undefined } } })
  })

  it('cannot be asked for while the stream is alive', async () => {
    const guest = guestFor('/hello')
    const body = (await guest.response(guest.send(`${server.origin}/hello`))).consume()
    body.stream()
    expect(() => guest.types.IncomingBody.finish(body)).toThrow(/stream/)
    expect(guest.port.halt.stop?.reason).toBe('trap')
  })
})

describe('request options', () => {
  const MS = 1_000_000n
  const timed = (guest: HttpGuest, set: (options: InstanceType<HttpGuest['types']['RequestOptions']>) => void) => {
    const options = new guest.types.RequestOptions()
    set(options)
    return options
  }

  it('keep what they are told', () => {
    const guest = guestOf(undefined)
    const options = timed(guest, (each) => {
      each.setConnectTimeout(1n)
      each.setFirstByteTimeout(2n)
      each.setBetweenBytesTimeout(3n)
    })
    expect([options.connectTimeout(), options.firstByteTimeout(), options.betweenBytesTimeout()]).toEqual([1n, 2n, 3n])
    options.setConnectTimeout(undefined)
    expect(options.connectTimeout()).toBeUndefined()
  })

  it('end a request whose connection does not come', async () => {
    const guest = guestOf(http([{ url: 'http://far.test/' }], { resolve: () => new Promise(() => undefined) }))
    const future = guest.send('http://far.test/', { options: timed(guest, (options) => options.setConnectTimeout(40n * MS)) })
    expect(await guest.error(future)).toEqual({ tag: 'connection-timeout' })
  })

  it('end a request whose answer does not come, and let the connection take its time', async () => {
    const guest = guestFor('/mute')
    const future = guest.send(`${server.origin}/mute`, { options: timed(guest, (options) => options.setFirstByteTimeout(60n * MS)) })
    expect(await guest.error(future)).toEqual({ tag: 'HTTP-response-timeout' })
  })

  it('end a body that stands still', async () => {
    const guest = guestFor('/slow')
    const future = guest.send(`${server.origin}/slow`, { options: timed(guest, (options) => options.setBetweenBytesTimeout(60n * MS)) })
    const response = await guest.response(future)
    expect(await guest.streamError(() => guest.text(response))).toEqual({ tag: 'connection-read-timeout' })
  })

  it('let a body take as long as it moves', async () => {
    const guest = guestFor('/drip?*')
    const options = timed(guest, (each) => each.setBetweenBytesTimeout(2_000n * MS))
    const response = await guest.response(guest.send(`${server.origin}/drip?ms=5`, { options }))
    const stream = response.consume().stream()
    let got = 0
    while (got < 20) got += (await stream.blockingRead(100n)).length
    expect(guest.port.halt.stop).toBeUndefined()
  })

  it('do nothing to a request that is quick, and leave no timer behind', async () => {
    const guest = guestFor('/hello')
    const options = timed(guest, (each) => {
      each.setConnectTimeout(5_000n * MS)
      each.setFirstByteTimeout(5_000n * MS)
      each.setBetweenBytesTimeout(5_000n * MS)
    })
    expect(await guest.text(await guest.response(guest.send(`${server.origin}/hello`, { options })))).toBe('hello')
  })
})

describe('what a request fails with', () => {
  const failing = (failure: TransportFailure) =>
    guestOf(httpOver({ send: () => Promise.reject(new TransportError(failure, { cause: new Error('10.1.2.3:443 secret') })) }, [{ url: 'https://a.test/' }]))

  it.each<[TransportFailure, string]>([
    ['refused', 'connection-refused'],
    ['not-found', 'DNS-error'],
    ['lookup-timeout', 'DNS-timeout'],
    ['connect-timeout', 'connection-timeout'],
    ['head-timeout', 'HTTP-response-timeout'],
    ['timeout', 'HTTP-response-timeout'],
    ['reset', 'connection-terminated'],
    ['tls', 'TLS-protocol-error'],
    ['certificate', 'TLS-certificate-error'],
    ['malformed', 'HTTP-protocol-error'],
    ['head-too-large', 'HTTP-response-header-section-size'],
    ['encoding', 'HTTP-response-content-coding'],
    ['too-large', 'HTTP-response-body-size'],
    ['network', 'internal-error'],
    ['address', 'HTTP-request-denied'],
  ])('%s is %s, and tells nothing of the platform', async (failure, tag) => {
    const guest = failing(failure)
    const code = await guest.error(guest.send('https://a.test/'))
    expect(code.tag).toBe(tag)
    expect(JSON.stringify([code, guest.port.calls])).not.toMatch(/10\.1\.2\.3|secret/)
  })

  it('a port nobody listens on is connection-refused', async () => {
    const own = await startHostileServer()
    await own[Symbol.asyncDispose]()
    const guest = guestOf(http([{ url: `${own.origin}/`, ...LOOPBACK }]))
    expect(await guest.error(guest.send(`${own.origin}/`))).toEqual({ tag: 'connection-refused' })
  })

  it('a head that is too large is told by its size', async () => {
    const guest = guestFor('/heads')
    expect(await guest.error(guest.send(`${server.origin}/heads`))).toEqual({ tag: 'HTTP-response-header-section-size', val: undefined })
  })

  it('a response nobody waits for any more is given up', async () => {
    const own = await startHostileServer()
    try {
      const guest = guestOf(http([{ url: `${own.origin}/mute`, ...LOOPBACK }]))
      const future = guest.send(`${own.origin}/mute`)
      await expect.poll(() => own.received.length).toBe(1)
      future[Symbol.dispose]()
      await own.cutOff()
    } finally {
      await own[Symbol.asyncDispose]()
    }
  })

  it('a call that ends takes its requests along', async () => {
    const own = await startHostileServer()
    try {
      const guest = guestOf(http([{ url: `${own.origin}/mute`, ...LOOPBACK }]))
      guest.send(`${own.origin}/mute`)
      await expect.poll(() => own.received.length).toBe(1)
      guest.port.settle()
      await own.cutOff()
    } finally {
      await own[Symbol.asyncDispose]()
    }
  })
})

describe('two calls with grants of their own', () => {
  it('do not share what they were granted, nor their budgets', async () => {
    const net = http([{ url: `${server.origin}/hello`, ...LOOPBACK }], { maxBytesIn: 400 })
    const [left, right, none] = [guestOf(net), guestOf(net), guestOf(undefined)]
    expect(await left.text(await left.response(left.send(`${server.origin}/hello`)))).toBe('hello')
    expect(await right.text(await right.response(right.send(`${server.origin}/hello`)))).toBe('hello')
    expect(payloadOf(() => none.send(`${server.origin}/hello`))).toEqual(DENIED)
  })
})
