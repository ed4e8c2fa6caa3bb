import { describe, expect, it } from 'vitest'
import type { Fuel } from '../src/fuel.js'
import { type Place, Room, type RoomOptions } from '../src/room.js'
import { Halt } from '../src/stop.js'

const fuel = { watch: () => () => {} } as unknown as Fuel
const patience = (halt = new Halt()) => ({ halt, fuel })
const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await undefined
}

/** A room with guests that can be set aside and idle bytes that can be dropped, as an engine has them. */
function createRoom(options: Partial<RoomOptions> = {}) {
  const idle = { bytes: 0 }
  const waiting: { readonly place: Place; readonly asideBytes: number }[] = []
  const room = new Room({
    maxLive: Infinity,
    maxBytes: Infinity,
    idle: {
      bytes: () => idle.bytes,
      drop: () => {
        if (idle.bytes === 0) return false
        idle.bytes -= 1
        return true
      },
    },
    setAsideOldest: () => {
      const oldest = waiting.shift()
      oldest?.place.setAside(oldest.asideBytes)
      return oldest !== undefined
    },
    ...options,
  })
  const enter = (bytes: number, halt?: Halt) => {
    const entered: { place?: Place | undefined; done: boolean } = { done: false }
    void room.enter(bytes, patience(halt)).then((place) => Object.assign(entered, { place, done: true }))
    return entered
  }
  const rest = (place: Place, bytes: number, asideBytes: number): void => {
    waiting.push({ place, asideBytes })
    place.rest(bytes)
  }
  const wake = (place: Place, halt?: Halt) => {
    const index = waiting.findIndex((each) => each.place === place)
    if (index >= 0) waiting.splice(index, 1)
    const woken: { went?: boolean } = {}
    void place.goOn(patience(halt)).then((went) => Object.assign(woken, { went }))
    return woken
  }
  return { room, idle, enter, rest, wake }
}

