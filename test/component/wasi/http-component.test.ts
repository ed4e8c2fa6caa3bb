import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { http } from '../../../capabilities/net/node.js'
import { secret } from '../../../capabilities/secret/index.js'
import { type HostileServer, startHostileServer } from '../../support/hostile-server.js'
import { canSuspend, useComponents, valueOf } from '../components.js'
import { type ClientRequest, client } from './http-client.js'

const DENIED = 1
const TIMED_OUT = 2
let server: HostileServer
beforeAll(async () => {
  server = await startHostileServer()
})
afterAll(() => server[Symbol.asyncDispose]())

describe('a component that asks over HTTP', () => {
  const { sandbox } = useComponents()
  const talk = async (request: Omit<ClientRequest, 'authority'>, rule: object | undefined, more = {}) => {
    const component = await sandbox().load(await client({ authority: `127.0.0.1:${server.port}`, ...request }))
    const net = rule === undefined ? {} : { net: http([{ url: `${server.origin}/**`, allowPrivateAddresses: ['127.0.0.1'], ...rule }]) }
    return component.call<number>('talk', [], { grants: net, ...more })
  }

  it.runIf(canSuspend)('gets what it was granted', async () => {
    const result = await talk({ path: '/hello' }, {})
    expect(valueOf(result)).toBe((200 << 8) | 'h'.charCodeAt(0))
    expect(result.ledger).toMatchObject([
      { capability: 'net', operation: 'fetch', target: `GET ${server.origin}/hello`, decision: 'allowed' },
      { capability: 'net', operation: 'bodyRead', target: `GET ${server.origin}/hello`, decision: 'allowed', bytesIn: 5 },
    ])
    expect(result.sources).toEqual([`net:${server.origin}`])
  })

  it.runIf(canSuspend)('sends a body, under the credential of the host', async () => {
    const result = await talk({ path: '/echo', body: 'payload' }, { methods: ['POST'], headers: { authorization: secret('api', 'Bearer tok-12345678') } })
    expect(valueOf(result)).toBe((200 << 8) | '{'.charCodeAt(0))
    expect(server.received.at(-1)).toMatchObject({ method: 'POST', body: 'payload', headers: { authorization: 'Bearer tok-12345678' } })
    expect(JSON.stringify(result)).not.toContain('tok-12345678')
  })

  it.each<[string, Omit<ClientRequest, 'authority'>, object | undefined, RegExp]>([
    ['without a grant', { path: '/hello' }, undefined, /no net grant/],
    ['with a credential of its own', { path: '/hello', header: ['authorization', 'Bearer mine-12345678'] }, {}, /says who asks/],
    ['by another method', { path: '/echo', body: 'x' }, {}, /no rule for method "POST"/],
    ['through a path that climbs', { path: '/a/../b' }, {}, /dot segment/],
  ])('is denied %s, and it is recorded', async (_title, request, rule, reason) => {
    const seen = server.received.length
    const result = await talk(request, rule)
    expect(valueOf(result)).toBe(-500 - DENIED)
    expect(result.ledger).toMatchObject([{ capability: 'net', operation: 'fetch', decision: 'denied', reason: expect.stringMatching(reason) }])
    expect(server.received.length).toBe(seen)
  })

  it.runIf(canSuspend)('waits as long as it said', async () => {
    expect(valueOf(await talk({ path: '/mute', firstByteMs: 60 }, {}))).toBe(-900 - TIMED_OUT)
  })

  it.runIf(canSuspend)('is stopped at its deadline while it waits', async () => {
    expect(await talk({ path: '/mute' }, {}, { limits: { deadlineMs: 300 } })).toMatchObject({ outcome: 'stopped', reason: 'deadline', ledger: [{ operation: 'fetch', reason: 'unfinished' }] })
  })
})
