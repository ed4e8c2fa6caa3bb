import { EVAL_COMPILE_ONLY, EVAL_MODULE, type Ptr } from './abi.js'
import { GuestThrow } from './guest-throw.js'
import type { Isolate } from './isolate.js'

const MODULE_SYNTAX = /(^|[\s;}])(import\s*[\w{*'"]|import\.meta|export\s*[\w{*])/
const ARROW_START = /^\s*(async\b\s*)?(\([^]*?\)|[\w$]+)\s*=>/
/**
 * Number of the line before two line breaks and the guest's own first line, which so keeps its number 1.
 * The engine takes 0 for "unset".
 */
const WRAPPED = -1
const TRAILING = /[\s;]+$/

/**
 * Evaluates a guest program in whichever dialect it is written in: an ES module, an arrow expression, or a function
 * body with top-level `await` and `return`. The engine's own parser decides, under the guest's fuel.
 *
 * Returns a function to call with the input, or the promise of a module's namespace.
 * @throws GuestThrow with the syntax error of the dialect the source looks most like.
 */
export async function evalProgram(isolate: Isolate, source: string, filename: string): Promise<Ptr> {
  const attempts: (() => Promise<Ptr>)[] = []
  if (MODULE_SYNTAX.test(source)) {
    attempts.push(async () => {
      // Compiled alone first: an error of a module's evaluation must not be taken for another dialect.
      isolate.compile(source, filename, EVAL_MODULE | EVAL_COMPILE_ONLY)
      return isolate.eval(source, filename, EVAL_MODULE)
    })
  }
  if (ARROW_START.test(source)) {
    attempts.push(() => isolate.evalAt(`(\n\n${source.replace(TRAILING, '')}\n)`, filename, WRAPPED))
  }
  attempts.push(() => isolate.evalAt(`(async function (input) {\n\n${source}\n})`, filename, WRAPPED))

  let first: GuestThrow | undefined
  for (const attempt of attempts) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof GuestThrow)) throw error
      first ??= error
    }
  }
  throw first!
}
