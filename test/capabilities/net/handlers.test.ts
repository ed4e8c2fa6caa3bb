import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NetRule, type Transport, type TransportRequest, httpOver } from '../../../capabilities/net/index.js'
import { http } from '../../../capabilities/net/node.js'
import { secret } from '../../../capabilities/secret/index.js'
import { GloveboxError } from '../../../src/errors.js'
import { type HostileServer, startHostileServer } from '../../support/hostile-server.js'
import { createFakeRun } from './fake-run.js'

const TOKEN = 'tok-5f3A/9+e=1d&"c7'
const LOOPBACK = { allowPrivateAddresses: ['127.0.0.1'] }
let server: HostileServer
let other: HostileServer

beforeAll(async () => {
  server = await startHostileServer()
  other = await startHostileServer()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})

/** A run over one rule for `path` of the hostile server. */
const runFor = (path: string, rule: Partial<NetRule> = {}, options = {}) =>
  createFakeRun(http([{ url: `${server.origin}${path}`, ...LOOPBACK, ...rule }], options))

const denied = (message: string | RegExp) =>
  expect.objectContaining({ name: 'PermissionDenied', code: 'denied', message: expect.stringMatching(message) })
const failed = (words: string) =>
  expect.objectContaining({ name: 'TypeError', code: 'fetch-failed', message: `fetch failed: ${words}` })

