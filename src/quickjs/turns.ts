import { type Jspi, type Switch, type SwitchModule, compileSwitch } from '../switch.js'
import type { EngineExports, Ptr } from './abi.js'

/**
 * The job loop without a JavaScript frame: runs jobs until there are none, or one fails.
 *
 * (module
 *   (import "q" "pending" (func (result i32)))
 *   (import "q" "run" (func (result i32)))
 *   (func (export "drain") (result i32)
 *     (loop
 *       (if (i32.eqz (call 0)) (then (return (i32.const 0))))
 *       (br_if 0 (i32.ge_s (call 1) (i32.const 0))))
 *     (i32.const -1)))
 */
const DRAIN = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0,
  1, 5, 1, 96, 0, 1, 127,
  2, 21, 2, 1, 113, 7, 112, 101, 110, 100, 105, 110, 103, 0, 0, 1, 113, 3, 114, 117, 110, 0, 0,
  3, 2, 1, 0,
  7, 9, 1, 5, 100, 114, 97, 105, 110, 0, 2,
  10, 25, 1, 23, 0, 3, 64, 16, 0, 69, 4, 64, 65, 0, 15, 11, 16, 1, 65, 0, 78, 13, 0, 11, 65, 127, 11,
])

/** The two small modules, compiled once for an engine. */
export interface TurnModules {
  readonly jspi: Jspi
  readonly switch: SwitchModule
  readonly drain: WebAssembly.Module
}

/**
 * What slices need, or `undefined` where the platform has no JSPI or compiles nothing at run time: there a guest
 * keeps its thread until it waits or ends.
 */
export function createTurnModules(): TurnModules | undefined {
  const compiled = compileSwitch()
  return compiled && { jspi: compiled.jspi, switch: compiled, drain: new WebAssembly.Module(DRAIN) }
}

/** The entries of an instance through which guest code runs: they give the host's other work a turn between slices. */
export interface Turns {
  call(fn: Ptr, self: Ptr, argc: number, argv: number): number | Promise<number>
  /** Negative when a job failed. */
  drain(): number | Promise<number>
  eval(code: number, length: number, filename: number, flags: number): number | Promise<number>
  evalAt(context: number, code: number, length: number, options: number): bigint | Promise<bigint>
  /** Runs host code that may call back into the instance, during which nothing can suspend. */
  inHost<T>(serve: () => T): T
}

/** Entries that never suspend. */
export function plainTurns(exports: EngineExports): Turns {
  return {
    call: (fn, self, argc, argv) => exports.qjs_call(fn, self, argc, argv),
    drain: () => {
      while (exports.qjs_is_job_pending() !== 0) if (exports.qjs_execute_pending_job() < 0) return -1
      return 0
    },
    eval: (code, length, filename, flags) => exports.qjs_eval(code, length, filename, flags),
    evalAt: (context, code, length, options) => exports.JS_Eval2(context, code, length, options),
    inHost: (serve) => serve(),
  }
}

/** Entries that suspend between slices. */
export function suspendingTurns(modules: TurnModules, exports: EngineExports, { may }: Switch): Turns {
  const { promising } = modules.jspi
  const loop = new WebAssembly.Instance(modules.drain, { q: { pending: exports.qjs_is_job_pending as never, run: exports.qjs_execute_pending_job as never } })
  const enter = <A extends unknown[], R>(fn: (...args: A) => R): ((...args: A) => Promise<R>) => {
    const entry = promising(fn)
    return (...args) => {
      may.value = 1
      const left = (): void => {
        may.value = 0
      }
      const result = entry(...args)
      result.then(left, left)
      return result
    }
  }
  return {
    call: enter(exports.qjs_call),
    drain: enter(loop.exports['drain'] as () => number),
    eval: enter(exports.qjs_eval),
    evalAt: enter(exports.JS_Eval2),
    inHost(serve) {
      const before = may.value
      may.value = 0
      try {
        return serve()
      } finally {
        may.value = before
      }
    },
  }
}
