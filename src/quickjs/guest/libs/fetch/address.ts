import type { GuestCore } from '../../core.js'

/** Parses the URL of a request; a program that says where it is, by a `location`, may use relative ones. */
export function parseAddress(core: GuestCore, input: unknown, name: string): URL {
  const text = `${input as string}`
  const base = (globalThis as { readonly location?: { readonly href?: unknown } }).location?.href
  try {
    return new (core.lib('url').URL as typeof URL)(text, typeof base === 'string' ? base : undefined)
  } catch {
    throw new TypeError(`${name}: ${JSON.stringify(text)} is no absolute URL`)
  }
}