describe('net.fetch without a rule that covers it', () => {
  it('is denied without a grant, and says which one would do', async () => {
    const run = createFakeRun(undefined)
    await expect(run.fetch('https://x.test/a')).rejects.toEqual(
      denied(
        /^net GET https:\/\/x\.test\/a denied: no net grant; grant net: http\(\[\{ url: 'https:\/\/x\.test\/a', methods: \['GET'\] \}\]\)$/,
      ),
    )
    expect(run.calls[0]!.target).toBe('GET https://x.test/a')
  })

  it('is denied by an empty list of rules', async () => {
    await expect(createFakeRun(http([])).fetch('https://x.test/')).rejects.toEqual(
      denied(/no rule for host "x.test"; grant net: http/),
    )
  })

  it.each([
    ['method', 'POST', '/v1/messages', /no rule for method "POST"/],
    ['method in small letters', 'get', '/v1/messages', /no rule for method "get"/],
    ['path', 'GET', '/v1/files', /no rule for GET at path "\/v1\/files"/],
    ['query', 'GET', '/v1/messages?all', /no rule for this query; grant .*\/v1\/messages\?\*'/],
    ['tunnel', 'CONNECT', '/v1/messages', /no rule for method "CONNECT"/],
    ['echo', 'TRACE', '/v1/messages', /no rule for method "TRACE"/],
  ])('is denied for another %s', async (_title, method, path, message) => {
    const seen = server.received.length
    await expect(runFor('/v1/messages').fetch(server.origin + path, { method })).rejects.toEqual(denied(message))
    expect(server.received.length).toBe(seen)
  })

  it('is denied for http: where https: is granted, and for another port', async () => {
    const run = createFakeRun(http([{ url: 'https://api.test/v1' }]))
    await expect(run.fetch('http://api.test/v1')).rejects.toEqual(denied(/no rule for scheme "http:"/))
    await expect(run.fetch('https://api.test:8443/v1')).rejects.toEqual(denied(/no rule for port 8443/))
  })

  it.each([
    '0x7f.1',
    '2130706433',
    '127.1',
    '0177.0.0.1',
    '[::ffff:127.0.0.1]',
    '[::1]',
    'localhost',
    '127.0.0.1.',
    '0',
  ])('is denied for %s where 127.0.0.1 is granted', async (host) => {
    const connections = server.connections()
    await expect(runFor('/a').fetch(`http://${host}:${server.port}/a`)).rejects.toEqual(denied(/denied/))
    expect(server.connections()).toBe(connections)
  })

  it('refuses a grant that was not made by http()', () => {
    const lookAlike = { kind: 'net', reach: () => [], rules: [{}] }
    expect(() => createFakeRun(lookAlike as never)).toThrow(GloveboxError)
  })

  it('keeps the ledger safe from forged and endless lines', async () => {
    const run = createFakeRun(undefined)
    const error: Error = (await run
      .fetch(`https://x.test/\n{"decision":"allowed"}${'a'.repeat(100_000)}`, { method: "G'T" })
      .catch((error: Error) => error)) as Error
    expect(run.calls[0]!.target).not.toMatch(/[\n\r]/)
    expect(run.calls[0]!.target.length).toBeLessThan(600)
    expect(error.message).not.toMatch(/[\n\r]/)
    expect(error.message.length).toBeLessThan(1000)
  })

  it.each([
    [undefined],
    [null],
    ['https://x.test'],
    [[]],
    [{}],
    [{ url: 1, method: 'GET' }],
    [{ url: 'https://x.test', method: 'G T' }],
    [{ url: 'https://x.test', method: 'GET', headers: {} }],
    [{ url: 'https://x.test', method: 'GET', headers: [['a']] }],
    [{ url: 'https://x.test', method: 'GET', headers: [['a', 'b\r\nhost: evil']] }],
    [{ url: 'https://x.test', method: 'GET', headers: [['a\n', 'b']] }],
    [{ url: 'https://x.test', method: 'GET', headers: [['a', 'b\0']] }],
    [{ url: 'https://x.test', method: 'GET', headers: [['a', '\u0130']] }],
    [{ url: 'https://x.test', method: 'GET', body: {} }],
    [{ url: 'https://x.test', method: 'GET', redirect: 'always' }],
    [{ url: 'https://x.test', method: 'GET', proxy: 'http://evil.test' }],
    [{ url: 'https://x.test', method: 'GET', key: 'a' }],
  ])('refuses an argument of another shape: %j', async (argument) => {
    await expect(createFakeRun(http([])).call('net.fetch', argument)).rejects.toMatchObject({
      name: 'TypeError',
      code: 'invalid-request',
    })
  })
})

describe('guest headers', () => {
  it.each([
    'authorization',
    'Authorization',
    'x-api-key',
    'cookie',
    'proxy-authorization',
    'proxy-connection',
    'host',
    'connection',
    'upgrade',
    'transfer-encoding',
    'content-length',
    'te',
    'expect',
    'x-forwarded-for',
    'x-forwarded-host',
    'forwarded',
    'x-http-method-override',
    'x-original-url',
    'accept-encoding',
    'sec-fetch-site',
    'via',
    'x-unlisted',
    'origin',
    'referer',
  ])("an attacker's %s never reaches an allowed host: denied", async (name) => {
    const seen = server.received.length
    await expect(runFor('/echo').fetch(`${server.origin}/echo`, { headers: [[name, 'attacker-key']] })).rejects.toEqual(
      denied(/header/),
    )
    expect(server.received.length).toBe(seen)
  })

  it('that the host attaches are denied, whatever the case', async () => {
    const run = runFor('/echo', { headers: { 'x-tenant': 'mine' } })
    await expect(run.fetch(`${server.origin}/echo`, { headers: [['X-Tenant', 'yours']] })).rejects.toEqual(
      denied(/only the host does/),
    )
  })

  it('that are there twice are denied', async () => {
    const run = runFor('/echo')
    await expect(
      run.fetch(`${server.origin}/echo`, {
        headers: [
          ['accept', 'a'],
          ['Accept', 'b'],
        ],
      }),
    ).rejects.toEqual(denied(/twice/))
  })

  it('that are harmless or listed travel, and nothing else does', async () => {
    const run = runFor('/echo', { methods: ['POST'], allowHeaders: ['X-Trace'], headers: { 'x-version': '2' } })
    const text = await run.text(`${server.origin}/echo`, {
      method: 'POST',
      body: 'hi',
      headers: [
        ['Accept', 'text/plain'],
        ['x-trace', ' 7 '],
      ],
    })
    const { headers, method, body } = JSON.parse(text) as {
      headers: Record<string, string>
      method: string
      body: string
    }
    expect({ method, body }).toEqual({ method: 'POST', body: 'hi' })
    expect(headers).toEqual({
      accept: 'text/plain',
      'x-trace': '7',
      'x-version': '2',
      host: new URL(server.origin).host,
      connection: 'keep-alive',
      'content-length': '2',
      'accept-encoding': 'gzip, deflate, br',
      'user-agent': 'glovebox',
    })
  })
})

describe('credentials', () => {
  const credential = { headers: { authorization: () => `Bearer ${TOKEN}` } }

  it('reach the server and never the guest: body, headers, status text, cookies, URL', async () => {
    for (const encoding of ['raw', 'token', 'upper', 'base64', 'base64b', 'base64c', 'hex', 'percent', 'json']) {
      const run = runFor('/reflect/*', credential)
      const answer = await run.fetch(`${server.origin}/reflect/${encoding}`)
      const body = await run.rest(answer)
      expect(server.received.at(-1)!.headers.authorization).toBe(`Bearer ${TOKEN}`)
      const all = JSON.stringify({ ...answer, body, calls: run.calls }).toLowerCase()
      for (const form of [
        TOKEN,
        JSON.stringify(TOKEN).slice(1, -1),
        encodeURIComponent(TOKEN),
        Buffer.from(TOKEN).toString('hex'),
        Buffer.from(TOKEN).toString('base64').slice(4, 16),
      ]) {
        expect(all, encoding).not.toContain(form.toLowerCase())
      }
      expect(body, encoding).toContain('[redacted:authorization]')
      expect(answer.headers.map(([name]) => name)).not.toContain('set-cookie')
      expect(answer.statusText).toContain('[redacted:authorization]')
    }
  })

  it('are redacted in the URL too, should a guest have guessed one', async () => {
    const run = runFor('/echo?*', credential)
    const answer = await run.fetch(`${server.origin}/echo?guess=${encodeURIComponent(TOKEN)}`)
    expect(answer.url).toBe(`${server.origin}/echo?guess=[redacted:authorization]`)
  })

  it('split over chunks are found', async () => {
    const run = runFor('/split', credential)
    expect(await run.text(`${server.origin}/split`)).toBe('before Bearer [redacted:authorization] after')
  })

  it('that another rule placed earlier are found in later responses', async () => {
    let sent: string | undefined
    const replaying: Transport = {
      send: async ({ headers }) => {
        sent ??= headers.find(([name]) => name === 'authorization')?.[1]
        return {
          status: 200,
          statusText: '',
          headers: [],
          body: (async function* () {
            yield Buffer.from(sent ?? '')
          })(),
        }
      },
    }
    const shared = httpOver(replaying, [
      { url: 'https://a.test/in', headers: { authorization: secret('KEY', `Bearer ${TOKEN}`) } },
      { url: 'https://a.test/out' },
    ])
    expect(await createFakeRun(shared).text('https://a.test/in')).toBe('Bearer [redacted:KEY]')
    expect(await createFakeRun(shared).text('https://a.test/out')).toBe('Bearer [redacted:KEY]')
  })

  it('are read anew for every request', async () => {
    let count = 0
    const run = runFor('/echo', { headers: { authorization: async () => `Bearer renewed-${++count}` } })
    await run.text(`${server.origin}/echo`)
    await run.text(`${server.origin}/echo`)
    expect(server.received.slice(-2).map(({ headers }) => headers.authorization)).toEqual([
      'Bearer renewed-1',
      'Bearer renewed-2',
    ])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error(`vault refused ${TOKEN}`)
      },
      /could not be read/,
    ],
    ['rejects', () => Promise.reject(new Error(TOKEN)), /could not be read/],
    ['is not set', () => `Bearer ${undefined as unknown as string}`, /is not set/],
    ['is no text', () => 42 as unknown as string, /is no text/],
    ['is too short to be redacted', () => 'abc', /shorter than 8/],
    ['would end the line', () => 'Bearer abcdefgh\r\nx: y', /printable/],
  ])('deny the request when the function %s, without a word of the value', async (_title, source, message) => {
    const seen = server.received.length
    const error = await runFor('/echo', { headers: { authorization: source } })
      .fetch(`${server.origin}/echo`)
      .catch((error: unknown) => error)
    expect(error).toEqual(denied(message))
    expect(JSON.stringify([String(error), (error as Error).cause])).not.toContain('tok-')
    expect(server.received.length).toBe(seen)
  })

  it('that hang end with the run', async () => {
    const run = runFor('/echo', { headers: { authorization: () => new Promise<string>(() => undefined) } })
    const pending = run.fetch(`${server.origin}/echo`)
    run.settle()
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
    expect(run.held()).toBe(0)
  })
})

