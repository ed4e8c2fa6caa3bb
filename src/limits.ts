import { GloveboxError } from './errors.js'

const KiB = 1024
const MiB = 1024 * KiB

/** Hard bounds of one call. Every one has a stop reason of its own. */
export interface Limits {
  /** Deterministic work units. @default 20_000_000_000 (about ten seconds) */
  readonly fuel: number
  /** Wall time in milliseconds. @default 30_000 */
  readonly deadlineMs: number
  /** Linear memory of the guest in bytes, rounded down to 64 KiB pages. @default 64 MiB */
  readonly memoryBytes: number
  /**
   * Native stack the guest may use, in bytes. @default 504 KiB: 2,000 plain frames, and still less than a JavaScript
   * engine gives its main thread
   */
  readonly stackBytes: number
  /** UTF-8 bytes of source text. @default 256 KiB */
  readonly sourceBytes: number
  /** Encoded bytes of the result. @default 1 MiB */
  readonly resultBytes: number
  /** Bytes of console, stdout and stderr together. @default 64 KiB */
  readonly outputBytes: number
  /** Host calls in all. @default 1000; 10_000 for components */
  readonly hostCalls: number
  /** Host calls waiting for their answer at once. @default 32 */
  readonly hostCallsInFlight: number
  /** Bytes that may enter through host calls. @default 10 MiB */
  readonly hostBytesIn: number
  /** Bytes that may leave through host calls. @default 4 MiB */
  readonly hostBytesOut: number
  /** Timers alive at once. @default 64 */
  readonly timers: number
  /** Open descriptors, bodies and other host resources alive at once. @default 64 */
  readonly resources: number
  /** Elements of a WebAssembly table. @default 100_000 */
  readonly tableElements: number
}

export const DEFAULT_LIMITS: Limits = Object.freeze({
  fuel: 20_000_000_000,
  deadlineMs: 30_000,
  memoryBytes: 64 * MiB,
  stackBytes: 504 * KiB,
  sourceBytes: 256 * KiB,
  resultBytes: 1 * MiB,
  outputBytes: 64 * KiB,
  hostCalls: 1000,
  hostCallsInFlight: 32,
  hostBytesIn: 10 * MiB,
  hostBytesOut: 4 * MiB,
  timers: 64,
  resources: 64,
  tableElements: 100_000,
})

/** The same for components: each read and write of a compiled tool is a host call, where a program has one for a whole file. */
export const COMPONENT_LIMITS: Limits = Object.freeze({ ...DEFAULT_LIMITS, hostCalls: 10_000 })

/** What each limit may be set to: `[least, most]`. */
export const LIMIT_RANGES: { readonly [K in keyof Limits]: readonly [number, number] } = {
  fuel: [1, Number.MAX_SAFE_INTEGER],
  deadlineMs: [1, 24 * 60 * 60 * 1000],
  memoryBytes: [4 * MiB, 1024 * MiB],
  stackBytes: [32 * KiB, 512 * KiB],
  sourceBytes: [1, 64 * MiB],
  resultBytes: [1, 256 * MiB],
  outputBytes: [0, 256 * MiB],
  hostCalls: [0, 1_000_000_000],
  hostCallsInFlight: [1, 100_000],
  hostBytesIn: [0, Number.MAX_SAFE_INTEGER],
  hostBytesOut: [0, Number.MAX_SAFE_INTEGER],
  timers: [0, 100_000],
  resources: [0, 100_000],
  tableElements: [1, 10_000_000],
}

/**
 * Fills what `overrides` leaves out from `base`, and refuses unknown keys and values out of range.
 * @throws GloveboxError `invalid-option`
 */
export function toLimits(overrides: Partial<Limits> | undefined, base: Limits = DEFAULT_LIMITS): Limits {
  if (overrides === undefined) return base
  if (overrides === null || typeof overrides !== 'object') {
    throw new GloveboxError('invalid-option', `Cannot use limits: expected an object, got ${typeof overrides}`)
  }
  const limits: { -readonly [K in keyof Limits]: number } = { ...base }
  for (const key of Object.keys(overrides)) {
    if (!Object.hasOwn(LIMIT_RANGES, key)) {
      throw new GloveboxError('invalid-option', `Unknown limit "${key}"; use one of ${Object.keys(LIMIT_RANGES).join(', ')}`)
    }
    const name = key as keyof Limits
    const value: unknown = overrides[name]
    const [least, most] = LIMIT_RANGES[name]
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw new GloveboxError('invalid-option', `Limit "${key}" is ${String(value)}: expected a whole number from ${least} to ${most}`)
    }
    limits[name] = value
  }
  return Object.freeze(limits)
}
