import { describe, expect, it } from 'vitest'
import { nearest, suggestion } from '../../src/policy-file/nearest.js'

describe('nearest()', () => {
  it.each([['hots', 'host'], ['methds', 'methods'], ['METHODS', 'methods'], ['headrs', 'headers'], ['ulr', 'url'], ['allow-raed', 'allow-read']])('takes %s for %s', (name, meant) => {
    expect(nearest(name, ['host', 'methods', 'headers', 'url', 'allow-read', 'allow-write'])).toBe(meant)
  })

  it.each([['filesystem'], [''], ['x'], ['zzzz'], ['m'.repeat(100_000)]])('takes %.20s for nothing', (name) => {
    expect(nearest(name, ['host', 'methods', 'headers'])).toBeUndefined()
    expect(suggestion(name, ['host', 'methods', 'headers'])).toBe('')
  })
})
