import { type AddressCheck, isAddress, isSameAddress } from './addresses.js'
import { TransportError } from './transport.js'

/** Gives all addresses of a host name. */
export type Resolver = (hostname: string) => Promise<readonly string[]>

/** A connection that was opened to one address. */
export interface Connection {
  readonly remoteAddress?: string | undefined
  destroy(): unknown
}

/** Most addresses of one name that are tried. */
const MAX_ADDRESSES = 8

/**
 * Resolves once, checks every address, connects to one that was checked, and checks where the connection went.
 * A literal address takes the same way, as no resolver is ever asked about it. One address that is not granted
 * refuses the name, whatever the others are.
 *
 * @throws TransportError
 */
export async function connectPinned<T extends Connection>(
  hostname: string,
  check: AddressCheck,
  resolve: Resolver,
  connect: (address: string) => Promise<T>,
): Promise<T> {
  const bare = hostname.replace(/^\[|\]$/g, '')
  const addresses = isAddress(bare) ? [bare] : [...new Set(await resolve(bare))]
  if (addresses.length === 0) throw new TransportError('not-found')
  if (!addresses.every((address) => typeof address === 'string' && check(address))) throw new TransportError('address')
  let failure: unknown
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    let connection: T
    try {
      connection = await connect(address)
    } catch (error) {
      failure = error
      continue
    }
    if (isSameAddress(connection.remoteAddress ?? '', address)) return connection
    connection.destroy()
    throw new TransportError('address')
  }
  throw failure
}
