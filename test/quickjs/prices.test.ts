import { describe, expect, it } from 'vitest'
import { priceOf } from '../../src/quickjs/prices.js'

describe('priceOf()', () => {
  const message = (...sizes: number[]) => ({ message: { text: '[]', blobs: sizes.map((size) => new Uint8Array(size)) } })

  it('asks for fuel by the bytes and iterations that the host works on', () => {
    expect(priceOf('pure.compress', { values: [], bytes: 1000 })).toBe(4000)
    expect(priceOf('pure.stretch', { values: ['sha256', 0, 0, 0, 7], bytes: 96 })).toBe(7000)
    expect(priceOf('pure.urlParse', { values: ['a:b'], bytes: 3 })).toBe(0)
  })

  it('asks for the most when it cannot see how much there is to do', () => {
    expect(priceOf('pure.compress', message(600, 400))).toBe(4000)
    expect(priceOf('pure.stretch', message(32))).toBe(500_000)
    for (const count of [-1, NaN, 501, Infinity, '7', undefined, { valueOf: () => 0 }]) {
      expect(priceOf('pure.stretch', { values: ['sha256', 0, 0, 0, count], bytes: 96 })).toBe(500_000)
    }
  })
})
