import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { PRELUDE } from '../../src/quickjs/guest/bundle/libraries.js'
import { type Image, createImage, isPristine } from '../../src/quickjs/image.js'
import type { Link } from '../../src/quickjs/instance.js'
import { Pool, type PoolOptions, checkPoolOptions } from '../../src/quickjs/pool.js'

const link: Link = {
  hostCall: () => 0, promiseRejection: () => {}, resolveModule: () => 0, loadModule: () => 0, now: () => 0, utcOffsetSeconds: () => 0,
  random: (length) => new Uint8Array(length), write: () => {}, refill: () => 1_000_000_000, turn: () => 1_000_000_000,
}
const MiB = 1 << 20

let module: WebAssembly.Module
let image: Image
beforeAll(async () => {
  module = await WebAssembly.compile(await readFile(new URL('../../dist/quickjs.wasm', import.meta.url)))
  image = createImage(module, PRELUDE)
})

/** A pool whose idle moments and timers come when the test says so. */
function createPool(options?: PoolOptions) {
  const deferred: (() => void)[] = []
  const timers: (() => void)[] = []
  const pool = new Pool(
    {
      module, turnModules: undefined, deadLink: link,
      defer: (callback) => deferred.push(callback),
      startIdleTimer: (callback) => {
        timers.push(callback)
        return () => timers.splice(timers.indexOf(callback), 1)
      },
    },
    options,
  )
  const runAll = (callbacks: (() => void)[]): void => {
    while (callbacks.length > 0) callbacks.shift()!()
  }
  return { pool, idle: () => runAll(deferred), idleTimer: () => timers.shift()!(), timers }
}

const dirty = (memory: WebAssembly.Memory): void => void new Uint8Array(memory.buffer).fill(1, memory.buffer.byteLength - 64)

describe('Pool', () => {
  it('hands out an instance again, put back to its image', () => {
    const { pool, idle } = createPool()
    const first = pool.lease(image, 8 * MiB)
    dirty(first.memory)
    pool.giveBack(first, image, 8 * MiB)
    idle()
    const second = pool.lease(image, 8 * MiB)
    expect(second).toBe(first)
    expect(isPristine(second, image)).toBe(true)
  })

  it('restores at once when a call comes before the host was idle', () => {
    const { pool } = createPool()
    const first = pool.lease(image, 8 * MiB)
    dirty(first.memory)
    pool.giveBack(first, image, 8 * MiB)
    expect(isPristine(pool.lease(image, 8 * MiB), image)).toBe(true)
  })

  it('never hands out an instance with another ceiling', () => {
    const { pool } = createPool()
    const small = pool.lease(image, 8 * MiB)
    pool.giveBack(small, image, 8 * MiB)
    expect(pool.lease(image, 16 * MiB)).not.toBe(small)
  })

  it('drops what has grown', () => {
    const { pool } = createPool()
    const grown = pool.lease(image, 8 * MiB)
    grown.memory.grow(1)
    pool.giveBack(grown, image, 8 * MiB)
    expect(pool.idle).toBe(0)
  })

  it('keeps at most maxIdle, of all ceilings together', () => {
    const { pool } = createPool({ maxIdle: 3 })
    const sizes = [8, 9, 10, 11, 12].map((size) => size * MiB)
    const leased = sizes.map((size) => pool.lease(image, size))
    leased.forEach((instance, i) => pool.giveBack(instance, image, sizes[i]!))
    expect(pool.idle).toBe(3)
  })

  it('keeps nothing with maxIdle 0', () => {
    const { pool } = createPool({ maxIdle: 0 })
    pool.giveBack(pool.lease(image, 8 * MiB), image, 8 * MiB)
    expect(pool.idle).toBe(0)
  })

  it('drops everything when nobody has asked for a while, and not before', () => {
    const { pool, idleTimer, timers } = createPool()
    pool.giveBack(pool.lease(image, 8 * MiB), image, 8 * MiB)
    pool.giveBack(pool.lease(image, 8 * MiB), image, 8 * MiB)
    idleTimer()
    expect(pool.idle).toBe(1)
    idleTimer()
    expect(pool.idle).toBe(0)
    expect(timers).toHaveLength(0)
  })

  it('a link given back is dead', () => {
    const { pool } = createPool()
    const instance = pool.lease(image, 8 * MiB)
    instance.link = { ...link, refill: () => 7 }
    pool.giveBack(instance, image, 8 * MiB)
    expect(instance.link).toBe(link)
  })

  it('clear() leaves nothing', () => {
    const { pool, timers } = createPool()
    pool.giveBack(pool.lease(image, 8 * MiB), image, 8 * MiB)
    pool.clear()
    expect(pool.idle).toBe(0)
    expect(timers).toHaveLength(0)
  })
})

describe('checkPoolOptions()', () => {
  it.each([['an unknown key', { maxIdel: 1 }], ['a negative number', { maxIdle: -1 }], ['a text', { idleMs: '1' }], ['null', null]])('refuses %s', (_name, options) => {
    expect(() => checkPoolOptions(options as never)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
  })
})
