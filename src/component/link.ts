/**
 * What the glue of a component is evaluated and instantiated with, beside the component's imports: the seam between
 * the pipeline, which makes the glue, and one call, which owns the budget. Nothing of it is shared between calls.
 */
export interface CoreLink {
  /** One budget for all core modules of the instance: their import `glovebox.fuel`, a mutable i32. */
  readonly fuel: WebAssembly.Global<'i32'>
  /** Their import `glovebox.refill`. A function of a WebAssembly instance, not of JavaScript, where guests may be suspended. */
  readonly refill: WebAssembly.ExportValue
  /**
   * Stands in for the glue's third argument. Synchronous; adds `glovebox.fuel` and `glovebox.refill` to the imports by
   * itself, checks memories and tables, and throws when the call is stopped.
   */
  instantiateCore(module: WebAssembly.Module, imports?: WebAssembly.Imports): { readonly exports: WebAssembly.Exports }
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
