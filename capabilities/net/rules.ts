import { GloveboxError } from '../../src/errors.js'
import { Secret } from '../secret/secret.js'
import { classifyHeader, isHeaderName, isHeaderValue, namesCredential } from './header-names.js'
import { type UrlPattern, parsePattern } from './pattern.js'

const MiB = 1024 * 1024

/**
 * Where the value of a header the host attaches comes from.
 * A secret or a function is a credential: read anew for each request, bound to the rule's origin, redacted in whatever
 * comes back. A plain text is a public constant such as a version.
 */
export type HeaderSource = string | Secret | (() => string | Promise<string>)

/** One operation a guest may ask for over HTTP. Everything left out is denied. */
export interface NetRule {
  /**
   * Exact scheme, host and port, then path and query: `https://api.example.com/v1/items/*?*`.
   * `*` is one whole segment, `**` at the end whatever follows. Without `?` there may be no query, `?*` is any,
   * `?kind=open&page=*` names parameters.
   */
  readonly url: string
  /** @default ['GET'] */
  readonly methods?: readonly string[]
  /** Headers the host attaches; a guest that sets one of them is denied. @default none */
  readonly headers?: Readonly<Record<string, HeaderSource>>
  /** Further headers the guest may set. Identity and framing headers cannot be named. @default none */
  readonly allowHeaders?: readonly string[]
  /** Bytes of URL, headers and body of one request. @default 1 MiB */
  readonly maxRequestBytes?: number
  /** Bytes of one response's body, on the wire and again when decoded. @default 10 MiB */
  readonly maxResponseBytes?: number
  /** Addresses or CIDR ranges that are not public and may be connected to: `['127.0.0.1']`. @default none */
  readonly allowPrivateAddresses?: readonly string[]
  /** `recheck` follows up to five redirects, each decided as if the guest had asked for it. @default 'refuse' */
  readonly redirects?: 'refuse' | 'recheck'
  /** `private`: its data is. `external`: what is sent there leaves. @default ['external'] */
  readonly labels?: readonly ('private' | 'external')[]
}

/** A rule, parsed and frozen. */
export interface ParsedRule {
  readonly pattern: UrlPattern
  readonly methods: readonly string[]
  readonly headers: readonly (readonly [name: string, source: HeaderSource])[]
  readonly allowHeaders: ReadonlySet<string>
  readonly maxRequestBytes: number
  readonly maxResponseBytes: number
  readonly allowPrivateAddresses: readonly string[]
  readonly redirects: 'refuse' | 'recheck'
  readonly labels: readonly ('private' | 'external')[]
}

/** Keys of a rule; the type makes the table complete. */
const RULE_KEYS: Readonly<Record<keyof NetRule, true>> = {
  url: true,
  methods: true,
  headers: true,
  allowHeaders: true,
  maxRequestBytes: true,
  maxResponseBytes: true,
  allowPrivateAddresses: true,
  redirects: true,
  labels: true,
}

/** Methods that would turn a request into a tunnel or an echo. */
const REFUSED_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])

/**
 * Parses rules strictly: unknown keys, wrong types and empty lists are errors, never a wider grant.
 * @throws GloveboxError `invalid-grant`
 */
export function parseRules(rules: unknown): readonly ParsedRule[] {
  if (!Array.isArray(rules))
    throw invalid(`expected a list of rules, got ${typeName(rules)}; write http([{ url: "https://..." }])`)
  return Object.freeze(rules.map((rule: unknown, index) => parseRule(rule, `rule ${index + 1}`)))
}

function parseRule(rule: unknown, where: string): ParsedRule {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    throw invalid(`${where} is ${typeName(rule)}: expected an object such as { url: "https://...", methods: ["GET"] }`)
  }
  refuseUnknownKeys(rule, RULE_KEYS, where)
  const { url, methods, headers, allowHeaders, redirects, labels, ...rest } = rule as Record<keyof NetRule, unknown>
  const pattern = parsePattern(url, where)
  const attached = parseHeaders(headers, where)
  return Object.freeze({
    pattern,
    methods: parseMethods(methods, where),
    headers: attached,
    allowHeaders: parseAllowHeaders(allowHeaders, attached, where),
    maxRequestBytes: parseBytes(rest.maxRequestBytes, 1 * MiB, `${where} maxRequestBytes`),
    maxResponseBytes: parseBytes(rest.maxResponseBytes, 10 * MiB, `${where} maxResponseBytes`),
    allowPrivateAddresses: parseList(rest.allowPrivateAddresses, `${where} allowPrivateAddresses`),
    redirects: parseChoice(redirects, ['refuse', 'recheck'], 'refuse', `${where} redirects`),
    labels: parseLabels(labels, `${where} labels`),
  })
}

