import { Denied } from '../../../capabilities/capability.js'
import type { TcpSession } from '../../../capabilities/tcp/session.js'
import { unknownHandle } from './failure.js'
import { Gate } from './gate.js'
import type { Io } from './io.js'
import { Pollable } from './poll.js'
import { type IpAddress, toIpAddress } from './sockets-address.js'
import { failed, refuse, toErrorCode } from './sockets-error.js'
import { Network } from './sockets-network.js'

/** @see RFC 1035 section 2.3.4 */
const MOST_CHARACTERS = 253

/** `wasi:sockets/ip-name-lookup` `resolve-address-stream`. */
export class ResolveAddressStream {
  readonly #io: Io
  readonly #gate = new Gate()
  readonly #drop: () => void
  #addresses: IpAddress[] | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(io: Io, pending: Promise<readonly string[]> | IpAddress) {
    this.#io = io
    this.#drop = io.own(() => {})
    if ('tag' in pending) {
      this.#addresses = [pending]
      return
    }
    pending.then(
      (texts) => {
        this.#addresses = texts.flatMap((text) => toIpAddress(text) ?? [])
        this.#gate.wake()
      },
      (error: unknown) => {
        this.#failure = { error }
        this.#gate.wake()
      },
    )
  }

  resolveNextAddress(): IpAddress | undefined {
    if (!(#addresses in this)) throw unknownHandle('resolve-address-stream')
    if (this.#failure !== undefined) throw failed(toErrorCode(this.#failure.error))
    if (this.#addresses === undefined) throw failed('would-block')
    return this.#addresses.shift()
  }

  subscribe(): Pollable {
    if (!(#addresses in this)) throw unknownHandle('resolve-address-stream')
    const isReady = (): boolean => this.#addresses !== undefined || this.#failure !== undefined
    return new Pollable(this.#io, {
      ready: isReady,
      wait: async (signal) => {
        while (!isReady() && !signal.aborted) await this.#gate.wait(signal)
      },
    })
  }

  [Symbol.dispose](): void {
    this.#drop()
  }
}

/** `wasi:sockets/ip-name-lookup` `resolve-addresses`: granted names only; an address is its own answer. */
export function createResolve(io: Io, session: () => TcpSession): (network: Network, name: string) => ResolveAddressStream {
  const { port } = io
  return (network, name) => {
    Network.check(network)
    const host = toHost(name)
    if (host === undefined) throw failed('invalid-argument')
    const address = toIpAddress(host)
    if (address !== undefined) return new ResolveAddressStream(io, address)
    try {
      session().admitName(host)
    } catch (error) {
      if (!(error instanceof Denied)) throw error
      return refuse(port, 'net.resolve', host, error)
    }
    return new ResolveAddressStream(io, port.performAsync('net.resolve', (call) => session().resolve(host, call)))
  }
}

/** The name in ASCII and lower case; `undefined` for what is neither a name nor an address in its one spelling. */
function toHost(name: string): string | undefined {
  if (name === '' || name.length > MOST_CHARACTERS || /[\x00-\x20\x7f/\\?#@%[\]]/.test(name)) return undefined
  if (toIpAddress(name) !== undefined) return name
  if (name.includes(':')) return undefined
  try {
    const { hostname } = new URL(`http://${name}/`)
    return toIpAddress(hostname) === undefined ? hostname : undefined
  } catch {
    return undefined
  }
}
