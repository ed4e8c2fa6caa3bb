import { MeterError } from './error.js'
import { emit } from './emit.js'
import { toLayout } from './layout.js'
import { ModuleReader } from './module.js'
import { toMeterOptions, type MeterOptions } from './options.js'
import { plan } from './plan.js'
import { toReport, type Metered } from './report.js'

/** Reading takes up to some thirty times the memory of the input. */
const MAX_MODULE_BYTES = 64 << 20

/**
 * Rewrites a core module so that it cannot loop, recurse or move memory without fuel.
 *
 * Fuel is a mutable i32 global, exported as `glovebox:fuel`, that starts at 0. Where it would fall below 0 the module
 * calls `refill: () => i32` and adds what comes back, until it is not negative; a number below 1 stops the module for
 * good: it traps with `unreachable`, which no handler catches, and every later charge traps again without a call. So
 * the first charge asks, a start function's included.
 *
 * What was used is what was handed out less `max(0, fuel)`. Within `refill` the global is negative: the charge that
 * asks is already taken, and is work not done yet. A stop uses up all that was handed out: a call that is given `n`
 * units stops when its charges would sum up to more than `n`, and `n` is what it has used, however it was sliced.
 * A host that sets the global to 0 or more, as when it puts an instance back, lets a stopped module run again.
 * When `refill` throws, the charge that asked stays taken and is asked for again by the next one.
 *
 * One unit stands for about 64 instructions between two charges, 16 bytes copied or filled, or one element of a
 * table; a page of memory grown costs 4096. The same guest with the same inputs uses the same fuel everywhere, but
 * for what the specification leaves open: bits of NaN, and growth that a host short of memory refuses.
 *
 * Types are left to the engine: a module that breaks them comes out as one that breaks them too.
 * @param bytes a core module of WebAssembly 2.0, with tail calls and extended constants
 * @throws MeterError for everything it does not know or does not admit, by name and byte offset
 * @throws GloveboxError `invalid-option`
 * @example
 * const { bytes } = meter(await readFile('guest.wasm'), { maxMemoryPages: 1024 })
 * let left = 1_000_000
 * const refill = () => { const next = Math.min(left, 100_000); left -= next; return next }
 * const { instance } = await WebAssembly.instantiate(bytes, { glovebox: { refill } })
 */
export function meter(bytes: Uint8Array, options: MeterOptions = {}): Metered {
  const resolved = toMeterOptions(options)
  if (bytes.length > MAX_MODULE_BYTES) {
    throw new MeterError('size-limit', 0, `${bytes.length} bytes where ${MAX_MODULE_BYTES} are the most`)
  }
  const module = new ModuleReader(bytes)
  const layout = toLayout(module, resolved)
  const plans = plan(module, resolved)
  const metered = emit(module, plans, layout, resolved)
  return { bytes: metered, report: toReport(module, plans, layout, metered) }
}
