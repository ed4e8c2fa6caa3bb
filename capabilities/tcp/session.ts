import { Denied, type HostCall, type RunScope } from '../capability.js'
import { type AddressCheck, createAddressCheck, isAddress, isSameAddress } from '../net/addresses.js'
import { type TcpConnection, TcpError, TcpFailed } from './connector.js'
import { type Tcp, type TcpGrant, openTcp } from './tcp.js'
import type { TcpTarget } from './target.js'

/** A connection whose bytes are counted. */
export interface OpenConnection extends Omit<TcpConnection, 'read' | 'write'> {
  /** What the ledger shows for it. */
  readonly target: string
  /** @throws TcpFailed */
  read(call: HostCall): Promise<Uint8Array | null>
  /** @throws Denied, TcpFailed */
  write(bytes: Uint8Array, call: HostCall): Promise<void>
}

/** TCP for one run, under one budget. */
export interface TcpSession {
  /**
   * Decides whether a name may be looked up, and looks nothing up.
   * @throws Denied
   */
  admitName(name: string): void
  /**
   * Gives the addresses of a granted name, which from then on are the ones its endpoints may be connected at.
   * @throws Denied, TcpFailed
   */
  resolve(name: string, call: HostCall): Promise<readonly string[]>
  /**
   * Decides whether an address is that of a granted endpoint.
   * @throws Denied
   */
  admit(address: string, port: number): TcpTarget
  /** @throws Denied, TcpFailed */
  connect(address: string, port: number, call: HostCall): Promise<OpenConnection>
}

/** Most addresses of one name a guest is told. */
const MOST_ADDRESSES = 16

/**
 * Opens the TCP grant of one run; without a grant everything is denied. All connections end when the run settles.
 * @throws GloveboxError `invalid-grant` when `tcp` was not made by `tcp()`
 */
export function openTcpSession(tcp: Tcp | undefined, scope: Pick<RunScope, 'onSettle'>): TcpSession {
  return new Session(tcp === undefined ? undefined : openTcp(tcp), scope)
}

class Session implements TcpSession {
  readonly #grant: TcpGrant | undefined
  readonly #check: AddressCheck
  /** Addresses by the name they were looked up under: what was checked is what is connected to. */
  readonly #pinned = new Map<string, readonly string[]>()
  readonly #running = new Set<TcpConnection>()
  #received = 0
  #sent = 0

  constructor(grant: TcpGrant | undefined, scope: Pick<RunScope, 'onSettle'>) {
    this.#grant = grant
    this.#check = createAddressCheck(grant?.allowPrivateAddresses ?? [], 'tcp')
    scope.onSettle(() => {
      for (const connection of [...this.#running]) connection.close()
      this.#running.clear()
    })
  }

  admitName(name: string): void {
    if (this.#grant?.targets.some(({ host }) => host === name) === true) return
    throw new Denied(`net resolve ${name}`, this.#grant === undefined ? 'no tcp grant' : `no endpoint at "${name}"`, `tcp: tcp(['${name}:PORT'])`)
  }

  async resolve(name: string, call: HostCall): Promise<readonly string[]> {
    call.target = name
    this.admitName(name)
    const found = await untilAborted(() => this.#grant!.connector.resolve(name), call.signal, () => undefined)
    const addresses = [...new Set(found)].slice(0, MOST_ADDRESSES)
    if (addresses.length === 0) throw new TcpFailed('not-found')
    if (!addresses.every((address) => typeof address === 'string' && this.#check(address))) throw notPublic(`net resolve ${name}`, name)
    this.#pinned.set(name, addresses)
    call.source(`net:${name}`)
    return addresses
  }

  admit(address: string, port: number): TcpTarget {
    const target = this.#grant?.targets.find((each) => each.port === port && this.#addressesOf(each).some((known) => isSameAddress(known, address)))
    if (target !== undefined) return target
    const shown = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
    const reason = this.#grant === undefined ? 'no tcp grant' : `no endpoint at this address with port ${port}, as far as names were looked up`
    throw new Denied(`net connect ${shown}`, reason, `tcp: tcp(['${shown}'])`)
  }

  async connect(address: string, port: number, call: HostCall): Promise<OpenConnection> {
    const { text: target } = this.admit(address, port)
    call.target = target
    if (!this.#check(address)) throw notPublic(`net connect ${target}`, target)
    const connection = await untilAborted(
      () => this.#grant!.connector.connect(address, port, call.signal),
      call.signal,
      (late) => late.close(),
    )
    if (!isSameAddress(connection.remote.address, address)) {
      connection.close()
      throw notPublic(`net connect ${target}`, target)
    }
    this.#running.add(connection)
    call.source(`net:tcp://${target}`)
    return this.#counted(connection, target)
  }

  #addressesOf({ host }: TcpTarget): readonly string[] {
    return isAddress(host) ? [host] : (this.#pinned.get(host) ?? [])
  }

  #counted(connection: TcpConnection, target: string): OpenConnection {
    const { maxBytesIn, maxBytesOut } = this.#grant!
    return {
      target,
      local: connection.local,
      remote: connection.remote,
      keepAlive: (idleMs) => connection.keepAlive(idleMs),
      end: () => inGuestWords(() => connection.end()),
      close: () => {
        this.#running.delete(connection)
        connection.close()
      },
      read: async (call) => {
        const bytes = await untilAborted(() => connection.read(), call.signal, () => undefined)
        if (bytes === null) return null
        this.#received += bytes.length
        if (this.#received > maxBytesIn) throw new TcpFailed('too-much')
        call.spend('in', bytes.length)
        return bytes
      },
      write: async (bytes, call) => {
        if (this.#sent + bytes.length > maxBytesOut) {
          throw new Denied(`net send to ${target}`, `the grant's ${maxBytesOut} bytes are used up`, 'tcp: tcp([...], { maxBytesOut })')
        }
        this.#sent += bytes.length
        call.spend('out', bytes.length)
        await untilAborted(() => connection.write(bytes), call.signal, () => undefined)
      },
    }
  }
}

function notPublic(asked: string, name: string): Denied {
  return new Denied(asked, `${JSON.stringify(name)} is not at a public address`, 'tcp: tcp([...], { allowPrivateAddresses: [...] })')
}

/** Whatever the connector makes of the signal, the run's end is the end; what comes too late is discarded. */
async function untilAborted<T>(start: () => Promise<T>, signal: AbortSignal, discard: (late: T) => void): Promise<T> {
  if (signal.aborted) throw new TcpFailed('aborted')
  const pending = inGuestWords(start)
  let stop: () => void
  const ended = new Promise<never>((_, reject) => {
    stop = () => {
      pending.then(discard, () => undefined)
      reject(new TcpFailed('aborted'))
    }
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([pending, ended])
  } finally {
    signal.removeEventListener('abort', stop!)
  }
}

async function inGuestWords<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw new TcpFailed(error instanceof TcpError ? error.failure : 'network')
  }
}