describe('redirects', () => {
  const to = (target: string, status = 302) =>
    `${server.origin}/redirect?status=${status}&to=${encodeURIComponent(target)}`

  it('are refused by default, and nothing is asked of where they lead', async () => {
    const seen = other.received.length
    const run = createFakeRun(
      http([
        { url: `${server.origin}/redirect?*`, ...LOOPBACK },
        { url: `${other.origin}/echo`, ...LOOPBACK },
      ]),
    )
    await expect(run.fetch(to(`${other.origin}/echo`))).rejects.toEqual(
      denied(/it redirects to .*redirects: 'recheck'/),
    )
    expect(other.received.length).toBe(seen)
    expect(run.calls[0]!.target).toContain(`-> GET ${other.origin}/echo`)
    expect(run.held()).toBe(0)
  })

  it('asked for by hand come back as they are', async () => {
    const answer = await runFor('/redirect?*').fetch(to('/elsewhere'), { redirect: 'manual' })
    expect(answer.status).toBe(302)
    expect(answer.headers).toContainEqual(['location', '/elsewhere'])
  })

  it('fail for redirect: error', async () => {
    await expect(
      runFor('/redirect?*', { redirects: 'recheck' }).fetch(to('/redirect'), { redirect: 'error' }),
    ).rejects.toEqual(failed('redirect refused'))
  })

  it.each([
    ['another origin', () => `${other.origin}/echo`],
    ['another path', () => '/admin'],
    ['another scheme', () => 'file:///etc/passwd'],
    ['a metadata address', () => 'http://169.254.169.254/latest/meta-data/'],
    ['a disguised loopback', () => `http://2130706433:${server.port}/admin`],
    ['user information', () => `http://user:pass@127.0.0.1:${server.port}/echo`],
    ['an encoded dot segment', () => '/echo/%2e%2e%2fadmin'],
  ])('to %s are decided again', async (_title, target) => {
    const run = createFakeRun(
      http([
        { url: `${server.origin}/redirect?*`, ...LOOPBACK, redirects: 'recheck' },
        { url: `${server.origin}/echo`, ...LOOPBACK },
      ]),
    )
    const counts = [server.received.length, other.received.length]
    await expect(run.fetch(to(target()))).rejects.toEqual(denied(/denied/))
    expect([server.received.length, other.received.length]).toEqual([counts[0]! + 1, counts[1]!])
  })

  it('drop attached headers across origins', async () => {
    const run = createFakeRun(
      http([
        {
          url: `${server.origin}/redirect?*`,
          ...LOOPBACK,
          redirects: 'recheck',
          headers: { authorization: () => `Bearer ${TOKEN}`, 'x-version': '2' },
        },
        { url: `${other.origin}/echo`, ...LOOPBACK },
      ]),
    )
    const answer = await run.fetch(to(`${other.origin}/echo`))
    expect({ redirected: answer.redirected, url: answer.url }).toEqual({
      redirected: true,
      url: `${other.origin}/echo`,
    })
    const { headers } = other.received.at(-1)!
    expect(headers).not.toHaveProperty('authorization')
    expect(headers).not.toHaveProperty('x-version')
    expect(run.calls[0]!.sources).toEqual([`net:${server.origin}`, `net:${other.origin}`])
  })

  it('that carry the credential in their URL are denied', async () => {
    const run = createFakeRun(
      http([
        {
          url: `${server.origin}/redirect?*`,
          ...LOOPBACK,
          redirects: 'recheck',
          headers: { authorization: () => `Bearer ${TOKEN}` },
        },
        { url: `${other.origin}/echo?*`, ...LOOPBACK },
      ]),
    )
    const seen = other.received.length
    const error = await run.fetch(to(`${other.origin}/echo?stolen=CREDENTIAL`)).catch((error: unknown) => error)
    expect(error).toEqual(denied(/carries a credential/))
    expect(JSON.stringify([String(error), run.calls])).not.toContain(encodeURIComponent(TOKEN))
    expect(other.received.length).toBe(seen)
  })

  it('turn a POST into a GET as the web does, and keep it for 307', async () => {
    const rules = (origin: string) => [
      { url: `${origin}/redirect?*`, methods: ['POST'], ...LOOPBACK, redirects: 'recheck' as const },
      { url: `${origin}/echo`, methods: ['GET', 'POST'], ...LOOPBACK },
    ]
    const run = createFakeRun(http(rules(server.origin)))
    const post = { method: 'POST', body: 'payload', headers: [['content-type', 'text/plain']] }
    expect(JSON.parse(await run.text(to('/echo', 302), post))).toMatchObject({ method: 'GET', body: '' })
    expect(JSON.parse(await run.text(to('/echo', 307), post))).toMatchObject({ method: 'POST', body: 'payload' })
  })

  it('close the connection of a redirect whose own body never ends, while the next body is still open', async () => {
    await using endless = await startHostileServer()
    const run = createFakeRun(
      http([
        { url: `${endless.origin}/endless-redirect?*`, ...LOOPBACK, redirects: 'recheck' },
        { url: `${server.origin}/slow`, ...LOOPBACK },
      ]),
    )
    const answer = await run.fetch(
      `${endless.origin}/endless-redirect?to=${encodeURIComponent(`${server.origin}/slow`)}`,
    )
    expect(answer.bodyId).not.toBe(null)
    await endless.cutOff()
    expect(run.held()).toBe(1)
    run.settle()
  })

  it('without end are ended', async () => {
    const seen = server.received.length
    await expect(runFor('/loop', { redirects: 'recheck' }).fetch(`${server.origin}/loop`)).rejects.toEqual(
      failed('redirect refused'),
    )
    expect(server.received.length - seen).toBe(6)
  })
})

