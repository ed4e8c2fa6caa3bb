import { describe, expect, it } from 'vitest'
import { GuestVisibleError, type HostCall } from '../../../capabilities/capability.js'
import { createRandomHandlers } from '../../../capabilities/random/handlers.js'
import { systemRandom } from '../../../capabilities/random/web.js'
import { type Random, seededRandom } from '../../../capabilities/random/random.js'
import { DEFAULT_LIMITS } from '../../../src/limits.js'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('seededRandom()', () => {
  it('gives the same bytes for the same seed, on every machine', () => {
    expect(hex(seededRandom(42).bytes(16))).toBe(hex(seededRandom(42).bytes(16)))
    expect(hex(seededRandom(42).bytes(16))).toMatchInlineSnapshot(`"1848e42023a995081fa039131a84e3b4"`)
  })

  it('goes on with its sequence, and starts anew in every run', () => {
    const random = seededRandom(1)
    const [first, second] = [hex(random.bytes(8)), hex(random.bytes(8))]
    expect(first).not.toBe(second)
    expect(hex(random.fresh().bytes(8))).toBe(first)
    expect(hex(random.fresh().bytes(8))).toBe(first)
  })

  it('uses the bits of a seed above the 32nd, too', () => {
    const seen = new Set([5, 2 ** 32 + 5, 2 ** 40 + 5, 2 ** 53 - 1].map((seed) => hex(seededRandom(seed).bytes(16))))
    expect(seen.size).toBe(4)
  })

  it('spreads over all byte values', () => {
    const counts = Array.from({ length: 256 }, () => 0)
    for (const byte of seededRandom(7).bytes(256 * 1000)) counts[byte]!++
    expect(Math.min(...counts)).toBeGreaterThan(850)
    expect(Math.max(...counts)).toBeLessThan(1150)
  })

  it.each([[0], [1], [3], [5]])('gives exactly %s bytes', (length) => {
    expect(seededRandom(1).bytes(length)).toHaveLength(length)
  })

  it.each([[-1], [1.5], [Number.NaN], [2 ** 53], ['1']])('refuses the seed %s', (seed) => {
    expect(() => seededRandom(seed as number)).toThrow(expect.objectContaining({ name: 'GloveboxError', code: 'invalid-grant' }))
  })
})

describe('systemRandom()', () => {
  it('fills more than the platform does at once, and never twice the same', () => {
    const bytes = systemRandom().bytes(200_000)
    expect(bytes).toHaveLength(200_000)
    for (const start of [0, 65_536, 131_072, 199_900]) expect(bytes.subarray(start, start + 100).some((byte) => byte !== 0)).toBe(true)
    expect(hex(systemRandom().bytes(16))).not.toBe(hex(systemRandom().bytes(16)))
    expect(systemRandom().reach()).toEqual([{ capability: 'random', target: 'system', acts: 'read' }])
  })
})

describe('random.fill', () => {
  const call = () => {
    const spent: [string, number][] = []
    const fake: HostCall = { target: '', bytesIn: 0, bytesOut: 0, signal: new AbortController().signal, limits: DEFAULT_LIMITS, source: () => {}, spend: (direction, bytes) => void spent.push([direction, bytes]) }
    return { fake, spent }
  }

  it('gives the bytes of the granted sequence and spends them first', () => {
    const { fake, spent } = call()
    const order: string[] = []
    const random: Random = { kind: 'random', bytes: (length) => (order.push(`bytes after ${spent.length} spendings`), new Uint8Array(length).fill(7)), reach: () => [] }
    expect(createRandomHandlers(random)['random.fill']!([3], fake)).toEqual(new Uint8Array([7, 7, 7]))
    expect(order).toEqual(['bytes after 1 spendings'])
    expect(spent).toEqual([['in', 3]])
    expect(fake.target).toBe('3 bytes')
  })

  it.each([[-1], [1.5], [65_537], [2 ** 40], [Number.NaN], ['4'], [undefined], [[4]]])('refuses a length of %s before any is made', (length) => {
    const random: Random = { kind: 'random', bytes: () => expect.unreachable('bytes were made'), reach: () => [] }
    expect(() => createRandomHandlers(random)['random.fill']!([length], call().fake)).toThrow(GuestVisibleError)
  })
})
