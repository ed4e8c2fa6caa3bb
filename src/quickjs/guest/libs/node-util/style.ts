import { checkBoolean, checkString, nodeError } from '../node/errors.js'
import { FORMATS, codesOf } from './inspect.js'

// Sequences of terminals: operating system commands up to their end, and control sequences.
const SEQUENCES = /[\u001B\u009B][[\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\d/#&.:=?%@~_]+)*|[a-zA-Z\d]+(?:;[-a-zA-Z\d/#&.:=?%@~_]*)*)?(?:\u0007|\u001B\u005C|\u009C))|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~]))/g

export function stripVTControlCharacters(text: unknown): string {
  checkString(text, 'str')
  return text.replace(SEQUENCES, '')
}

/** Text between the escapes of its formats. Without a terminal none are written, unless `validateStream` is `false`. */
export function styleText(format: unknown, text: unknown, options: { readonly validateStream?: unknown; readonly stream?: unknown } = {}): string {
  const { validateStream = true } = options
  checkString(text, 'text')
  checkBoolean(validateStream, 'options.validateStream')
  const formats = Array.isArray(format) ? (format as unknown[]) : [format]
  let [open, close] = ['', '']
  for (const each of formats) {
    if (each === 'none') continue
    const codes = typeof each === 'string' ? codesOf(each) : undefined
    if (codes === undefined) {
      const names = FORMATS.map((name) => `'${name}'`).join(', ')
      throw nodeError(TypeError, 'ERR_INVALID_ARG_VALUE', `The argument 'format' must be one of: ${names}. Received '${String(each)}'`)
    }
    open += `\u001b[${codes[0]}m`
    close = `\u001b[${codes[1]}m${close}`
  }
  // The output of a guest is kept as text, never a terminal.
  return validateStream ? text : `${open}${text}${close}`
}
