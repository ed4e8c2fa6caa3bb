import { EVAL_COMPILE_ONLY, EVAL_GLOBAL, EVAL_MODULE, type Ptr } from './abi.js'
import { GuestThrow } from './guest-throw.js'
import type { Isolate } from './isolate.js'

/** One way to read a program: whether it compiles so, and how it is then evaluated. */
interface Dialect {
  /** Absent where evaluating has no effect but to make a function. */
  readonly compile?: () => void
  readonly evaluate: () => Promise<Ptr>
}

const MODULE_SYNTAX = /(^|[\s;}])(import\s*[\w{*'"]|import\.meta|export\s*[\w{*])/
const ARROW_START = /^\s*(async\b\s*)?(\([^]*?\)|[\w$]+)\s*=>/
const TRAILING = /[\s;]+$/
const SPACE = /(?:\s+|\/\/[^\n]*|\/\*[^]*?\*\/)*/y
const IMPORT = /import\b(?:[\w$\s*{},]*?\bfrom\b)?\s*(?:'[^'\n]*'|"[^"\n]*")[ \t]*;?/y

/**
 * Number of the line before two line breaks and the guest's own first line, which so keeps its number 1.
 * The engine takes 0 for "unset".
 */
export const WRAPPED = -1

/**
 * Evaluates a guest program in whichever dialect it is written in: an ES module, an arrow expression, or a function
 * body with top-level `await` and `return`, behind imports if it has any. The engine's own parser decides, under the
 * guest's fuel.
 *
 * Returns a function to call with the input, or the promise of a module's namespace.
 * @throws GuestThrow with the syntax error of the dialect the source looks most like.
 */
export async function evalProgram(isolate: Isolate, source: string, filename: string): Promise<Ptr> {
  let first: GuestThrow | undefined
  for (const { compile, evaluate } of dialectsOf(isolate, source, filename)) {
    try {
      compile?.()
    } catch (error) {
      if (!(error instanceof GuestThrow)) throw error
      first ??= error
      continue
    }
    // From here on an error is the program's own, never a reason to read it another way.
    if (compile !== undefined) return evaluate()
    try {
      return await evaluate()
    } catch (error) {
      throw error instanceof GuestThrow ? (first ?? error) : error
    }
  }
  throw first!
}

function* dialectsOf(isolate: Isolate, source: string, filename: string): Generator<Dialect> {
  const asModule = (text: string): Dialect => ({
    compile: () => isolate.compile(text, filename, EVAL_MODULE | EVAL_COMPILE_ONLY),
    evaluate: () => isolate.eval(text, filename, EVAL_MODULE),
  })
  if (MODULE_SYNTAX.test(source)) {
    yield asModule(source)
    const end = endOfImports(source)
    // On the line of the last import, so that every line of the guest's keeps its place.
    if (end > 0) yield asModule(`${source.slice(0, end)}; export default async function (input) {${source.slice(end)}\n}`)
  }
  if (ARROW_START.test(source)) {
    const text = `(\n\n${source.replace(TRAILING, '')}\n)`
    yield {
      compile: () => isolate.compile(text, filename, EVAL_GLOBAL | EVAL_COMPILE_ONLY),
      evaluate: () => isolate.evalAt(text, filename, WRAPPED),
    }
  }
  yield { evaluate: () => isolate.evalAt(`(async function (input) {\n\n${source}\n})`, filename, WRAPPED) }
}

/** Where the import declarations that a program starts with end; 0 when it starts with none. */
function endOfImports(source: string): number {
  let end = 0
  for (let at = 0; ; ) {
    SPACE.lastIndex = at
    IMPORT.lastIndex = at + (SPACE.exec(source)?.[0].length ?? 0)
    if (!IMPORT.test(source)) return end
    at = end = IMPORT.lastIndex
  }
}