describe('budgets', () => {
  it('count URL, headers and body before they leave', async () => {
    const run = runFor('/echo?*', {
      methods: ['POST'],
      maxRequestBytes: 300,
      headers: { authorization: () => `Bearer ${TOKEN}` },
    })
    const seen = server.received.length
    for (const init of [{ body: 'a'.repeat(300) }, { headers: [['accept', 'a'.repeat(300)]] }]) {
      await expect(run.fetch(`${server.origin}/echo`, { method: 'POST', ...init })).rejects.toEqual(
        denied(/the rule grants 300.*maxRequestBytes/),
      )
    }
    await expect(run.fetch(`${server.origin}/echo?${'a'.repeat(300)}`, { method: 'POST' })).rejects.toEqual(
      denied(/the rule grants 300/),
    )
    expect(server.received.length).toBe(seen)
    await run.text(`${server.origin}/echo`, { method: 'POST', body: 'abc' })
    const url = `${server.origin}/echo`
    expect(run.calls.at(-1)!.spentOut).toBe(
      'POST'.length + url.length + 12 + 'authorization'.length + `Bearer ${TOKEN}`.length + 4 + 3,
    )
  })

  it('of the grant end it for the run', async () => {
    const run = runFor('/echo', { methods: ['POST'] }, { maxBytesOut: 1000 })
    const post = { method: 'POST', body: 'a'.repeat(600) }
    await run.text(`${server.origin}/echo`, post)
    await expect(run.fetch(`${server.origin}/echo`, post)).rejects.toEqual(
      denied(/1000 bytes for requests are used up/),
    )
  })

  it('of the grant bound all responses together', async () => {
    const run = runFor('/big?*', {}, { maxBytesIn: 10_000 })
    await run.text(`${server.origin}/big?bytes=6000`)
    await expect(run.text(`${server.origin}/big?bytes=6000`)).rejects.toEqual(failed('response too large'))
    expect(run.held()).toBe(0)
  })

  it('of the run stop it before the bytes leave', async () => {
    const seen = server.received.length
    const run = createFakeRun(http([{ url: `${server.origin}/echo`, methods: ['POST'], ...LOOPBACK }]), {
      hostBytesOut: 100,
    })
    await expect(run.fetch(`${server.origin}/echo`, { method: 'POST', body: 'a'.repeat(200) })).rejects.toThrow(
      'run stopped: out',
    )
    expect(server.received.length).toBe(seen)
    expect(run.held()).toBe(0)
  })

  it('of the run stop it while a body comes in', async () => {
    const run = createFakeRun(http([{ url: `${server.origin}/big?*`, ...LOOPBACK }]), { hostBytesIn: 100_000 })
    await expect(run.text(`${server.origin}/big?bytes=1000000`)).rejects.toThrow('run stopped: in')
    expect(run.held()).toBe(0)
  })

  it('apply after decompression: a gzip bomb is cut off', async () => {
    const run = runFor('/bomb', { maxResponseBytes: 100_000 })
    await expect(run.text(`${server.origin}/bomb`)).rejects.toEqual(failed('response too large'))
    expect(run.calls.reduce((sum, { spentIn }) => sum + spentIn, 0)).toBeLessThan(200_000)
    expect(run.held()).toBe(0)
  })

  it('apply on the wire too: gzip members that decode to nothing are cut off', async () => {
    const run = runFor('/members', { maxResponseBytes: 100_000 })
    await expect(run.text(`${server.origin}/members`)).rejects.toEqual(failed('response too large'))
  })

  it.each(['zstd', 'gzip, gzip', 'gzip&of=gzip', 'compress', 'x'])(
    'refuse a body encoded as %s, which could be neither capped nor redacted',
    async (coding) => {
      await expect(
        runFor('/encoding?*').text(`${server.origin}/encoding?of=${coding.replace(' ', '%20')}`),
      ).rejects.toEqual(failed('unsupported content encoding'))
    },
  )

  it('count the heads of responses, and refuse one that is endless', async () => {
    const answering = (headers: [string, string][]): Transport => ({
      send: async () => ({ status: 200, statusText: 'OK', headers, body: null }),
    })
    const rules = [{ url: 'https://a.test/' }]
    const run = createFakeRun(httpOver(answering([['x', 'abc']]), rules))
    await run.fetch('https://a.test/')
    expect(run.calls[0]!.spentIn).toBe('OK'.length + 'https://a.test/'.length + 12 + 'x'.length + 'abc'.length + 4)
    const flooded = createFakeRun(httpOver(answering([['x', 'a'.repeat(100_000)]]), rules))
    await expect(flooded.fetch('https://a.test/')).rejects.toEqual(failed('malformed response'))
    expect(flooded.held()).toBe(0)
  })
})

