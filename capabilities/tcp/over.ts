import { GloveboxError } from '../../src/errors.js'
import { createAddressCheck, isAddress } from '../net/addresses.js'
import type { TcpConnector } from './connector.js'
import { parseTarget } from './target.js'
import { TCP_OPTION_KEYS, Tcp, type TcpGrant, type TcpOptions } from './tcp.js'

const MiB = 1024 * 1024

/**
 * Grants connections over a connector of your own.
 * @param targets `host:port` each; an empty list denies everything
 * @throws GloveboxError `invalid-grant`
 */
export function tcpOver(connector: TcpConnector, targets: readonly string[], options: TcpOptions = {}): Tcp {
  if (typeof connector?.connect !== 'function' || typeof connector.resolve !== 'function')
    throw invalid('the connector needs the methods resolve(host) and connect(address, port, signal)')
  if (!Array.isArray(targets)) throw invalid(`expected a list such as ["db.example.com:5432"], got ${nameOf(targets)}`)
  if (typeof options !== 'object' || options === null) throw invalid(`expected an object of options, got ${nameOf(options)}`)
  for (const key of Object.keys(options)) {
    if (!Object.hasOwn(TCP_OPTION_KEYS, key)) throw invalid(`unknown option "${key}"; use one of ${Object.keys(TCP_OPTION_KEYS).join(', ')}`)
  }
  const parsed = targets.map(parseTarget)
  if (new Set(parsed.map(({ text }) => text)).size !== parsed.length) throw invalid('an endpoint is there twice')
  const allowPrivateAddresses = toTexts(options.allowPrivateAddresses, 'allowPrivateAddresses')
  const check = createAddressCheck(allowPrivateAddresses, 'tcp')
  for (const { host, text } of parsed) {
    if (isAddress(host) && !check(host))
      throw invalid(`"${text}" is at no public address; add allowPrivateAddresses: ['${host}']`)
  }
  return new Tcp(
    Object.freeze({
      connector,
      targets: Object.freeze(parsed),
      maxBytesOut: toBytes(options.maxBytesOut, 1 * MiB, 'maxBytesOut'),
      maxBytesIn: toBytes(options.maxBytesIn, 10 * MiB, 'maxBytesIn'),
      allowPrivateAddresses,
      labels: toLabels(options.labels),
    }),
  )
}

function toTexts(value: unknown, name: string): readonly string[] {
  if (value === undefined) return Object.freeze([])
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string' && each !== ''))
    throw invalid(`${name}: expected a list of texts, got ${nameOf(value)}`)
  if (new Set(value).size !== value.length) throw invalid(`${name} names something twice`)
  return Object.freeze([...(value as string[])])
}

function toLabels(value: unknown): TcpGrant['labels'] {
  if (value === undefined) return Object.freeze(['external'] as const)
  const labels = toTexts(value, 'labels')
  for (const label of labels) {
    if (label !== 'private' && label !== 'external') throw invalid(`labels has ${JSON.stringify(label)}: expected "private" or "external"`)
  }
  return labels as TcpGrant['labels']
}

function toBytes(value: unknown, preset: number, name: string): number {
  if (value === undefined) return preset
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw invalid(`${name} is ${String(value)}: expected a whole number of at least 1`)
  return value
}

function invalid(why: string): GloveboxError {
  return new GloveboxError('invalid-grant', `Cannot grant "tcp": ${why}`)
}

function nameOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
}