describe('Room', () => {
  it('lets calls in up to maxLive, and the others in the order they came', async () => {
    const { room, enter } = createRoom({ maxLive: 2 })
    const calls = [1, 2, 3, 4].map(() => enter(1))
    await settle()
    expect(calls.map(({ done }) => done)).toEqual([true, true, false, false])
    expect(room.waiting).toBe(2)
    calls[1]!.place!.leave()
    await settle()
    expect(calls.map(({ done }) => done)).toEqual([true, true, true, false])
    for (const { place } of calls.slice(0, 3)) place!.leave()
    await settle()
    calls[3]!.place!.leave()
    expect(room).toMatchObject({ waiting: 0, bytes: 0 })
  })

  it('counts a call that runs with all it may grow to, and one that waits with what it has', async () => {
    const { room, enter, rest } = createRoom({ maxBytes: 100 })
    const first = enter(60)
    const second = enter(60)
    await settle()
    expect([first.done, second.done, room.bytes]).toEqual([true, false, 60])
    rest(first.place!, 40, 40)
    await settle()
    expect([second.done, room.bytes]).toEqual([true, 100])
  })

  it('drops what is idle first, then sets aside who waits, then lets calls wait', async () => {
    const { room, idle, enter, rest } = createRoom({ maxBytes: 100 })
    idle.bytes = 30
    const first = enter(50)
    await settle()
    rest(first.place!, 50, 5)
    const second = enter(40)
    await settle()
    expect([second.done, idle.bytes, room.bytes]).toEqual([true, 10, 90])
    const third = enter(50)
    await settle()
    expect([third.done, idle.bytes, room.bytes]).toEqual([true, 0, 95])
    const fourth = enter(10)
    await settle()
    expect(fourth.done).toBe(false)
    third.place!.leave()
    await settle()
    expect([fourth.done, room.bytes]).toEqual([true, 55])
  })

  it('takes nothing from anybody that would not be enough', async () => {
    const { room, idle, enter, rest } = createRoom({ maxBytes: 100 })
    idle.bytes = 5
    const running = enter(60)
    const waiting = enter(20)
    await settle()
    rest(waiting.place!, 20, 1)
    const large = enter(90)
    await settle()
    expect([large.done, idle.bytes, room.bytes]).toEqual([false, 5, 80])
    running.place!.leave()
    await settle()
    expect([large.done, idle.bytes, room.bytes]).toEqual([true, 0, 91])
  })

  it('lets those go on first who have begun', async () => {
    const { enter, rest, wake } = createRoom({ maxBytes: 100 })
    const first = enter(50)
    const second = enter(50)
    await settle()
    rest(first.place!, 10, 10)
    const third = enter(40)
    await settle()
    const fourth = enter(10)
    const woken = wake(first.place!)
    await settle()
    expect([third.done, fourth.done, woken.went]).toEqual([true, false, undefined])
    second.place!.leave()
    await settle()
    expect([fourth.done, woken.went]).toEqual([true, true])
  })

  it('lets one call exceed maxBytes where all would wait for each other, and no second', async () => {
    const { room, enter, rest, wake } = createRoom({ maxBytes: 100, setAsideOldest: () => false })
    const large = enter(250)
    const small = enter(10)
    await settle()
    expect([large.done, small.done]).toEqual([true, false])
    large.place!.leave()
    await settle()
    expect(small.done).toBe(true)
    small.place!.leave()
    const guests = [enter(60), enter(60), enter(60)]
    for (const guest of guests) {
      await settle()
      if (guest.done) rest(guest.place!, 45, 45)
    }
    await settle()
    expect(guests.map(({ done }) => done)).toEqual([true, false, false])
    const other = createRoom({ maxBytes: 100, setAsideOldest: () => false })
    const [a, b] = [other.enter(55), other.enter(45)]
    await settle()
    other.rest(a.place!, 50, 50)
    other.rest(b.place!, 45, 45)
    const [wokenA, wokenB] = [other.wake(a.place!), other.wake(b.place!)]
    await settle()
    expect([wokenA.went, wokenB.went, other.room.bytes]).toEqual([true, true, 100])
    const { place } = guests[0]!
    const woken = wake(place!)
    await settle()
    expect([woken.went, room.bytes]).toEqual([true, 60])
  })

  it('forgets a call that was stopped while it waited, and lets in who stood behind it', async () => {
    const { room, enter } = createRoom({ maxBytes: 100 })
    const first = enter(60)
    const halt = new Halt()
    const large = enter(90, halt)
    const small = enter(40)
    await settle()
    expect(small.done).toBe(false)
    halt.set('aborted', 'x')
    await settle()
    expect([large, small.done]).toEqual([{ place: undefined, done: true }, true])
    first.place!.leave()
    small.place!.leave()
    expect(room).toMatchObject({ waiting: 0, bytes: 0 })
  })

  it('leaves no listener behind on a call that waited often', async () => {
    let listening = 0
    class CountingHalt extends Halt {
      override onStop(listener: () => void): () => void {
        listening++
        const forget = super.onStop(listener)
        return () => {
          listening--
          forget()
        }
      }
    }
    const { enter, rest, wake } = createRoom({ maxBytes: 100 })
    const halt = new CountingHalt()
    const first = enter(90, halt)
    await settle()
    for (let i = 0; i < 10; i++) {
      rest(first.place!, 20, 5)
      const other = enter(80)
      await settle()
      const woken = wake(first.place!, halt)
      await settle()
      expect([other.done, woken.went, listening]).toEqual([true, undefined, 1])
      other.place!.leave()
      await settle()
      expect([woken.went, listening]).toEqual([true, 0])
    }
  })

  it.each([1, 2, 3, 4, 5])('holds its bounds and lets everybody end, whatever happens (%i)', async (seed) => {
    let state = seed * 7919
    const random = (below: number): number => (state = (state * 48271) % 2147483647) % below
    const maxBytes = 200
    const maxLive = 5
    const { room, idle, enter, rest, wake } = createRoom({ maxBytes, maxLive })
    const calls = Array.from({ length: 60 }, () => {
      const bytes = 10 + random(80)
      return { bytes, entered: enter(bytes), steps: random(4), held: 0, woken: undefined as { went?: boolean } | undefined, ended: false }
    })
    for (let round = 0; round < 5000 && calls.some(({ ended }) => !ended); round++) {
      await settle()
      const live = calls.filter(({ entered, ended }) => !ended && entered.place !== undefined && entered.place.held.isolates === 1)
      expect(live.length).toBeLessThanOrEqual(maxLive)
      expect(room.bytes).toBe(calls.reduce((sum, { entered }) => sum + (entered.place?.held.bytes ?? 0), 0))
      expect(room.bytes).toBeLessThanOrEqual(maxBytes + 90)
      const able = calls.filter(({ ended, entered, woken }) => !ended && entered.place !== undefined && (woken === undefined || woken.went === true))
      if (able.length === 0) continue
      const call = able[random(able.length)]!
      const { place } = call.entered
      if (place!.held.running === 1) {
        if (call.steps-- > 0) {
          call.held = 1 + random(call.bytes)
          rest(place!, call.held, 1 + random(call.held))
          call.woken = undefined
        } else {
          call.ended = true
          place!.leave()
          idle.bytes += random(5)
        }
      } else call.woken = wake(place!)
    }
    expect(calls.every(({ ended }) => ended)).toBe(true)
    expect(room).toMatchObject({ waiting: 0, bytes: 0 })
  })
})
