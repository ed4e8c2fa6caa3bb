/** A MIME type: what is before the parameters, in lower case, and these. */
export interface Mime {
  readonly essence: string
  readonly parameters: ReadonlyMap<string, string>
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const QUOTABLE = /^[\t\x20-\x7e\x80-\xff]*$/
const trim = (text: string): string => text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')

/** @see https://mimesniff.spec.whatwg.org/#parsing-a-mime-type */
export function parseMime(input: string): Mime | undefined {
  const text = trim(input)
  const [, type, subtype = '', rest = ''] = /^([^/]*)\/([^;]*)(.*)$/s.exec(text) ?? []
  const trimmed = subtype.replace(/[\t\n\r ]+$/, '')
  if (type === undefined || !TOKEN.test(type) || !TOKEN.test(trimmed)) return undefined
  return { essence: `${type}/${trimmed}`.toLowerCase(), parameters: parseParameters(rest) }
}

function parseParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>()
  let at = 0
  while (at < text.length) {
    at++
    while (at < text.length && /[\t\n\r ]/.test(text[at]!)) at++
    const nameAt = at
    while (at < text.length && text[at] !== ';' && text[at] !== '=') at++
    const name = text.slice(nameAt, at).toLowerCase()
    if (at >= text.length) break
    if (text[at] === ';') continue
    at++
    let value: string
    if (text[at] === '"') {
      ;[value, at] = quoted(text, at)
      while (at < text.length && text[at] !== ';') at++
    } else {
      const valueAt = at
      while (at < text.length && text[at] !== ';') at++
      value = text.slice(valueAt, at).replace(/[\t\n\r ]+$/, '')
      if (value === '') continue
    }
    if (TOKEN.test(name) && QUOTABLE.test(value) && !parameters.has(name)) parameters.set(name, value)
  }
  return parameters
}

/** The value of a quoted text that starts at `at`, and where it ends. */
function quoted(text: string, at: number): [value: string, end: number] {
  let value = ''
  let i = at + 1
  for (; i < text.length && text[i] !== '"'; i++) {
    if (text[i] === '\\' && i + 1 < text.length) i++
    value += text[i]!
  }
  return [value, i + 1]
}

/** @see https://mimesniff.spec.whatwg.org/#serializing-a-mime-type */
export function serializeMime({ essence, parameters }: Mime): string {
  let text = essence
  for (const [name, value] of parameters) {
    text += `;${name}=${TOKEN.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`
  }
  return text
}

/**
 * The MIME type that the values of `content-type` come to.
 * @see https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
 */
export function extractMime(header: string | null): Mime | undefined {
  if (header === null) return undefined
  let mime: Mime | undefined
  let charset: string | undefined
  for (const value of split(header)) {
    const next = parseMime(value)
    if (next === undefined || next.essence === '*/*') continue
    if (next.essence !== mime?.essence) charset = next.parameters.get('charset')
    else if (!next.parameters.has('charset') && charset !== undefined) {
      mime = { essence: next.essence, parameters: new Map([...next.parameters, ['charset', charset]]) }
      continue
    }
    mime = next
  }
  return mime
}

/** Parts between commas that are not in quotes. */
function split(text: string): string[] {
  const parts: string[] = []
  let part = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '"') {
      const [, end] = quoted(text, at)
      part += text.slice(at, end)
      at = end - 1
    } else if (character === ',') {
      parts.push(trim(part))
      part = ''
    } else part += character
  }
  parts.push(trim(part))
  return parts
}
