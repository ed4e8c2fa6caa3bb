/**
 * JavaScript Promise Integration as this project uses it.
 * @see https://github.com/WebAssembly/js-promise-integration
 */
export interface Jspi {
  readonly Suspending: new (fn: (...args: never[]) => unknown) => WebAssembly.ExportValue
  promising<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => Promise<R>
}

/**
 * `refill` as a guest's module sees it. An import that can suspend does so whenever it is called, and fails where a
 * JavaScript frame stands between it and the host's entry: so it is only called when `plain` says so, with 0. A module
 * of its own, because that call must be made in wasm.
 *
 * (module
 *   (import "h" "plain" (func (result i32)))
 *   (import "h" "suspending" (func (result i32)))
 *   (func (export "refill") (result i32) (local i32)
 *     (if (result i32) (local.tee 0 (call 0)) (then (local.get 0)) (else (call 1)))))
 */
const SWITCH = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0,
  1, 5, 1, 96, 0, 1, 127,
  2, 26, 2, 1, 104, 5, 112, 108, 97, 105, 110, 0, 0, 1, 104, 10, 115, 117, 115, 112, 101, 110, 100, 105, 110, 103, 0, 0,
  3, 2, 1, 0,
  7, 10, 1, 6, 114, 101, 102, 105, 108, 108, 0, 2,
  10, 18, 1, 16, 1, 1, 127, 16, 0, 34, 0, 4, 127, 32, 0, 5, 16, 1, 11, 11,
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
  /** Whether the guest may be suspended where it is: 1 as long as no function of the host is on the stack. */
  readonly may: { value: 0 | 1 }
  /** The import to link. */
  readonly refill: WebAssembly.ExportValue
}

export interface SwitchedRefill {
  /** Hands out a slice without suspending; never 0. */
  readonly plain: () => number
  /** Answers once the host has done its other work. */
  readonly turn: () => number | Promise<number>
  /** Whether it is time for that. @default always */
  readonly isDue?: () => boolean
}

/** Makes the `refill` that suspends where it may. */
export function createSwitch({ jspi, module }: SwitchModule, { plain, turn, isDue = () => true }: SwitchedRefill): Switch {
  const may: Switch['may'] = { value: 0 }
  const { exports } = new WebAssembly.Instance(module, {
    h: { plain: () => (may.value === 1 && isDue() ? 0 : plain()), suspending: new jspi.Suspending(turn) as never },
  })
  return { may, refill: exports['refill']! }
}
