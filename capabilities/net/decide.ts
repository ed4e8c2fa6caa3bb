import { Denied } from '../capability.js'
import { classifyHeader } from './header-names.js'
import { PATTERN_PARTS, type PatternPart, mismatch } from './pattern.js'
import type { ParsedRule } from './rules.js'
import { defaultPort, readUrl, toPrintable } from './url.js'

/** What a guest asks for, parsed but not yet decided. */
export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** What was granted: the rule, and the URL object that is to be sent. */
export interface Decision {
  readonly rule: ParsedRule
  readonly url: URL
}

/**
 * Finds the first rule that covers URL and method; its headers and bounds are the ones that apply. The order of rules
 * counts only where several cover one request.
 *
 * @throws Denied naming the part that no rule covers, or the header that may not travel
 */
export function decide(rules: readonly ParsedRule[], asked: Asked): Decision {
  const read = readUrl(asked.url)
  if ('refused' in read) throw deny(asked, read.refused, 'net: http([...]) with a rule for the URL in its plain form')
  const { url } = read
  let deepest = -1
  let methodRefused = false
  for (const rule of rules) {
    const part = mismatch(rule.pattern, url)
    if (part !== undefined) {
      deepest = Math.max(deepest, PATTERN_ORDER.indexOf(part))
    } else if (!rule.methods.includes(asked.method)) {
      methodRefused = true
    } else {
      checkHeaders(rule, asked)
      return { rule, url }
    }
  }
  if (methodRefused)
    throw deny(asked, `no rule for method ${quote(asked.method)} at this URL`, suggestRule(url, asked.method))
  throw deny(
    asked,
    reasonFor(deepest === -1 ? 'host' : PATTERN_ORDER[deepest]!, url, asked.method),
    suggestRule(url, asked.method),
  )
}

/** In the order of `mismatch`: a host that is known says more than a scheme that is not. */
const PATTERN_ORDER: readonly PatternPart[] = ['host', ...PATTERN_PARTS.filter((part) => part !== 'host')]

function reasonFor(part: PatternPart, url: URL, method: string): string {
  switch (part) {
    case 'host':
      return `no rule for host ${quote(url.hostname)}`
    case 'scheme':
      return `no rule for scheme ${quote(url.protocol)} at host ${quote(url.hostname)}`
    case 'port':
      return `no rule for port ${url.port || defaultPort(url)} at host ${quote(url.hostname)}`
    case 'path':
      return `no rule for ${method} at path ${quote(url.pathname)}`
    case 'query':
      return 'no rule for this query'
  }
}

function checkHeaders(rule: ParsedRule, asked: Asked): void {
  const seen = new Set<string>()
  for (const [name] of asked.headers) {
    const lower = name.toLowerCase()
    const kind = classifyHeader(lower)
    if (rule.headers.some(([attached]) => attached === lower) || kind === 'identity') {
      throw deny(
        asked,
        `header ${quote(lower)} says who asks, which only the host does`,
        `net: http([{ ..., headers: { ${quote(lower)}: secret(...) } }])`,
      )
    }
    if (kind === 'framing')
      throw deny(asked, `header ${quote(lower)} is never taken from a guest`, 'nothing: leave the header out')
    if (kind === 'listed' && !rule.allowHeaders.has(lower)) {
      throw deny(
        asked,
        `header ${quote(lower)} is not in the rule`,
        `net: http([{ ..., allowHeaders: [${quote(lower)}] }])`,
      )
    }
    if (seen.has(lower))
      throw deny(asked, `header ${quote(lower)} is there twice`, 'nothing: join the values with a comma')
    seen.add(lower)
  }
}

/** A refusal of what would have been granted but for its size. */
export class TooMuch extends Denied {}

/** A refusal of a request, worded in what the guest asked. */
export function deny(asked: Pick<Asked, 'method' | 'url'>, reason: string, remedy: string): Denied {
  return new Denied(toAsked(asked), reason, remedy)
}

/** A refusal of bytes beyond a bound of the grant. */
export function denyMore(asked: Pick<Asked, 'method' | 'url'>, reason: string, remedy: string): TooMuch {
  return new TooMuch(toAsked(asked), reason, remedy)
}

function toAsked({ method, url }: Pick<Asked, 'method' | 'url'>): string {
  return `net ${toPrintable(method, 32)} ${toPrintable(url, 200)}`
}

function suggestRule(url: URL, method: string): string {
  const pattern = `${url.origin}${url.pathname}${url.search === '' ? '' : '?*'}`
  const shown = toPrintable(pattern, 200).replaceAll("'", '%27')
  return `net: http([{ url: '${shown}', methods: ['${toPrintable(method, 32)}'] }])`
}

function quote(text: string): string {
  return JSON.stringify(toPrintable(text, 100))
}
