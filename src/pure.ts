import { GuestVisibleError, type Handlers, toHandlers } from '../capabilities/capability.js'
import type { HostCall } from '../capabilities/capability.js'
import { digestHandlers } from './digest.js'

/** Text longer than this is paid for from the budgets of the call, as everything large is. */
const FREE_CHARACTERS = 2048

/** Fields of a parsed URL in the order they cross in. */
export type UrlFields = readonly [
  href: string, origin: string, protocol: string, username: string, password: string, host: string, hostname: string,
  port: string, pathname: string, search: string, hash: string,
]

/** Setters of the URL Standard, section 6.1. */
const SETTERS: ReadonlySet<string> = new Set([
  'href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash',
])

/**
 * Operations every guest may use: functions of their arguments alone, with no authority behind them. They are answered
 * by the host because it has them exactly and natively; nothing of them is counted as a host call or recorded.
 */
export const pureHandlers: Handlers = toHandlers({
  ...digestHandlers,
  /** `(input, base?)`: fields of the URL, or null when it is none. URL Standard, section 6.1. */
  'pure.urlParse': ([input, base], call) => {
    const text = toText(input, 'input', call)
    const url = parseUrl(text, base === undefined ? undefined : toText(base, 'base', call))
    return url && toFields(url)
  },
  /** `(href, field, value)`: fields after the setter ran, or null when an href is none. */
  'pure.urlSet': ([href, field, value], call) => {
    const url = parseUrl(toText(href, 'href', call), undefined)
    if (typeof field !== 'string' || !SETTERS.has(field)) throw malformed('field')
    const text = toText(value, 'value', call)
    if (url === null) return null
    if (field === 'href') {
      const replaced = parseUrl(text, undefined)
      return replaced && toFields(replaced)
    }
    const settable = url as unknown as Record<string, string>
    settable[field] = text
    return toFields(url)
  },
  /** `(label)`: the name of an encoding, or null when it is none or the host does not have it. Encoding Standard, section 4.2. */
  'pure.encodingName': ([label], call) => {
    try {
      return new TextDecoder(toText(label, 'label', call)).encoding
    } catch {
      return null
    }
  },
  /** `(label, bytes, isFatal, isStream)`: text, without an unfinished end when more is to come; null for what is no text. */
  'pure.decode': ([label, bytes, isFatal, isStream], call) => {
    if (!(bytes instanceof Uint8Array)) throw malformed('bytes')
    if (bytes.length > FREE_CHARACTERS) call.spend('out', bytes.length)
    const text = toText(label, 'label', call)
    try {
      return new TextDecoder(text, { fatal: isFatal === true, ignoreBOM: true }).decode(bytes, { stream: isStream === true })
    } catch {
      return null
    }
  },
  /** `(domain)`: its ASCII form, or the empty string when it has none. */
  'pure.domainToASCII': ([domain], call) => {
    const text = toText(domain, 'domain', call)
    // The host parser of a special scheme, and nothing of it that could be read as another part of a URL.
    return /[\s/?#@:\\[\]]/.test(text) ? '' : (parseUrl('ws://' + text, undefined)?.hostname ?? '')
  },
})

function parseUrl(input: string, base: string | undefined): URL | null {
  try {
    return new URL(input, base)
  } catch {
    return null
  }
}

function toFields(url: URL): UrlFields {
  const { href, origin, protocol, username, password, host, hostname, port, pathname, search, hash } = url
  return [href, origin, protocol, username, password, host, hostname, port, pathname, search, hash]
}

function toText(value: unknown, name: string, call: HostCall): string {
  if (typeof value !== 'string') throw malformed(name)
  if (value.length > FREE_CHARACTERS) call.spend('out', value.length)
  return value
}

function malformed(name: string): GuestVisibleError {
  return new GuestVisibleError('TypeError', 'malformed', `The ${name} of a pure operation must be ${name === 'bytes' ? 'bytes' : 'text'}`)
}
