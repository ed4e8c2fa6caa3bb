/**
 * What the glue of a component is evaluated and instantiated with, beside the component's imports: the seam between
 * the pipeline, which makes the glue, and one call, which owns fuel, memory and the switch between plain and suspending
 * entries. Made by the call, passed on by the pipeline; nothing of it is shared between calls.
 */
export interface CoreLink {
  /**
   * Stands in for the glue's third argument, `instantiateCore(module, imports)`, with the memory the module asks for.
   * Modules are metered with `fuel: 'host'`, `memory: 'host'` and `state: 'exported'`. Synchronous; adds
   * `glovebox.fuel`, `glovebox.refill` and `glovebox.memory` to the imports, charges for the instance, bounds its
   * memories and tables, and throws when the call is stopped.
   */
  instantiateCore(core: CoreToInstantiate, imports?: WebAssembly.Imports): { readonly exports: WebAssembly.Exports }
  /**
   * What the glue sees of the outside, by name, over whatever else its scope has: `WebAssembly` (`promising` and
   * `Suspending` that know of this call's switch, `Global`, `RuntimeError`; nothing that compiles) and `TextDecoder`
   * (which refuses invalid UTF-8 and counts what a guest makes the host allocate).
   */
  readonly globals: Readonly<Record<string, unknown>>
}

export interface CoreToInstantiate {
  readonly module: WebAssembly.Module
  /** Its own memory in pages of 64 KiB, when it has one. */
  readonly memory?: { readonly initialPages: number; readonly maxPages: number | undefined } | undefined
}

/**
 * An instance, in a box: a component may export a function named `then`, which no `await` may see.
 * Objects without a prototype; interfaces are keyed by their full name with its version.
 */
export interface Instantiated {
  readonly exports: Readonly<Record<string, unknown>>
}
