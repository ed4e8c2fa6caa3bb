import type { Capability, Reach } from '../capability.js'
import { GloveboxError } from '../../src/errors.js'
import { credentialNames } from './credentials.js'
import { Redactor } from './redact.js'
import { type NetRule, type ParsedRule, parseBytes, parseRules, refuseUnknownKeys } from './rules.js'
import type { Transport } from './transport.js'

const MiB = 1024 * 1024

/** Bounds of a whole grant, for each run. */
export interface NetOptions {
  /** Bytes of all requests of a run: URLs, headers and bodies. @default 1 MiB */
  readonly maxBytesOut?: number
  /** Bytes of all responses of a run: heads and decoded bodies. @default 10 MiB */
  readonly maxBytesIn?: number
}

/** Keys of the options that every way to make a net grant takes. */
export const NET_OPTION_KEYS: Readonly<Record<keyof NetOptions, true>> = { maxBytesOut: true, maxBytesIn: true }

/** What a net grant holds; for the handlers only. */
export interface NetGrant {
  readonly transport: Transport
  readonly rules: readonly ParsedRule[]
  readonly maxBytesOut: number
  readonly maxBytesIn: number
  readonly redactor: Redactor
}

let open: (net: Net) => NetGrant
let isNet: (value: unknown) => boolean

/** HTTP operations a guest may ask for; made by `http()` or {@link httpOver}. */
export class Net implements Capability<'net'> {
  readonly kind = 'net'
  readonly #grant: NetGrant

  static {
    open = (net) => net.#grant
    isNet = (value) => typeof value === 'object' && value !== null && #grant in value
  }

  /** Use `http()` or {@link httpOver}, which check what they are given. */
  constructor(grant: NetGrant) {
    this.#grant = grant
    Object.freeze(this)
  }

  /** One row a rule: its URL pattern, its methods with all that widens them, and the names of its credentials. */
  reach(): readonly Reach[] {
    return this.#grant.rules.map((rule) => {
      const credentials = credentialNames(rule)
      return Object.freeze({
        capability: 'net' as const,
        target: rule.pattern.text,
        acts: actsOf(rule).join(', '),
        ...(credentials.length > 0 && { credentials }),
        labels: rule.labels,
      })
    })
  }
}

/** Each is an act of its own, so that a grant which adds one is seen to exceed a ceiling without it. */
function actsOf({ methods, redirects, allowHeaders, allowPrivateAddresses }: ParsedRule): readonly string[] {
  return [
    ...methods,
    ...(redirects === 'recheck' ? ['follow redirects'] : []),
    ...[...allowHeaders].map((name) => `set ${name}`),
    ...allowPrivateAddresses.map((address) => `connect to ${address}`),
  ]
}

/**
 * Grants HTTP operations over a transport of your own.
 * Scheme, host, port, path, query, method and headers are decided here; what a name resolves to is the transport's.
 *
 * @param rules what may be asked for; an empty list denies everything
 * @throws GloveboxError `invalid-grant`
 * @example
 * const transport = { send: async (request) => answerFromFixtures(request) }
 * const net = httpOver(transport, [{ url: 'https://api.example.com/v1/items/*' }])
 */
export function httpOver(transport: Transport, rules: readonly NetRule[], options: NetOptions = {}): Net {
  if (typeof transport?.send !== 'function')
    throw new GloveboxError('invalid-grant', 'Cannot grant "net": the transport needs a method send(request)')
  if (typeof options !== 'object' || options === null)
    throw new GloveboxError('invalid-grant', `Cannot grant "net": expected an object of options, got ${typeof options}`)
  refuseUnknownKeys(options, NET_OPTION_KEYS, 'options')
  return new Net(
    Object.freeze({
      transport,
      rules: parseRules(rules),
      maxBytesOut: parseBytes(options.maxBytesOut, 1 * MiB, 'maxBytesOut'),
      maxBytesIn: parseBytes(options.maxBytesIn, 10 * MiB, 'maxBytesIn'),
      redactor: new Redactor(),
    }),
  )
}

/**
 * What a capability that calls itself `net` really grants.
 * @throws GloveboxError `invalid-grant` when it was not made by `http()` or {@link httpOver}
 */
export function openNet(net: unknown): NetGrant {
  if (!isNet(net))
    throw new GloveboxError(
      'invalid-grant',
      `Cannot grant "net": expected the value of http() or httpOver(), got a value of type ${typeof net}`,
    )
  return open(net as Net)
}
