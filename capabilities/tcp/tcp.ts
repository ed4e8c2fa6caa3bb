import type { Capability, Reach } from '../capability.js'
import { GloveboxError } from '../../src/errors.js'
import type { TcpConnector } from './connector.js'
import type { TcpTarget } from './target.js'

/** Bounds of a TCP grant. */
export interface TcpOptions {
  /** Bytes all connections of a run may send. @default 1 MiB */
  readonly maxBytesOut?: number
  /** Bytes all connections of a run may receive. @default 10 MiB */
  readonly maxBytesIn?: number
  /** Addresses or CIDR ranges that are not public and may be connected to: `['10.0.0.5']`. @default none */
  readonly allowPrivateAddresses?: readonly string[]
  /** `private`: its data is. `external`: what is sent there leaves. @default ['external'] */
  readonly labels?: readonly ('private' | 'external')[]
}

/** Keys of the options that every way to make a TCP grant takes. */
export const TCP_OPTION_KEYS: Readonly<Record<keyof TcpOptions, true>> = {
  maxBytesOut: true,
  maxBytesIn: true,
  allowPrivateAddresses: true,
  labels: true,
}

/** What a TCP grant holds; for the session only. */
export interface TcpGrant {
  readonly connector: TcpConnector
  readonly targets: readonly TcpTarget[]
  readonly maxBytesOut: number
  readonly maxBytesIn: number
  readonly allowPrivateAddresses: readonly string[]
  readonly labels: readonly ('private' | 'external')[]
}

let open: (tcp: Tcp) => TcpGrant
let isTcp: (value: unknown) => boolean

/** Endpoints a component may connect to as a client; made by `tcp()`. QuickJS guests have no sockets. */
export class Tcp implements Capability<'net'> {
  readonly kind = 'net'
  readonly #grant: TcpGrant

  static {
    open = (tcp) => tcp.#grant
    isTcp = (value) => typeof value === 'object' && value !== null && #grant in value
  }

  /** Use `tcp()`, which checks what it is given. */
  constructor(grant: TcpGrant) {
    this.#grant = grant
    Object.freeze(this)
  }

  /** One row an endpoint, with the private addresses it may be at. */
  reach(): readonly Reach[] {
    const { targets, allowPrivateAddresses, labels } = this.#grant
    const acts = ['connect', ...allowPrivateAddresses.map((address) => `connect to ${address}`)].join(', ')
    return targets.map(({ text }) => Object.freeze({ capability: 'net' as const, target: `tcp://${text}`, acts, labels }))
  }
}

/**
 * What a capability that calls itself a TCP grant really grants.
 * @throws GloveboxError `invalid-grant` when it was not made by `tcp()`
 */
export function openTcp(tcp: unknown): TcpGrant {
  if (!isTcp(tcp)) throw new GloveboxError('invalid-grant', `Cannot grant "tcp": expected the value of tcp(), got a value of type ${typeof tcp}`)
  return open(tcp as Tcp)
}
