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
 * Rewrites a core module so that it cannot run, grow or recurse without fuel.
 *
 * Types are left to the engine: a module that breaks them is rewritten into one that breaks them too.
 * @throws MeterError for everything it does not know or does not admit, by name and byte offset
 * @throws GloveboxError `invalid-option`
 * @example
 * const { bytes } = meter(await readFile('guest.wasm'), { maxMemoryPages: 1024 })
 * const instance = await WebAssembly.instantiate(bytes, { glovebox: { refill: () => -1 } })
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
