import { type Jspi, type Switch, type SwitchModule, compileSwitch } from '../switch.js'
import type { EngineExports, Ptr } from './abi.js'

/**
 * The job loop without a JavaScript frame: runs jobs until there are none, or one fails. `deliver` calls a function
 * that cannot throw first, one entry for what would be two.
 *
 * (module
 *   (import "q" "pending" (func (result i32)))
 *   (import "q" "run" (func (result i32)))
 *   (import "q" "call" (func (param i32 i32 i32 i32) (result i32)))
 *   (import "q" "free" (func (param i32)))
 *   (func (export "drain") (result i32)
 *     (loop
 *       (if (i32.eqz (call 0)) (then (return (i32.const 0))))
 *       (br_if 0 (i32.ge_s (call 1) (i32.const 0))))
 *     (i32.const -1))
 *   (func (export "deliver") (param i32 i32 i32 i32) (result i32)
 *     (call 3 (call 2 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
 *     (call 4)))
 */
const DRAIN = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0,
  1, 17, 3, 96, 0, 1, 127, 96, 4, 127, 127, 127, 127, 1, 127, 96, 1, 127, 0,
  2, 39, 4, 1, 113, 7, 112, 101, 110, 100, 105, 110, 103, 0, 0, 1, 113, 3, 114, 117, 110, 0, 0,
  1, 113, 4, 99, 97, 108, 108, 0, 1, 1, 113, 4, 102, 114, 101, 101, 0, 2,
  3, 3, 2, 0, 1,
  7, 19, 2, 5, 100, 114, 97, 105, 110, 0, 4, 7, 100, 101, 108, 105, 118, 101, 114, 0, 5,
  10, 42, 2, 23, 0, 3, 64, 16, 0, 69, 4, 64, 65, 0, 15, 11, 16, 1, 65, 0, 78, 13, 0, 11, 65, 127, 11,
  16, 0, 32, 0, 32, 1, 32, 2, 32, 3, 16, 2, 16, 3, 16, 4, 11,
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
  /** Calls a function that cannot throw, drops what it returns, and then does as `drain`. */
  deliver(fn: Ptr, self: Ptr, argc: number, argv: number): number | Promise<number>
  eval(code: number, length: number, filename: number, flags: number): number | Promise<number>
  evalAt(context: number, code: number, length: number, options: number): bigint | Promise<bigint>
  /** Runs host code that may call back into the instance, during which nothing can suspend. */
  inHost<T>(serve: () => T): T
}

/** Entries that never suspend. */
export function plainTurns(exports: EngineExports): Turns {
  const drain = (): number => {
    while (exports.qjs_is_job_pending() !== 0) if (exports.qjs_execute_pending_job() < 0) return -1
    return 0
  }
  return {
    call: (fn, self, argc, argv) => exports.qjs_call(fn, self, argc, argv),
    drain,
    deliver: (fn, self, argc, argv) => {
      exports.qjs_free_value(exports.qjs_call(fn, self, argc, argv))
      return drain()
    },
    eval: (code, length, filename, flags) => exports.qjs_eval(code, length, filename, flags),
    evalAt: (context, code, length, options) => exports.JS_Eval2(context, code, length, options),
    inHost: (serve) => serve(),
  }
}

/** Entries that suspend between slices. */
export function suspendingTurns(modules: TurnModules, exports: EngineExports, { may: gate }: Switch): Turns {
  const { promising } = modules.jspi
  const { qjs_is_job_pending, qjs_execute_pending_job, qjs_call, qjs_free_value } = exports
  const q = { pending: qjs_is_job_pending, run: qjs_execute_pending_job, call: qjs_call, free: qjs_free_value }
  const loop = new WebAssembly.Instance(modules.drain, { q: q as never }).exports as unknown as {
    readonly drain: () => number
    readonly deliver: EngineExports['qjs_call']
  }
  /** What the gate holds, which is dearer to ask. */
  let may = 0
  const left = (): void => {
    may = 0
    gate.value = 0
  }
  const enter = <A extends unknown[], R>(fn: (...args: A) => R): ((...args: A) => Promise<R>) => {
    const entry = promising(fn)
    return (...args) => {
      may = 1
      gate.value = 1
      const result = entry(...args)
      result.then(left, left)
      return result
    }
  }
  return {
    call: enter(exports.qjs_call),
    drain: enter(loop.drain),
    deliver: enter(loop.deliver),
    eval: enter(exports.qjs_eval),
    evalAt: enter(exports.JS_Eval2),
    inHost(serve) {
      if (may === 0) return serve()
      may = 0
      gate.value = 0
      try {
        return serve()
      } finally {
        may = 1
        gate.value = 1
      }
    },
  }
}
