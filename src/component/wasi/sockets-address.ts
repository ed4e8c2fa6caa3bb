import { isAddress } from '../../../capabilities/net/addresses.js'

export type IpAddressFamily = 'ipv4' | 'ipv6'

/** `wasi:sockets/network` `ip-address`. */
export interface IpAddress {
  readonly tag: IpAddressFamily
  readonly val: readonly number[]
}

/** `wasi:sockets/network` `ip-socket-address`. */
export type IpSocketAddress =
  | { readonly tag: 'ipv4'; readonly val: { readonly port: number; readonly address: readonly number[] } }
  | {
      readonly tag: 'ipv6'
      readonly val: { readonly port: number; readonly flowInfo: number; readonly address: readonly number[]; readonly scopeId: number }
    }

/** The address in the spelling that is compared and recorded. */
export function toText({ tag, val }: IpAddress): string {
  return tag === 'ipv4' ? val.join('.') : val.map((group) => group.toString(16)).join(':')
}

/** The address of a text in its one spelling; one that is mapped into IPv6 is the IPv4 one. */
export function toIpAddress(text: string): IpAddress | undefined {
  if (!isAddress(text)) return undefined
  const bare = text.replace(/^\[|\]$/g, '')
  if (!bare.includes(':')) return { tag: 'ipv4', val: bare.split('.').map(Number) }
  const address: IpAddress = { tag: 'ipv6', val: toGroups(bare) }
  return isMapped(address) ? { tag: 'ipv4', val: [...toBytes(address.val[6]!), ...toBytes(address.val[7]!)] } : address
}

export function toSocketAddress(text: string, port: number): IpSocketAddress | undefined {
  const ip = toIpAddress(text)
  if (ip === undefined) return undefined
  return ip.tag === 'ipv4'
    ? { tag: 'ipv4', val: { port, address: ip.val } }
    : { tag: 'ipv6', val: { port, flowInfo: 0, address: ip.val, scopeId: 0 } }
}

export function isUnspecified({ val }: IpAddress): boolean {
  return val.every((part) => part === 0)
}

/** Neither multicast nor broadcast. */
export function isUnicast({ tag, val }: IpAddress): boolean {
  return tag === 'ipv4' ? val[0]! < 224 || (val[0]! >= 240 && val.some((byte) => byte !== 255)) : val[0]! >> 8 !== 0xff
}

/** @see RFC 4291 section 2.5.5.2 */
export function isMapped({ tag, val }: IpAddress): boolean {
  return tag === 'ipv6' && val.slice(0, 5).every((group) => group === 0) && val[5] === 0xffff
}

function toGroups(text: string): readonly number[] {
  const [head, tail] = text.split('::')
  const left = partsOf(head!)
  const right = tail === undefined ? [] : partsOf(tail)
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
}

function partsOf(text: string): readonly number[] {
  if (text === '') return []
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)]
    const [a, b, c, d] = part.split('.').map(Number) as [number, number, number, number]
    return [(a << 8) | b, (c << 8) | d]
  })
}

function toBytes(group: number): readonly [number, number] {
  return [group >> 8, group & 0xff]
}
