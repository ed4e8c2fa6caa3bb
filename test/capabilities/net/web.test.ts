import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { http } from '../../../capabilities/net/web.js'
import { type HostileServer, startHostileServer } from '../../support/hostile-server.js'
import { createFakeRun } from './fake-run.js'

let server: HostileServer
beforeAll(async () => {
  server = await startHostileServer()
})
afterAll(() => server[Symbol.asyncDispose]())

describe("http() over the platform's fetch", () => {
  it('decides, attaches and redacts as elsewhere', async () => {
    const run = createFakeRun(
      http([{ url: `${server.origin}/split`, headers: { authorization: () => 'Bearer abcdefghij' } }]),
    )
    expect(await run.text(`${server.origin}/split`)).toBe('before Bearer [redacted:authorization] after')
    await expect(run.fetch(`${server.origin}/echo`)).rejects.toMatchObject({ code: 'denied' })
  })

  it('does not follow redirects by itself', async () => {
    const seen = server.received.length
    const run = createFakeRun(http([{ url: `${server.origin}/loop` }]))
    await expect(run.fetch(`${server.origin}/loop`)).rejects.toMatchObject({ code: 'denied' })
    expect(server.received.length - seen).toBe(1)
  })

  it('cuts off a gzip bomb', async () => {
    const run = createFakeRun(http([{ url: `${server.origin}/bomb`, maxResponseBytes: 100_000 }]))
    await expect(run.text(`${server.origin}/bomb`)).rejects.toMatchObject({
      message: 'fetch failed: response too large',
    })
    expect(run.held()).toBe(0)
  })

  it('closes the connection of a body that is given up', async () => {
    await using slow = await startHostileServer()
    const run = createFakeRun(http([{ url: `${slow.origin}/slow` }]))
    const answer = await run.fetch(`${slow.origin}/slow`)
    run.call('net.bodyCancel', answer.bodyId)
    await slow.cutOff()
    expect(run.held()).toBe(0)
  })

  it('refuses allowPrivateAddresses, which it could not keep', () => {
    expect(() => http([{ url: 'http://127.0.0.1/', allowPrivateAddresses: ['127.0.0.1'] }])).toThrow(
      /cannot check addresses/,
    )
  })
})
