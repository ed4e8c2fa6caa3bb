import type { Context } from './options.js'

const ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\v': '\\v', '\\': '\\\\',
}

/** A string in the quotes it needs fewest escapes in. */
export function quote(text: string): string {
  const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes('`') && !text.includes('${') ? '`' : "'"
  // oxlint-disable-next-line no-control-regex -- control characters are what is escaped
  const escaped = text.replace(/[\0-\x1f\x7f-\x9f\\]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, (character) => {
    const short = ESCAPES[character]
    if (short !== undefined) return short
    const code = character.charCodeAt(0)
    return code > 0xff ? '\\u' + code.toString(16) : '\\x' + code.toString(16).toUpperCase().padStart(2, '0')
  })
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark
}

/** The shortest string that is broken at its line ends where it does not fit. */
const LEAST_BROKEN = 16

export function showPrimitive(value: unknown, context: Context): string {
  const { stylize } = context
  switch (typeof value) {
    case 'string': {
      const extra = value.length - context.maxStringLength
      const text = extra <= 0 ? value : value.slice(0, context.maxStringLength)
      const trailer = extra <= 0 ? '' : `... ${extra} more character${extra > 1 ? 's' : ''}`
      if (context.compact !== true && text.length > LEAST_BROKEN && text.length > context.breakLength - context.indentation - 4) {
        return text.split(/(?<=\n)/).map((line) => stylize(quote(line), 'string')).join(` +\n${' '.repeat(context.indentation + 2)}`) + trailer
      }
      return stylize(quote(text), 'string') + trailer
    }
    case 'number':
      return stylize(Object.is(value, -0) ? '-0' : context.numericSeparator ? grouped(`${value}`) : `${value}`, 'number')
    case 'bigint':
      return stylize(`${context.numericSeparator ? grouped(`${value}`) : value}n`, 'bigint')
    default:
      return stylize(String(value), value === null ? 'null' : (typeof value as 'boolean' | 'symbol' | 'undefined'))
  }
}

/** Digits in groups of three, from the point both ways. */
function grouped(text: string): string {
  if (/e|[A-Z]/.test(text)) return text
  const [whole, fraction] = text.split('.') as [string, string | undefined]
  const grown = whole.replace(/\B(?=(\d{3})+$)/g, '_')
  return fraction === undefined ? grown : `${grown}.${fraction.replace(/(\d{3})(?=\d)/g, '$1_')}`
}

export function showKey(key: string | symbol, { stylize }: Context, enumerable = true): string {
  if (!enumerable) return `[${String(key)}]`
  if (typeof key === 'symbol') return stylize(String(key), 'symbol')
  return /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key) ? stylize(key, 'name') : stylize(quote(key), 'string')
}
