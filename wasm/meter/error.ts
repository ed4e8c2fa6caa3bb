import { GloveboxError } from '../../src/errors.js'

/** Every reason for which a module is refused, by name. */
export const REFUSALS = [
  'malformed',
  'component',
  'unknown-section',
  'unknown-opcode',
  'relaxed-simd',
  'threads',
  'exceptions',
  'gc',
  'function-references',
  'memory64',
  'multi-memory',
  'custom-page-sizes',
  'stack-switching',
  'wide-arithmetic',
  'strings',
  'size-limit',
  'memory-limit',
  'table-limit',
  'reserved-name',
] as const

export type Refusal = (typeof REFUSALS)[number]

/**
 * A module that is not metered: what it uses, and where.
 * `code` is `meter-refused`; branch on `feature`, never on the message.
 */
export class MeterError extends GloveboxError {
  /** What is refused. */
  readonly feature: Refusal
  /** Byte of the input where it stands. */
  readonly offset: number

  constructor(feature: Refusal, offset: number, what: string) {
    super('meter-refused', `Cannot meter the module: ${what} (${feature}, at byte ${offset})`)
    this.feature = feature
    this.offset = offset
  }
}
