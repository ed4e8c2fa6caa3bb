import { describe, expect, it } from 'vitest'
import { Denied, GuestVisibleError, toHandlers } from '../capabilities/capability.js'
import { Door } from '../src/door.js'
import { Ledger } from '../src/ledger.js'
import { DEFAULT_LIMITS, type Limits } from '../src/limits.js'
import type { LedgerEntry } from '../src/result.js'
import { Halt, Stop } from '../src/stop.js'

function open({ limits = {}, sink = () => {} }: { readonly limits?: Partial<Limits>; readonly sink?: (entry: LedgerEntry) => void } = {}) {
  const halt = new Halt()
  const ledger = new Ledger({ sink, fuel: () => 7 })
  const ended = new AbortController()
  const door = new Door({ handlers: () => toHandlers({}), ledger, limits: { ...DEFAULT_LIMITS, ...limits }, halt, signal: () => ended.signal })
  return { door, halt, ledger }
}

const forms = [
  ['perform', (door: Door, act: () => unknown) => Promise.resolve().then(() => door.perform('fs.read', (call) => ((call.target = '/data/a'), act())))],
  ['performAsync', (door: Door, act: () => unknown) => door.performAsync('fs.read', async (call) => ((call.target = '/data/a'), act()))],
] as const

describe.each(forms)('Door.%s()', (_name, perform) => {
  it('gives what the act gives, counted and recorded', async () => {
    const { door, ledger } = open()
    const value = { kept: 'as it is' }
    expect(await perform(door, () => value)).toBe(value)
    expect(ledger.entries).toEqual([{ seq: 0, capability: 'fs', operation: 'read', target: '/data/a', decision: 'allowed', bytesIn: 0, bytesOut: 0, fuel: 7 }])
    expect(door.usage).toEqual({ hostCalls: 1, hostBytesIn: 0, hostBytesOut: 0 })
  })

  it('throws denials and failures on after it recorded them', async () => {
    const { door, ledger } = open()
    const denied = new Denied('fs.read "/data/a"', 'no mount', 'grants.fs["/data"]')
    const failure = new GuestVisibleError('Error', 'ENOENT', 'no such file')
    await expect(perform(door, () => { throw denied })).rejects.toBe(denied)
    await expect(perform(door, () => { throw failure })).rejects.toBe(failure)
    expect(ledger.entries).toMatchObject([{ decision: 'denied', reason: 'no mount' }, { decision: 'allowed', reason: 'ENOENT' }])
  })

  it('tells nothing of a failure of the host', async () => {
    const { door, ledger } = open()
    const failed = perform(door, () => { throw new Error('secret of the host') })
    await expect(failed).rejects.toMatchObject({ name: 'Error', code: 'host-failure', message: 'host failure' })
    expect(ledger.entries).toMatchObject([{ decision: 'allowed', reason: 'host failure' }])
  })

  it('stops the call for too many, and for too many bytes', async () => {
    const { door, halt } = open({ limits: { hostCalls: 1 } })
    await perform(door, () => 1)
    await expect(perform(door, () => 2)).rejects.toBeInstanceOf(Stop)
    expect(halt.stop).toMatchObject({ reason: 'host-calls' })
    const bytes = open({ limits: { hostBytesIn: 10 } })
    await expect(Promise.resolve().then(() => bytes.door.perform('fs.read', (call) => call.spend('in', 11)))).rejects.toBeInstanceOf(Stop)
    expect(bytes.ledger.entries).toMatchObject([{ decision: 'denied', reason: 'host-calls', bytesIn: 11 }])
  })

  it('does nothing once the call was stopped or has ended', async () => {
    let acts = 0
    const stopped = open()
    stopped.halt.set('aborted', 'aborted')
    await expect(perform(stopped.door, () => acts++)).rejects.toBeInstanceOf(Stop)
    const ended = open()
    ended.door.close()
    await expect(perform(ended.door, () => acts++)).rejects.toBeInstanceOf(Denied)
    expect(ended.ledger.entries).toEqual([])
    expect(acts).toBe(0)
  })

  it('gives nothing that could not be recorded, and acts no more', async () => {
    let acts = 0
    const { door } = open({ sink: () => { throw new Error('full') } })
    await expect(perform(door, () => acts++)).rejects.toMatchObject({ name: 'PermissionDenied' })
    await expect(perform(door, () => acts++)).rejects.toMatchObject({ name: 'PermissionDenied' })
    expect(acts).toBe(1)
  })
})

describe('Door.performAsync()', () => {
  it('bounds the acts that wait at once', async () => {
    const { door } = open({ limits: { hostCallsInFlight: 2 } })
    const never = new Promise<void>(() => {})
    void door.performAsync('net.fetch', () => never)
    void door.performAsync('net.fetch', () => never)
    await expect(door.performAsync('net.fetch', () => never)).rejects.toBeInstanceOf(Stop)
  })

  it('records acts that have not ended when the call does', () => {
    const { door, ledger } = open()
    void door.performAsync('net.fetch', (call) => {
      call.target = 'https://example.com'
      return new Promise(() => {})
    })
    door.close()
    expect(ledger.entries).toMatchObject([{ capability: 'net', target: 'https://example.com', decision: 'allowed', reason: 'unfinished' }])
  })
})
