/**
 * JavaScript Promise Integration as this project uses it.
 * @see https://github.com/WebAssembly/js-promise-integration
 */
export interface Jspi {
  readonly Suspending: new (fn: (...args: never[]) => unknown) => WebAssembly.ExportValue
  promising<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => Promise<R>
}

/**
 * `refill` as a guest's module sees it: it may only suspend where no JavaScript frame stands between the host's
 * entry and itself, which the global `may` says. A module of its own, because that decision must be made in wasm.
 *
 * (module
 *   (import "h" "plain" (func (result i32)))
 *   (import "h" "suspending" (func (result i32)))
 *   (global (export "may") (mut i32) (i32.const 0))
 *   (func (export "refill") (result i32)
 *     (if (result i32) (global.get 0) (then (call 1)) (else (call 0)))))
 */
const SWITCH = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0,
  1, 5, 1, 96, 0, 1, 127,
  2, 26, 2, 1, 104, 5, 112, 108, 97, 105, 110, 0, 0, 1, 104, 10, 115, 117, 115, 112, 101, 110, 100, 105, 110, 103, 0, 0,
  3, 2, 1, 0,
  6, 6, 1, 127, 1, 65, 0, 11,
  7, 16, 2, 3, 109, 97, 121, 3, 0, 6, 114, 101, 102, 105, 108, 108, 0, 2,
  10, 14, 1, 12, 0, 35, 0, 4, 127, 16, 1, 5, 16, 0, 11, 11,
])

/** The small module, compiled once for an engine, and what it is linked with. */
export interface SwitchModule {
  readonly jspi: Jspi
  readonly module: WebAssembly.Module
}

/** `undefined` where the platform has no JSPI or compiles nothing at run time: there nothing is ever suspended. */
export function compileSwitch(): SwitchModule | undefined {
  const jspi = WebAssembly as unknown as Jspi
  if (typeof jspi.Suspending !== 'function' || typeof jspi.promising !== 'function') return undefined
  try {
    return { jspi, module: new WebAssembly.Module(SWITCH) }
  } catch {
    return undefined
  }
}

export interface Switch {
  readonly may: WebAssembly.Global<'i32'>
  /** The import to link. */
  readonly refill: WebAssembly.ExportValue
}

/** Makes the `refill` that suspends where it may; `turn` answers once the host has done its other work. */
export function createSwitch({ jspi, module }: SwitchModule, refill: { readonly plain: () => number; readonly turn: () => number | Promise<number> }): Switch {
  const { exports } = new WebAssembly.Instance(module, { h: { plain: refill.plain, suspending: new jspi.Suspending(refill.turn) as never } })
  return { may: exports['may'] as WebAssembly.Global<'i32'>, refill: exports['refill']! }
}
