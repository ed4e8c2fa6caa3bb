import type { MeterReport } from '../../wasm/meter/index.js'

/**
 * A core module of a component, metered with `fuel: 'host'`, `memory: 'host'` and `state: 'exported'`: its memory is
 * the host's, so that each call picks the maximum, and its tables can be counted.
 */
export interface CoreModule {
  readonly module: WebAssembly.Module
  readonly report: Pick<MeterReport, 'memory' | 'tables'>
}

/**
 * What the glue of a component is evaluated and instantiated with, beside the component's imports: the seam between
 * the pipeline, which makes the glue, and one call, which owns the budget. Nothing of it is shared between calls.
 */
export interface CoreLink {
  /**
   * Stands in for the glue's third argument, with what the pipeline knows of the module. Synchronous; adds
   * `glovebox.fuel`, `glovebox.refill` and `glovebox.memory` to the imports, charges for the instance, checks its
   * memories and tables, and throws when the call is stopped.
   */
  instantiateCore(core: CoreModule, imports?: WebAssembly.Imports): { readonly exports: WebAssembly.Exports }
  /**
   * What the glue sees as `WebAssembly`: `promising` and `Suspending` that know of this call's switch, `Global`,
   * `RuntimeError` and `SuspendError`; nothing that compiles.
   */
  readonly WebAssembly: Readonly<Record<string, unknown>>
}

/**
 * An instance, in a box: a component may export a function named `then`, which no `await` may see.
 * The exports are keyed as the glue gives them: functions, and interfaces by their full name with its version.
 */
export interface Instantiated {
  readonly exports: Readonly<Record<string, unknown>>
}
