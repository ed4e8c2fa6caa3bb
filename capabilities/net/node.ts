import { createRequire } from 'node:module'
import { GloveboxError } from '../../src/errors.js'
import { createAddressCheck, isAddress } from './addresses.js'
import { NET_OPTION_KEYS, type Net, type NetOptions, httpOver, openNet } from './net.js'
import type { Resolver } from './pin.js'
import { type NetRule, refuseUnknownKeys } from './rules.js'
import { createUndiciTransport } from './undici/node.js'

/** How requests leave this machine. */
export interface HttpOptions extends NetOptions {
  /** Milliseconds to resolve and connect. @default 10_000 */
  readonly connectTimeoutMs?: number
  /** Milliseconds until the head of the response is there. @default 30_000 */
  readonly headTimeoutMs?: number
  /** Milliseconds between two pieces of a body. @default 30_000 */
  readonly idleTimeoutMs?: number
  /** Certificates to trust in place of the platform's, as PEM. @default the platform's */
  readonly ca?: string | readonly string[]
  /** Gives the addresses of a host name. @default the platform's resolver */
  readonly resolve?: Resolver
}

const OPTION_KEYS: Readonly<Record<keyof HttpOptions, true>> = {
  ...NET_OPTION_KEYS,
  connectTimeoutMs: true,
  headTimeoutMs: true,
  idleTimeoutMs: true,
  ca: true,
  resolve: true,
}

/**
 * Grants HTTP operations over undici, an optional peer dependency.
 *
 * A host name is resolved once, every address is checked, the connection goes to an address that was checked and is
 * checked again when it stands. Only public addresses are connected to, and those a rule names. Proxy variables of the
 * environment are not read. Connections are kept for a few seconds and hold nothing open.
 *
 * @throws GloveboxError `invalid-grant`, `missing-dependency`
 * @example
 * const authorization = () => `Bearer ${process.env.API_TOKEN}`
 * const net = http([{ url: 'https://api.example.com/v1/items/*', headers: { authorization } }])
 */
export function http(rules: readonly NetRule[], options: HttpOptions = {}): Net {
  if (typeof options !== 'object' || options === null)
    throw new GloveboxError('invalid-grant', `Cannot grant "net": expected an object of options, got ${typeof options}`)
  refuseUnknownKeys(options, OPTION_KEYS, 'options')
  const { maxBytesIn, maxBytesOut, ...connection } = options
  requireUndici((name) => createRequire(import.meta.url).resolve(name))
  const net = httpOver(createUndiciTransport(connection), rules, {
    ...(maxBytesIn !== undefined && { maxBytesIn }),
    ...(maxBytesOut !== undefined && { maxBytesOut }),
  })
  for (const [index, rule] of openNet(net).rules.entries()) {
    const check = createAddressCheck(rule.allowPrivateAddresses)
    const host = rule.pattern.hostname.replace(/^\[|\]$/g, '')
    if (isAddress(host) && !check(host)) {
      throw new GloveboxError(
        'invalid-grant',
        `Cannot grant "net": rule ${index + 1} names ${host}, which is no public address; ` +
          `add allowPrivateAddresses: ['${host}']`,
      )
    }
  }
  return net
}

/**
 * Says at once that the package is missing, where the grant is made and not in the middle of a run.
 * @throws GloveboxError `missing-dependency`
 */
export function requireUndici(resolve: (name: string) => string): void {
  try {
    resolve('undici')
  } catch (cause) {
    throw new GloveboxError(
      'missing-dependency',
      'Cannot grant "net": http() needs the package undici; run: npm install undici@7',
      { cause },
    )
  }
}
