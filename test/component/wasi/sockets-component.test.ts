import { beforeAll, describe, expect, it } from 'vitest'
import { tcp } from '../../../capabilities/tcp/node.js'
import type { Component } from '../../../src/index.js'
import { echo, startPeer } from '../../support/hostile-peer.js'
import { canSuspend, useComponents, valueOf } from '../components.js'
import { client } from './sockets-client.js'

const PING = Buffer.from('ping').readInt32LE()
const ACCESS_DENIED = 1

const grantOf = (target: string) => tcp([target], { resolve: async () => ['127.0.0.1'], allowPrivateAddresses: ['127.0.0.1'] })

describe('a component with sockets', () => {
  const { sandbox } = useComponents()
  let component: Component
  beforeAll(async () => {
    component = await sandbox().load(await client('db.test'))
  })

  it.runIf(canSuspend)('talks to what it was granted', async () => {
    await using peer = await startPeer(echo)
    const result = await component.call<number>('talk', [peer.port], { grants: { tcp: grantOf(`db.test:${peer.port}`) } })
    expect(valueOf(result)).toBe(PING)
    expect(result.ledger.map(({ capability, operation, target, decision }) => `${capability} ${operation} ${target} ${decision}`).sort()).toEqual([
      `net connect db.test:${peer.port} allowed`,
      `net receive db.test:${peer.port} allowed`,
      'net resolve db.test allowed',
      `net send db.test:${peer.port} allowed`,
    ])
    expect(result.sources).toEqual(['net:db.test', `net:tcp://db.test:${peer.port}`])
  })

  it('is denied names without a grant', async () => {
    expect(valueOf(await component.call<number>('talk', [80]))).toBe(-100 - ACCESS_DENIED)
  })

  it.runIf(canSuspend)('is denied a port that was not granted', async () => {
    await using peer = await startPeer(echo)
    expect(valueOf(await component.call<number>('talk', [peer.port], { grants: { tcp: grantOf('db.test:1') } }))).toBe(-400 - ACCESS_DENIED)
    expect(peer.connections()).toBe(0)
  })

  it.runIf(canSuspend)('is stopped at its deadline while it waits for the other side', async () => {
    await using peer = await startPeer(() => undefined)
    const result = await component.call<number>('talk', [peer.port], { grants: { tcp: grantOf(`db.test:${peer.port}`) }, limits: { deadlineMs: 300 } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'deadline' })
    await peer.closed()
  })
})