describe('bodies', () => {
  it('that are short come with the head', async () => {
    const run = runFor('/a')
    const answer = await run.fetch(`${server.origin}/a`)
    expect({ ...answer, body: Buffer.from(answer.body!).toString() }).toMatchObject({
      status: 200,
      statusText: 'OK',
      url: `${server.origin}/a`,
      redirected: false,
      body: 'hello',
      bodyId: null,
    })
    expect(run.held()).toBe(0)
  })

  it('that are long come in pieces of at most 64 KiB and end with null', async () => {
    const run = runFor('/big?*')
    const answer = await run.fetch(`${server.origin}/big?bytes=300000`)
    expect(run.held()).toBe(1)
    expect(answer.body!.length).toBe(0)
    let total = 0
    for (;;) {
      const piece = (await run.call('net.bodyRead', answer.bodyId)) as Uint8Array | null
      if (piece === null) break
      expect(piece.length).toBeGreaterThan(0)
      expect(piece.length).toBeLessThanOrEqual(65_536)
      // Not a window on a buffer of the platform that holds more.
      expect([piece.constructor.name, piece.buffer.byteLength]).toEqual(['Uint8Array', piece.length])
      total += piece.length
    }
    expect(total).toBe(300_000)
    expect(run.held()).toBe(0)
    expect(run.calls.at(-1)!.target).toBe(`GET ${server.origin}/big?bytes=300000`)
    await expect(run.call('net.bodyRead', answer.bodyId)).rejects.toMatchObject({ code: 'body-closed' })
  })

  it('that never end are ended with the run, and the connection with them', async () => {
    await using slow = await startHostileServer()
    const run = createFakeRun(http([{ url: `${slow.origin}/slow`, ...LOOPBACK }]))
    const answer = await run.fetch(`${slow.origin}/slow`)
    const reading = run.call('net.bodyAll', answer.bodyId)
    run.settle()
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    await slow.cutOff()
    expect(run.held()).toBe(0)
    await expect(run.call('net.bodyRead', answer.bodyId)).rejects.toMatchObject({ code: 'body-closed' })
  })

  it.each(['abort', 'dispose'] as const)("end with the run's %s alone", async (how) => {
    await using slow = await startHostileServer()
    const run = createFakeRun(http([{ url: `${slow.origin}/slow`, ...LOOPBACK }]))
    await run.fetch(`${slow.origin}/slow`)
    run[how]()
    await slow.cutOff()
    expect(run.held()).toBe(0)
  })

  it('that are given up are closed at the transport, whatever it makes of signals', async () => {
    let isClosed = false
    const body = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false as const, value: new Uint8Array(1) }),
        return: async () => {
          isClosed = true
          return { done: true as const, value: undefined }
        },
      }),
    }
    const run = createFakeRun(
      httpOver({ send: async () => ({ status: 200, statusText: '', headers: [], body }) }, [
        { url: 'https://a.test/' },
      ]),
    )
    const answer = await run.fetch('https://a.test/')
    await run.call('net.bodyRead', answer.bodyId)
    run.call('net.bodyCancel', answer.bodyId)
    expect([isClosed, run.held()]).toEqual([true, 0])
  })

  it('that are given up close their connection', async () => {
    await using slow = await startHostileServer()
    const run = createFakeRun(http([{ url: `${slow.origin}/slow`, ...LOOPBACK }]))
    const answer = await run.fetch(`${slow.origin}/slow`)
    run.call('net.bodyCancel', answer.bodyId)
    run.call('net.bodyCancel', answer.bodyId)
    await slow.cutOff()
    expect(run.held()).toBe(0)
  })

  it('that break off fail when they are read', async () => {
    const run = runFor('/cut')
    const answer = await run.fetch(`${server.origin}/cut`)
    expect(answer.status).toBe(200)
    await expect(run.call('net.bodyAll', answer.bodyId)).rejects.toEqual(failed('connection reset'))
    expect(run.held()).toBe(0)
    await expect(run.call('net.bodyAll', answer.bodyId)).rejects.toMatchObject({ code: 'body-closed' })
  })

  it('have one reader at a time', async () => {
    const run = runFor('/slow')
    const answer = await run.fetch(`${server.origin}/slow`)
    await run.call('net.bodyRead', answer.bodyId)
    const first = run.call('net.bodyRead', answer.bodyId)
    await expect(run.call('net.bodyRead', answer.bodyId)).rejects.toMatchObject({ code: 'body-busy' })
    run.settle()
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
  })

  it.each([0, -1, 1.5, Number.NaN, '1', null, undefined, {}])('%j is no body', async (id) => {
    await expect(runFor('/a').call('net.bodyAll', id)).rejects.toMatchObject({ code: 'body-closed' })
  })

  it('of other runs are out of reach', async () => {
    const net = http([{ url: `${server.origin}/slow`, ...LOOPBACK }])
    const [one, two] = [createFakeRun(net), createFakeRun(net)]
    const answer = await one.fetch(`${server.origin}/slow`)
    await expect(two.call('net.bodyRead', answer.bodyId)).rejects.toMatchObject({ code: 'body-closed' })
    one.settle()
  })

  it('of GET and HEAD are refused', async () => {
    await expect(runFor('/a').fetch(`${server.origin}/a`, { body: 'smuggled' })).rejects.toMatchObject({
      code: 'invalid-request',
    })
  })
})

