import { describe, expect, it } from 'vitest'
import { renderAt, renderBytes, renderRate, renderRatio, renderTime } from '../../../bench/report/units.js'

describe('renderTime()', () => {
  it.each([
    [31.24, '31.2 ms'], [1, '1.00 ms'], [0.204, '204 µs'], [0.0181, '18.1 µs'], [0.000_041, '0.041 µs'], [1234.5, '1235 ms'], [12_345, '12.3 s'], [0, '< 1 ns'], [-0.5, '< 1 ns'], [undefined, '–'],
  ])('shows %s ms as %s', (ms, text) => {
    expect(renderTime(ms)).toBe(text)
  })
})

describe('renderBytes()', () => {
  it.each([[12, '12 B'], [1536, '1.50 KB'], [102_400, '100 KB'], [3 << 20, '3.00 MB'], [1.5 * 2 ** 30, '1.50 GB'], [-2048, '-2.00 KB']])('shows %s as %s', (bytes, text) => {
    expect(renderBytes(bytes)).toBe(text)
  })
})

describe('renderRate()', () => {
  it.each([[12.34, '12.3 /s'], [12_345, '12.3 k/s'], [2_000_000, '2.00 M/s']])('shows %s as %s', (rate, text) => {
    expect(renderRate(rate)).toBe(text)
  })
})

describe('renderRatio()', () => {
  it.each([[1, '1.00×'], [0.0004, '< 0.001×'], [195.4, '195×'], [undefined, '–'], [Infinity, '–'], [-1, '–']])('shows %s as %s', (ratio, text) => {
    expect(renderRatio(ratio)).toBe(text)
  })
})

describe('renderAt()', () => {
  const number = (unit: 'bytes' | 'count') => ({ kind: 'number', title: '', unit, scale: 'log' }) as const
  it('shows places as their axis counts them', () => {
    expect(renderAt(1 << 20, number('bytes'))).toBe('1 MB')
    expect(renderAt(1000, number('count'))).toBe('1,000')
    expect(renderAt('fib', { kind: 'names', title: '' })).toBe('fib')
    expect(renderAt(undefined, undefined)).toBe('')
  })
})
