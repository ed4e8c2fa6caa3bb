import type { GuestCore } from '../core.js'

type Codec = (text: string) => string

const LITERAL = /^[\w.~!*'()-]*$/
const encode = encodeURIComponent
const decode = decodeURIComponent

/** Percent-escapes become bytes of UTF-8; what they do not make is replaced, and what is no escape stays. */
const unescapeText = (core: GuestCore, text: string): string => {
  try {
    return decode(text)
  } catch {
    const bytes = core.lib('node-buffer')['Buffer'].from(text) as Uint8Array
    const output: number[] = []
    for (let i = 0; i < bytes.length; i++) {
      const digits = bytes[i] === 37 ? String.fromCharCode(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0) : ''
      if (/^[\da-f]{2}$/i.test(digits)) {
        output.push(parseInt(digits, 16))
        i += 2
      } else output.push(bytes[i]!)
    }
    return core.lib('node-buffer')['Buffer'].from(output).toString() as string
  }
}

/** Node's `querystring`. */
export default (core: GuestCore) => {
  const escape = (value: unknown): string => {
    const text = typeof value === 'string' ? value : typeof value === 'object' ? String(value) : `${value as string}`
    if (LITERAL.test(text)) return text
    try {
      return encode(text)
    } catch {
      throw Object.assign(new URIError('URI malformed'), { code: 'ERR_INVALID_URI' })
    }
  }
  const unescape = (text: string): string => unescapeText(core, text)

  const toText = (value: unknown): string => {
    if (typeof value === 'string') return value
    if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : ''
    return typeof value === 'bigint' || typeof value === 'boolean' ? `${value}` : ''
  }

  const stringify = (object: unknown, separator = '&', equals = '=', options: { readonly encodeURIComponent?: Codec } = {}): string => {
    if (typeof object !== 'object' || object === null) return ''
    const coded = typeof options?.encodeURIComponent === 'function' ? options.encodeURIComponent : exports.escape
    const fields: string[] = []
    for (const key of Object.keys(object)) {
      const value = (object as Record<string, unknown>)[key]
      const name = `${coded(key)}${equals || '='}`
      if (Array.isArray(value)) for (const each of value) fields.push(name + coded(toText(each)))
      else fields.push(name + coded(toText(value)))
    }
    return fields.join(separator || '&')
  }

  const parse = (text: unknown, separator = '&', equals = '=', options: { readonly maxKeys?: number; readonly decodeURIComponent?: Codec } = {}): Record<string, unknown> => {
    const fields = Object.create(null) as Record<string, unknown>
    if (typeof text !== 'string' || text === '') return fields
    const most = typeof options?.maxKeys === 'number' ? options.maxKeys : 1000
    const coded = typeof options?.decodeURIComponent === 'function' ? options.decodeURIComponent : exports.unescape
    const decoded = (part: string): string => {
      const spaced = part.replaceAll('+', ' ')
      if (!spaced.includes('%')) return spaced
      try {
        return coded(spaced)
      } catch {
        return unescapeText(core, spaced)
      }
    }
    const parts = text.split(separator || '&').filter((part) => part !== '')
    for (const part of most > 0 ? parts.slice(0, most) : parts) {
      const at = part.indexOf(equals || '=')
      const name = decoded(at < 0 ? part : part.slice(0, at))
      const value = at < 0 ? '' : decoded(part.slice(at + (equals || '=').length))
      const known = fields[name]
      if (known === undefined) fields[name] = value
      else if (Array.isArray(known)) known.push(value)
      else fields[name] = [known, value]
    }
    return fields
  }

  const exports = {
    escape,
    unescape,
    stringify,
    encode: stringify,
    parse,
    decode: parse,
    unescapeBuffer: (text: string): unknown => core.lib('node-buffer')['Buffer'].from(unescapeText(core, text)) as unknown,
  }
  return exports
}