describe('net.abort', () => {
  it('ends a request in flight, and only by its own key', async () => {
    await using mute = await startHostileServer()
    const run = createFakeRun(http([{ url: `${mute.origin}/mute`, ...LOOPBACK }]))
    const pending = run.fetch(`${mute.origin}/mute`, { key: 7 })
    await expect(run.fetch(`${mute.origin}/mute`, { key: 7 })).rejects.toMatchObject({ code: 'invalid-request' })
    run.call('net.abort', 8)
    run.call('net.abort', 7)
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
    expect(run.held()).toBe(0)
    run.call('net.abort', 7)
  })

  it('holds against a transport that ignores signals, and closes what it answers too late', async () => {
    let answer: (() => void) | undefined
    let isClosed = false
    const requests: TransportRequest[] = []
    const deaf: Transport = {
      send: (request) => {
        requests.push(request)
        return new Promise((resolve) => {
          const body = {
            [Symbol.asyncIterator]: () => ({
              next: () => new Promise<never>(() => undefined),
              return: async () => {
                isClosed = true
                return { done: true as const, value: undefined }
              },
            }),
          }
          answer = () => resolve({ status: 200, statusText: '', headers: [], body })
        })
      },
    }
    const run = createFakeRun(httpOver(deaf, [{ url: 'https://a.test/' }]))
    const pending = run.fetch('https://a.test/')
    await Promise.resolve()
    while (answer === undefined) await new Promise(setImmediate)
    run.settle()
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
    answer()
    await new Promise(setImmediate)
    expect({ isClosed, sent: requests.length, held: run.held() }).toEqual({ isClosed: true, sent: 1, held: 0 })
  })
})
