import { Denied, type Handlers, type RunScope, toHandlers } from '../capabilities/capability.js'
import { FROZEN_MS } from '../capabilities/clock/clock.js'
import { createFsHandlers } from '../capabilities/fs/handlers.js'
import { createNetHandlers } from '../capabilities/net/handlers.js'
import { createRandomHandlers } from '../capabilities/random/handlers.js'
import { DEFAULT_SEED, type Random, seededRandom } from '../capabilities/random/random.js'
import { createToolHandlers } from '../capabilities/tool/handlers.js'
import { encode } from './codec.js'
import type { ClockPort } from './engine.js'
import type { CheckedGrants } from './grants.js'
import type { Ledger } from './ledger.js'
import { createIntlHandlers } from './intl.js'
import { pureHandlers } from './pure.js'
import { withTimeout } from './timeout.js'

/** Every operation of one call by its wire name; what was not granted denies. */
export function toHandlerTable(grants: CheckedGrants, random: Random, scope: RunScope): Handlers {
  return Object.assign(
    Object.create(null) as Handlers,
    createFsHandlers(grants.fs, scope),
    createNetHandlers(grants.net, scope),
    createRandomHandlers(random),
    createToolHandlers({ tools: grants.tools, sizeOf, withTimeout }),
    moduleHandlers,
    pureHandlers,
    createIntlHandlers(),
  )
}

/** Imports that nothing was passed or mounted for: refused, whatever they name. */
const moduleHandlers = toHandlers({
  'module.load': ([name], call) => {
    call.target = String(name)
    throw new Denied(`import ${JSON.stringify(name)}`, 'no module and no mount holds it', `modules: { ${JSON.stringify(name)}: '...' }`)
  },
})

const FROZEN: ClockPort = Object.freeze({ startMs: FROZEN_MS, frozenMs: FROZEN_MS, timeZone: 'UTC', now: () => FROZEN_MS, utcOffsetSeconds: () => 0 })

/** The granted clock, or time that stands still. */
export function toClock({ clock }: CheckedGrants): ClockPort {
  if (clock === undefined) return FROZEN
  return {
    startMs: clock.now(),
    timeZone: clock.timeZone ?? (clock.utcOffsetSeconds === undefined ? 'UTC' : undefined),
    now: () => clock.now(),
    utcOffsetSeconds: (epochSeconds) => clock.utcOffsetSeconds?.(epochSeconds) ?? 0,
    ...(clock.wait === undefined ? {} : { wait: (ms: number, signal: AbortSignal) => clock.wait!(ms, signal) }),
  }
}

/** The granted randomness, or the fixed sequence; a seeded one starts anew in each call. */
export function toRandom({ random }: CheckedGrants): Random {
  if (random === undefined) return seededRandom(DEFAULT_SEED)
  return 'fresh' in random ? (random as ReturnType<typeof seededRandom>).fresh() : random
}

/** Seed of the guest's `Math.random`. */
export function toSeed(random: Random): readonly [number, number, number, number] {
  const bytes = random.bytes(16)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return [view.getInt32(0, true), view.getInt32(4, true), view.getInt32(8, true), view.getInt32(12, true)]
}

/** Readings of clock and random are recorded the first time: a loop that asks for the time is one fact, not a million. */
export function createOnce(ledger: Ledger): (capability: 'clock' | 'random', operation: string, target: string) => void {
  const seen = new Set<string>()
  return (capability, operation, target) => {
    if (seen.has(capability)) return
    seen.add(capability)
    ledger.record({ capability, operation, target, decision: 'allowed', bytesIn: 0, bytesOut: 0 })
  }
}

/** Where a clock or random grant leads, as the ledger shows it. */
export function describeReach(capability: { reach(): readonly { readonly target: string }[] }): string {
  return capability.reach().map(({ target }) => target).join(', ')
}

function sizeOf(value: unknown): number {
  const { text, blobs } = encode(value)
  return blobs.reduce((sum, blob) => sum + blob.byteLength, text.length)
}
