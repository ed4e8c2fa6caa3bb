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

export function showPrimitive(value: unknown, context: Context): string {
  switch (typeof value) {
    case 'string': {
      const extra = value.length - context.maxStringLength
      if (extra <= 0) return quote(value)
      return `${quote(value.slice(0, context.maxStringLength))}... ${extra} more character${extra > 1 ? 's' : ''}`
    }
    case 'number':
      return Object.is(value, -0) ? '-0' : `${value}`
    case 'bigint':
      return `${value}n`
    default:
      return String(value)
  }
}

export function showKey(key: string | symbol, enumerable = true): string {
  const text = typeof key === 'symbol' ? String(key) : /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key) ? key : quote(key)
  return enumerable ? text : `[${String(key)}]`
}
