import { type EngineExports, STRIP_SOURCE } from './abi.js'
import type { IsolateMemory } from './memory.js'

export interface CompileOptions {
  readonly source: string
  readonly filename: string
  /** `JS_EVAL_*` of quickjs.h. */
  readonly flags: number
}

/**
 * Compiles without evaluating: bytecode without source text, in the isolate's memory, for the caller to free.
 * `undefined` when it does not compile; the exception is then pending.
 */
export function compile(exports: EngineExports, memory: IsolateMemory, { source, filename, flags }: CompileOptions): { readonly pointer: number; readonly length: number } | undefined {
  const code = memory.writeText(source)
  const name = memory.writeText(filename)
  const outLength = memory.alloc(4)
  const pointer = exports.qjs_compile(code.pointer, code.length, name.pointer, flags, STRIP_SOURCE, outLength)
  const length = memory.view().getUint32(outLength, true)
  for (const used of [code.pointer, name.pointer, outLength]) memory.free(used)
  return pointer === 0 ? undefined : { pointer, length }
}