function parseLabels(labels: unknown, where: string): ParsedRule['labels'] {
  if (labels === undefined) return Object.freeze(['external'] as const)
  return Object.freeze(
    parseList(labels, where).map((label) =>
      parseChoice<'private' | 'external'>(label, ['private', 'external'], 'external', where),
    ),
  )
}

function parseMethods(methods: unknown, where: string): readonly string[] {
  if (methods === undefined) return Object.freeze(['GET'])
  const list = parseList(methods, `${where} methods`)
  if (list.length === 0) throw invalid(`${where} has no methods; leave methods out for GET only, or name them`)
  for (const method of list) {
    if (!/^[A-Z][A-Z-]{0,31}$/.test(method))
      throw invalid(`${where} has method "${method}"; write methods in capital letters, such as "GET"`)
    if (REFUSED_METHODS.has(method)) throw invalid(`${where} has method "${method}", which no rule can grant`)
  }
  return list
}

function parseHeaders(headers: unknown, where: string): ParsedRule['headers'] {
  if (headers === undefined) return Object.freeze([])
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers) || Secret.is(headers)) {
    throw invalid(`${where} headers: expected an object of header names, got ${typeName(headers)}`)
  }
  const parsed = new Map<string, HeaderSource>()
  for (const [key, source] of Object.entries(headers) as [string, unknown][]) {
    const name = key.toLowerCase()
    const shown = `${where} header "${key}"`
    if (!isHeaderName(key)) throw invalid(`${shown} is no header name`)
    if (classifyHeader(name) === 'framing' || name.startsWith('proxy-'))
      throw invalid(`${shown} is not for a rule to set`)
    if (parsed.has(name)) throw invalid(`${shown} is there twice`)
    if (typeof source === 'string') {
      if (namesCredential(name))
        throw invalid(
          `${shown} looks like a credential in plain text; ` +
            `write secret("${name}", value) or a function that returns it`,
        )
      if (!isHeaderValue(source)) throw invalid(`${shown} has a value that no header can carry`)
    } else if (typeof source !== 'function' && !Secret.is(source)) {
      throw invalid(`${shown}: expected a secret, a function or a text, got ${typeName(source)}`)
    }
    parsed.set(name, source as HeaderSource)
  }
  return Object.freeze([...parsed].map((entry) => Object.freeze(entry)))
}

function parseAllowHeaders(names: unknown, attached: ParsedRule['headers'], where: string): ReadonlySet<string> {
  const allowed = new Set<string>()
  for (const name of parseList(names, `${where} allowHeaders`)) {
    const lower = name.toLowerCase()
    if (!isHeaderName(name)) throw invalid(`${where} allowHeaders: ${JSON.stringify(name)} is no header name`)
    const kind = classifyHeader(lower)
    if (kind === 'identity')
      throw invalid(`${where} allowHeaders: "${name}" says who asks, which a guest never does; attach it with headers`)
    if (kind === 'framing')
      throw invalid(`${where} allowHeaders: "${name}" could change what the request is; no guest may set it`)
    if (attached.some(([header]) => header === lower))
      throw invalid(`${where} allowHeaders: "${name}" is attached by the host already; name it once`)
    allowed.add(lower)
  }
  return allowed
}

/** A whole number of bytes, at least one. */
export function parseBytes(value: unknown, preset: number, where: string): number {
  if (value === undefined) return preset
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw invalid(`${where} is ${String(value)}: expected a whole number of at least 1`)
  return value
}

/** Refuses keys that are not in `known`: a misspelt key must not be a missing bound. */
export function refuseUnknownKeys(value: object, known: Readonly<Record<string, true>>, where: string): void {
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(known, key))
      throw invalid(`${where} has unknown key "${key}"; use one of ${Object.keys(known).join(', ')}`)
  }
}

function parseList(value: unknown, where: string): readonly string[] {
  if (value === undefined) return Object.freeze([])
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string' && item !== ''))
    throw invalid(`${where}: expected a list of texts, got ${typeName(value)}`)
  if (new Set(value).size !== value.length) throw invalid(`${where} names something twice`)
  return Object.freeze([...(value as string[])])
}

function parseChoice<T extends string>(value: unknown, choices: readonly T[], preset: T, where: string): T {
  if (value === undefined) return preset
  if (!choices.includes(value as T))
    throw invalid(
      `${where} is ${JSON.stringify(value)}: expected ${choices.map((choice) => `"${choice}"`).join(' or ')}`,
    )
  return value as T
}

function invalid(why: string): GloveboxError {
  return new GloveboxError('invalid-grant', `Cannot grant "net": ${why}`)
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
}
