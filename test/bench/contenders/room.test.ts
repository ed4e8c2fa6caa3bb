import { describe, expect, it } from 'vitest'
import { type MakeRoom, type Room, type Technique, waysOf } from '../../../bench/contenders/room.js'
import type { Evaluate, Way } from '../../../bench/suite.js'
import { fakeHost } from '../fakes.js'

/** A technique whose rooms evaluate `count`, `print`, `ask` and whatever else to itself. */
function fakeTechnique(options: Partial<Technique> = {}): { readonly technique: Technique; readonly log: string[]; readonly open: () => number } {
  const log: string[] = []
  let open = 0
  let made = 0
  const make: MakeRoom = (host, parts): Room => {
    const room = ++made
    open++
    log.push(`room ${room} with ${parts.join(' ')}`)
    return {
      evaluate(program) {
        if (program === 'throw') throw new Error('thrown')
        if (program === 'reject') return Promise.reject(new Error('rejected'))
        if (program === 'print') return host.print(`from ${room}`)
        if (program === 'ask') return host.lookup({ id: room, name: 'item' })
        return program === 'room' ? room : program
      },
      call: (program, input) => [program, input],
      close() {
        open--
        log.push(`closed ${room}`)
      },
    }
  }
  return { technique: { room: 'isolate', parts: ['lookup', 'console'], prepare: async () => make, ...options }, log, open: () => open }
}

async function openWay(technique: Technique, way: Way): Promise<Evaluate> {
  return waysOf(technique).open[way]!(fakeHost)
}

describe('waysOf()', () => {
  it('makes a room for each evaluation of fresh-isolate and closes it, without a promise where there is none', async () => {
    const { technique, open } = fakeTechnique()
    const evaluate = await openWay(technique, 'fresh-isolate')
    expect([evaluate('room', {}), evaluate('room', {})]).toEqual([1, 2])
    expect(open()).toBe(0)
  })

  it.each(['throw', 'reject'])('closes the room of a program that does %s', async (program) => {
    const { technique, open } = fakeTechnique()
    const evaluate = await openWay(technique, 'fresh-isolate')
    await expect((async () => evaluate(program, {}))()).rejects.toThrow(/thrown|rejected/)
    expect(open()).toBe(0)
  })

  it('keeps one room for a session', async () => {
    const { technique, log } = fakeTechnique()
    const evaluate = await openWay(technique, 'session')
    expect([evaluate('room', {}), evaluate('room', {})]).toEqual([1, 1])
    expect(log).toEqual(['room 1 with '])
  })

  it('gives a technique that makes an isolate for each program one room, and no session', async () => {
    const { technique } = fakeTechnique({ room: 'isolates' })
    const evaluate = await openWay(technique, 'fresh-isolate')
    expect([evaluate('room', {}), evaluate('room', {})]).toEqual([1, 1])
    const { open, lacks } = waysOf(technique)
    expect(open.session).toBeUndefined()
    expect(lacks.session).toContain('has no sessions')
  })

  it('gives what was printed, for each evaluation its own lines', async () => {
    const evaluate = await openWay(fakeTechnique().technique, 'console')
    expect(await evaluate('print', {})).toEqual(['from 1'])
    expect(await evaluate('print', {})).toEqual(['from 1'])
  })

  it('is done with a waiting isolate once it asks, and leaves it open', async () => {
    const { technique, open } = fakeTechnique()
    const evaluate = await openWay(technique, 'waiting-isolate')
    expect([await evaluate('ask', {}), await evaluate('ask', {})]).toEqual([true, true])
    expect(open()).toBe(2)
  })

  it('opens only the ways that the parts allow, and running isolates only beside the host', async () => {
    expect(Object.keys(waysOf(fakeTechnique({ parts: [] }).technique).open).sort()).toEqual(['compute', 'fresh-isolate', 'hostile', 'kept-isolate', 'session'])
    expect(waysOf(fakeTechnique().technique).lacks['running-isolate']).toContain('has the thread to itself')
    expect(waysOf(fakeTechnique({ beside: true }).technique).open['running-isolate']).toBeDefined()
  })

  it('opens no way that the technique lacks', () => {
    const { open, lacks } = waysOf(fakeTechnique({ lacks: { hostile: 'contains nothing' } }).technique)
    expect(open.hostile).toBeUndefined()
    expect(lacks.hostile).toBe('contains nothing')
  })

  it('refuses rooms and calls beyond the most there may be at once', async () => {
    const evaluate = await openWay(fakeTechnique({ most: 2 }).technique, 'kept-isolate')
    await evaluate('room', {})
    await evaluate('room', {})
    await expect(evaluate('room', {})).rejects.toThrow('more than 2 of these at once')
    const call = await openWay(fakeTechnique({ most: 1, room: 'isolates' }).technique, 'waiting-call')
    const first = call('ask', {})
    await expect(call('ask', {})).rejects.toThrow('more than 1 of these at once')
    await first
    expect(await call('room', {})).toBe(1)
  })
})
