import { GloveboxError } from '../../src/errors.js'

export interface ImportName {
  readonly module: string
  readonly name: string
}

/** How a core module is rewritten. */
export interface MeterOptions {
  /**
   * The import that hands out fuel: `() => i32`, the units of the next slice; below 1 it stops the module for good.
   * @default { module: 'glovebox', name: 'refill' }
   */
  readonly refill?: ImportName
  /**
   * Whose fuel global: the module's `own`, exported as `glovebox:fuel`, or the `host`'s, imported as `glovebox.fuel`
   * (a mutable i32), so that the modules of one component share one budget.
   * @default 'own'
   */
  readonly fuel?: 'own' | 'host'
  /**
   * Whose linear memory: the module's `own`, or the `host`'s, imported as `glovebox.memory`, so that the host picks
   * its maximum. Exports of the memory stay.
   * @default 'own'
   */
  readonly memory?: 'own' | 'host'
  /**
   * Who may stand behind the imports: only the `host`, or other `guests` too, whose calls can lead back in here.
   * @default 'guests'
   */
  readonly imports?: 'host' | 'guests'
  /**
   * Whose code it is. Of `hostile` code every charge stands for a bounded amount of work, whatever path it takes. Of
   * `known` code, an engine that ships with the host, it is trusted that stretches without loops are short: fewer
   * charges, set to what is to be expected.
   * @default 'hostile'
   */
  readonly code?: 'hostile' | 'known'
  /**
   * Whether mutable globals and tables are exported under names of ours (`glovebox:global:3`, `glovebox:table:0`),
   * so that the host can put them back to their pristine image.
   * @default 'hidden'
   */
  readonly state?: 'hidden' | 'exported'
  /** The most pages (64 KiB) of the module's memory. @default 65_536 */
  readonly maxMemoryPages?: number
  /** The most elements of all tables of the module together. @default 10_000_000 */
  readonly maxTableElements?: number
}

export type ResolvedOptions = Required<MeterOptions>

const CHOICES = {
  fuel: ['own', 'host'],
  memory: ['own', 'host'],
  imports: ['host', 'guests'],
  code: ['hostile', 'known'],
  state: ['hidden', 'exported'],
} as const

const RANGES = { maxMemoryPages: 65_536, maxTableElements: 10_000_000 } as const

export const DEFAULT_METER_OPTIONS: ResolvedOptions = Object.freeze({
  refill: Object.freeze({ module: 'glovebox', name: 'refill' }),
  fuel: 'own',
  memory: 'own',
  imports: 'guests',
  code: 'hostile',
  state: 'hidden',
  maxMemoryPages: RANGES.maxMemoryPages,
  maxTableElements: RANGES.maxTableElements,
})

/** @throws GloveboxError `invalid-option` */
export function toMeterOptions(options: MeterOptions): ResolvedOptions {
  const resolved: Record<string, unknown> = { ...DEFAULT_METER_OPTIONS }
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(DEFAULT_METER_OPTIONS, key)) {
      throw new GloveboxError('invalid-option', `Unknown meter option "${key}"; use one of ${Object.keys(DEFAULT_METER_OPTIONS).join(', ')}`)
    }
    if (value === undefined) continue
    check(key as keyof MeterOptions, value)
    resolved[key] = value
  }
  return resolved as unknown as ResolvedOptions
}

function check(key: keyof MeterOptions, value: unknown): void {
  const refuse = (expected: string): never => {
    throw new GloveboxError('invalid-option', `Meter option "${key}" is ${JSON.stringify(value)}: expected ${expected}`)
  }
  if (key === 'refill') {
    const name = value as Partial<ImportName> | null
    if (name === null || typeof name.module !== 'string' || typeof name.name !== 'string') refuse('a module and a name')
  } else if (key === 'maxMemoryPages' || key === 'maxTableElements') {
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > RANGES[key]) {
      refuse(`a whole number from 0 to ${RANGES[key]}`)
    }
  } else if (!(CHOICES[key] as readonly unknown[]).includes(value)) {
    refuse(CHOICES[key].map((choice) => `"${choice}"`).join(' or '))
  }
}
