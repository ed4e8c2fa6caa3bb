import ipaddr from 'ipaddr.js'
import { GloveboxError } from '../../src/errors.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Says whether an address may be connected to: a public one, or one the rule names. */
export type AddressCheck = (address: string) => boolean

/** Widest ranges that can be named; a wider one would grant the whole of an address family. */
const LEAST_PREFIX = { ipv4: 8, ipv6: 7 } as const

/**
 * Builds the check for the addresses and CIDR ranges a rule names beyond the public ones.
 * An IPv4 address in its IPv6-mapped form counts as the IPv4 address.
 *
 * @throws GloveboxError `invalid-grant`
 */
export function createAddressCheck(allowed: readonly string[], grant: 'net' | 'tcp' = 'net'): AddressCheck {
  const ranges = allowed.map((text) => toRange(text, grant))
  return (text) => {
    const address = readAddress(text)
    return (
      address !== undefined &&
      (isPublic(address) ||
        ranges.some(([base, prefix]) => base.kind() === address.kind() && address.match(base, prefix)))
    )
  }
}

/** Whether `text` is an IP address, in the one spelling each has; brackets of a URL's host are taken off. */
export function isAddress(text: string): boolean {
  return readAddress(text) !== undefined
}

/** Whether both texts are the same address, also when one is in IPv6-mapped form. */
export function isSameAddress(left: string, right: string): boolean {
  const a = readAddress(left)
  const b = readAddress(right)
  return a !== undefined && b !== undefined && a.toNormalizedString() === b.toNormalizedString()
}

/** Strict: no octal, hex or shortened IPv4, no zone, although the parser below would take them. */
function readAddress(text: string): Address | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  if (bare.includes(':') ? bare.includes('%') || !ipaddr.IPv6.isValid(bare) : !ipaddr.IPv4.isValidFourPartDecimal(bare))
    return undefined
  return ipaddr.process(bare)
}

/** Global unicast only: the parser calls `::7f00:1` and all unassigned IPv6 space unicast too. */
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST, 3)
}

/** @see https://www.iana.org/assignments/ipv6-address-space */
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::')

function toRange(text: string, grant: string): readonly [Address, number] {
  const [base, prefix, ...rest] = text.split('/')
  const address = readAddress(base!)
  const bits = address?.kind() === 'ipv4' ? 32 : 128
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (address === undefined || rest.length > 0 || !(length <= bits)) {
    throw new GloveboxError(
      'invalid-grant',
      `Cannot grant "${grant}": allowPrivateAddresses has ${JSON.stringify(text)}; ` +
        'expected an address such as "127.0.0.1" or a range such as "10.1.0.0/16"',
    )
  }
  if (length < LEAST_PREFIX[address.kind()]) {
    throw new GloveboxError(
      'invalid-grant',
      `Cannot grant "${grant}": allowPrivateAddresses has "${text}", which is nearly everything; ` +
        `name the network, at least /${LEAST_PREFIX[address.kind()]}`,
    )
  }
  return [address, length]
}
