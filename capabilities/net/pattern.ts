import { GloveboxError } from '../../src/errors.js'
import { readUrl } from './url.js'

/** The part of a URL that a pattern does not cover, from the outside in. */
export const PATTERN_PARTS = ['scheme', 'host', 'port', 'path', 'query'] as const
export type PatternPart = (typeof PATTERN_PARTS)[number]

/** A parsed `url` of a rule: one scheme, one host, one port, a path and a query. */
export interface UrlPattern {
  readonly text: string
  readonly origin: string
  readonly protocol: string
  readonly hostname: string
  readonly port: string
  /** Segments of the path; `*` stands for one that is not empty. */
  readonly segments: readonly string[]
  /** Whether anything may follow the segments. */
  readonly open: boolean
  readonly query: 'none' | 'any' | readonly QueryPattern[]
}

interface QueryPattern {
  readonly name: string
  /** The exact raw value, or undefined for any. */
  readonly value: string | undefined
}

/**
 * Parses the `url` of a rule.
 *
 * - Scheme, host and port are exact. There is no wildcard for them.
 * - In the path, `*` is one whole segment that is not empty; `**` as the last segment is whatever follows the slash.
 * - Without `?` the query must be absent. `?*` is any query. `?kind=open&page=*` allows these parameters once each:
 *   one with an exact value must be there, one with `*` may be left out. Both are compared as written, undecoded.
 *
 * @throws GloveboxError `invalid-grant`
 */
export function parsePattern(text: unknown, where: string): UrlPattern {
  const fail = (why: string): never => {
    throw new GloveboxError('invalid-grant', `Cannot grant "net": ${where} has url ${JSON.stringify(text)}: ${why}`)
  }
  if (typeof text !== 'string') return fail('expected a string such as "https://api.example.com/v1/items/*"')
  const read = readUrl(text)
  if ('refused' in read) return fail(`${read.refused}; write it like "https://api.example.com/v1/items/*"`)
  const { url } = read
  if (url.hostname.includes('*'))
    fail('a wildcard in the host would grant hosts you do not know; write one rule per host')
  const segments = url.pathname.slice(1).split('/')
  const open = segments.at(-1) === '**'
  if (open) segments.pop()
  for (const segment of segments) {
    if (segment === '**') fail('"**" can only be the last segment')
    if (segment.includes('*') && segment !== '*')
      fail('"*" stands for one whole segment, "**" at the end for all that follows')
  }
  return Object.freeze({
    text: url.href,
    origin: url.origin,
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port,
    segments: Object.freeze(segments),
    open,
    query: parseQuery(text, url.search, fail),
  })
}

function parseQuery(text: string, search: string, fail: (why: string) => never): UrlPattern['query'] {
  if (!text.includes('?')) return 'none'
  if (search === '?*') return 'any'
  if (search === '') return fail('an empty query; leave out the "?" or write "?*" for any query')
  const patterns: QueryPattern[] = []
  for (const pair of search.slice(1).split('&')) {
    const { name, value } = toParameter(pair)
    if (name === '' || name.includes('*') || (value.includes('*') && value !== '*')) {
      return fail('a query is "?*", or parameters such as "kind=open&page=*"')
    }
    if (patterns.some((other) => other.name === name)) return fail(`parameter "${name}" is there twice`)
    patterns.push({ name, value: value === '*' ? undefined : value })
  }
  return Object.freeze(patterns)
}

/** The first part of `url` that `pattern` does not cover, or undefined when it covers all of it. */
export function mismatch(pattern: UrlPattern, url: URL): PatternPart | undefined {
  if (pattern.hostname !== url.hostname) return 'host'
  if (pattern.protocol !== url.protocol) return 'scheme'
  if (pattern.port !== url.port) return 'port'
  if (!coversPath(pattern, url.pathname)) return 'path'
  if (!coversQuery(pattern.query, url.search)) return 'query'
  return undefined
}

function coversPath(pattern: UrlPattern, path: string): boolean {
  const segments = path.slice(1).split('/')
  if (pattern.open ? segments.length <= pattern.segments.length : segments.length !== pattern.segments.length)
    return false
  return pattern.segments.every((expected, index) =>
    expected === '*' ? segments[index] !== '' : segments[index] === expected,
  )
}

function coversQuery(query: UrlPattern['query'], search: string): boolean {
  if (query === 'any') return true
  if (query === 'none') return search === ''
  const left = new Map(query.map((parameter) => [parameter.name, parameter.value]))
  for (const pair of search === '' ? [] : search.slice(1).split('&')) {
    const { name, value } = toParameter(pair)
    if (!left.has(name)) return false
    const expected = left.get(name)
    // Some servers take ";" for "&": a free value must not bring a second parameter along.
    if (expected === undefined ? value.includes(';') : expected !== value) return false
    left.delete(name)
  }
  return [...left.values()].every((value) => value === undefined)
}

function toParameter(pair: string): { readonly name: string; readonly value: string } {
  const at = pair.indexOf('=')
  return at === -1 ? { name: pair, value: '' } : { name: pair.slice(0, at), value: pair.slice(at + 1) }
}
