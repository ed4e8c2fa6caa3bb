import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../capabilities/random/random.js'
import { createWasi } from '../../../src/component/wasi/host.js'
import { FakePort } from './fake-port.js'
import type { FakeOptions } from './fake-port.js'

function guest(options: FakeOptions = {}) {
  const port = new FakePort(options)
  const { imports } = createWasi(port)
  const random = imports['wasi:random/random'] as { getRandomBytes: (len: bigint) => Uint8Array; getRandomU64: () => bigint }
  const insecure = imports['wasi:random/insecure'] as { getInsecureRandomBytes: (len: bigint) => Uint8Array; getInsecureRandomU64: () => bigint }
  const seed = imports['wasi:random/insecure-seed'] as { insecureSeed: () => [bigint, bigint] }
  return { port, ...random, ...insecure, ...seed, [Symbol.dispose]: () => port.settle() }
}

describe('wasi:random', () => {
  it('gives the granted sequence, as bytes and as numbers, each a host call', () => {
    using call = guest({ random: seededRandom(7).fresh() })
    const expected = seededRandom(7).fresh().bytes(32)
    const view = new DataView(expected.buffer)
    expect(call.getRandomBytes(16n)).toEqual(expected.slice(0, 16))
    expect(call.getRandomU64()).toBe(view.getBigUint64(16, true))
    expect(call.getInsecureRandomU64()).toBe(view.getBigUint64(24, true))
    expect(call.getInsecureRandomBytes(0n)).toEqual(new Uint8Array(0))
    expect(call.port.calls.map(({ operation, target, in: bytes }) => [operation, target, bytes])).toEqual([
      ['random.fill', '16 bytes', 16], ['random.fill', '8 bytes', 8], ['random.fill', '8 bytes', 8], ['random.fill', '0 bytes', 0],
    ])
  })

  it.each([(1n << 20n) + 1n, 2n ** 40n, 2n ** 64n - 1n])('%s bytes at once stop the call before they are made', (length) => {
    for (const name of ['getRandomBytes', 'getInsecureRandomBytes'] as const) {
      using call = guest({ random: { ...seededRandom(1), bytes: () => { throw new Error('must not be asked') } } })
      expect(() => call[name](length)).toThrow('the most')
      expect(call.port.halt.stop?.reason).toBe('resources')
    }
  })

  it('bytes are spent from the call\'s budget before they are made', () => {
    using call = guest({ limits: { hostBytesIn: 100 } })
    call.getRandomBytes(90n)
    expect(() => call.getRandomBytes(11n)).toThrow('bytes in')
  })

  it('the insecure seed is one of the call: another question gets the same answer, another seed another', () => {
    using one = guest({ random: seededRandom(1).fresh() })
    using same = guest({ random: seededRandom(1).fresh() })
    using other = guest({ random: seededRandom(2).fresh() })
    const [lower, upper] = one.insecureSeed()
    expect(lower).not.toBe(upper)
    expect(one.insecureSeed()).toEqual([lower, upper])
    expect(same.insecureSeed()).toEqual([lower, upper])
    expect(other.insecureSeed()).not.toEqual([lower, upper])
    expect(one.port.seen).toEqual(['random.seed seeded with 1'])
    expect(one.port.calls).toEqual([])
  })
})
