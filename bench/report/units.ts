import type { Axis, At, Quantity } from '../suite.js'

/** Differences below a nanosecond say nothing. */
export const FINEST_MS = 1e-6
export const TOO_FINE = '< 1 ns'

/** A sample in the unit that suits it, with three digits. */
export function renderValue(value: number | undefined, quantity: Quantity): string {
  if (value === undefined) return '–'
  if (quantity === 'time') return renderTime(value)
  return quantity === 'rate' ? renderRate(value) : renderBytes(value)
}

/** `0.041 µs`, `204 µs`, `31.2 ms`, `1.20 s` */
export function renderTime(ms: number | undefined): string {
  if (ms === undefined) return '–'
  if (ms < FINEST_MS) return TOO_FINE
  if (ms < 1) return `${threeDigits(ms * 1000)} µs`
  return ms < 10_000 ? `${threeDigits(ms)} ms` : `${threeDigits(ms / 1000)} s`
}

/** `+3.46 ms` past a deadline. */
export function renderPast(ms: number | undefined): string {
  if (ms === undefined) return '–'
  return ms > 0 ? `+${renderTime(ms)}` : 'in time'
}

/** `950 /s`, `12.1 k/s`, `1.20 M/s` */
export function renderRate(perSecond: number): string {
  if (perSecond >= 1e6) return `${threeDigits(perSecond / 1e6)} M/s`
  return perSecond >= 1000 ? `${threeDigits(perSecond / 1000)} k/s` : `${threeDigits(perSecond)} /s`
}

/** `512 B`, `64.0 KB`, `1.00 MB`, `1.20 GB`; a kilobyte has 1024 bytes here. */
export function renderBytes(bytes: number): string {
  const sign = bytes < 0 ? '-' : ''
  const size = Math.abs(bytes)
  if (size < 1024) return `${sign}${size.toFixed(0)} B`
  if (size < 2 ** 20) return `${sign}${threeDigits(size / 1024)} KB`
  return size < 2 ** 30 ? `${sign}${threeDigits(size / 2 ** 20)} MB` : `${sign}${threeDigits(size / 2 ** 30)} GB`
}

/** How often one value is the other. */
export function renderRatio(ratio: number | undefined): string {
  if (ratio === undefined || !Number.isFinite(ratio) || ratio < 0) return '–'
  return ratio < 0.001 ? '< 0.001×' : `${threeDigits(ratio)}×`
}

/** A place on an axis: `64 B`, `1 MB`, `1,000`, `fib`. */
export function renderAt(at: At | undefined, axis: Axis | undefined): string {
  if (at === undefined) return ''
  if (typeof at === 'string') return at
  if (axis?.kind === 'number' && axis.unit === 'bytes') return renderBytes(at).replace(/\.0+(?= )/, '')
  return at.toLocaleString('en-US')
}

export function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toFixed(3)
}
