import { emit } from './emit.js'
import { toLayout } from './layout.js'
import { ModuleReader } from './module.js'
import { toMeterOptions, type MeterOptions } from './options.js'
import { plan } from './plan.js'
import { toReport, type Metered } from './report.js'

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
  const module = new ModuleReader(bytes)
  const layout = toLayout(module, resolved)
  const plans = plan(module, resolved)
  const metered = emit(module, plans, layout, resolved)
  return { bytes: metered, report: toReport(module, plans, layout, metered) }
}
