import { lookup } from 'node:dns/promises'
import { createRequire } from 'node:module'
import type { Readable } from 'node:stream'
import { Transform, pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Agent, Dispatcher, buildConnector } from 'undici'
import { GloveboxError } from '../../src/errors.js'
import { createAddressCheck, isAddress } from './addresses.js'
import { NET_OPTION_KEYS, type Net, type NetOptions, httpOver, openNet } from './net.js'
import { type Resolver, connectPinned } from './pin.js'
import { toTransportError } from './platform-failure.js'
import { type NetRule, parseBytes, refuseUnknownKeys } from './rules.js'
import {
  type Transport,
  TransportError,
  type TransportRequest,
  type TransportResponse,
} from './transport.js'

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

function createUndiciTransport(options: Omit<HttpOptions, keyof NetOptions>): Transport {
  const connectTimeoutMs = parseBytes(options.connectTimeoutMs, 10_000, 'connectTimeoutMs')
  const headersTimeout = parseBytes(options.headTimeoutMs, 30_000, 'headTimeoutMs')
  const bodyTimeout = parseBytes(options.idleTimeoutMs, 30_000, 'idleTimeoutMs')
  const resolve = options.resolve ?? resolveHost
  // One agent for each set of addresses: a connection that one rule may use is no way around another rule's check.
  const agents = new Map<string, Promise<Agent>>()

  const createAgent = async (allowed: readonly string[]): Promise<Agent> => {
    const undici = await import('undici')
    const check = createAddressCheck(allowed)
    const connectTo = undici.buildConnector({
      timeout: connectTimeoutMs,
      ...(options.ca !== undefined && { ca: options.ca as string }),
    })
    const connect: buildConnector.connector = (target, callback) => {
      // undici derives the server name from the host, which stays the one that was asked for.
      const open = (address: string) =>
        new Promise<Socket>((done, fail) => {
          connectTo({ ...target, hostname: address }, (error, socket) => (error === null ? done(socket!) : fail(error)))
        })
      connectPinned(target.hostname, check, (name) => within(resolve(name), connectTimeoutMs), open).then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(error instanceof Error ? error : new TransportError('network'), null),
      )
    }
    return new undici.Agent({ connect, pipelining: 1, maxHeaderSize: 64 * 1024, headersTimeout, bodyTimeout })
  }

  return {
    async send(request) {
      const key = [...request.allowPrivateAddresses].sort().join(' ')
      let agent = agents.get(key)
      if (agent === undefined) agents.set(key, (agent = createAgent(request.allowPrivateAddresses)))
      try {
        return toResponse(await (await agent).request(toDispatch(request)), request)
      } catch (error) {
        throw toTransportError(error)
      }
    },
  }
}

type Socket = Extract<Parameters<buildConnector.Callback>, [null, unknown]>[1]

function toDispatch({ url, method, headers, body, signal }: TransportRequest): Dispatcher.RequestOptions {
  const names = new Set(headers.map(([name]) => name.toLowerCase()))
  const preset = [
    ['accept', '*/*'],
    ['user-agent', 'glovebox'],
    ['accept-encoding', 'gzip, deflate, br'],
  ].filter(([name]) => !names.has(name!))
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: [...headers, ...preset].flat() as string[],
    body: body ?? (/^(?:POST|PUT|PATCH)$/.test(method) ? new Uint8Array(0) : null),
    signal,
    responseHeaders: 'raw',
  }
}

function toResponse(data: Dispatcher.ResponseData, request: TransportRequest): TransportResponse {
  const raw = data.headers as unknown as readonly (string | Buffer)[]
  const headers = Array.from(
    { length: raw.length / 2 },
    (_, at) => [raw[at * 2]!.toString('latin1'), raw[at * 2 + 1]!.toString('latin1')] as const,
  )
  const codings = headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .map(([, value]) => value.trim().toLowerCase())
  const hasBody = request.method !== 'HEAD' && data.statusCode !== 204 && data.statusCode !== 304
  let body: AsyncIterable<Uint8Array>
  try {
    body = toChunks(hasBody ? decoded(data.body, codings, request.maxResponseBytes) : data.body)
  } catch (error) {
    data.body.on('error', () => undefined).destroy()
    throw error
  }
  return { status: data.statusCode, statusText: data.statusText, headers, body }
}

/** One coding at most: each further one multiplies what a few bytes can become before anything is counted. */
function decoded(body: Readable, codings: readonly string[], maxBytes: number): Readable {
  const coding = codings.length > 1 ? 'several' : (codings[0] ?? 'identity')
  let received = 0
  const counted = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      received += chunk.length
      done(received > maxBytes ? new TransportError('too-large') : null, chunk)
    },
  })
  const decoder =
    coding === 'gzip' || coding === 'x-gzip'
      ? createGunzip()
      : coding === 'deflate'
        ? createInflate()
        : coding === 'br'
          ? createBrotliDecompress()
          : coding === 'identity' || coding === ''
            ? undefined
            : null
  if (decoder === null) throw new TransportError('encoding')
  // Errors reach the reader, which is what reads the last stream.
  return decoder === undefined
    ? pipeline(body, counted, () => undefined)
    : pipeline(body, counted, decoder, () => undefined)
}

/** Not a generator: one that was never started ends without its `finally`, and would leave the connection open. */
function toChunks(stream: Readable): AsyncIterable<Uint8Array> {
  const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  stream.on('error', () => undefined)
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          return await iterator.next()
        } catch (error) {
          throw toTransportError(error)
        }
      },
      async return() {
        stream.destroy()
        return { done: true, value: undefined }
      },
    }),
  }
}

async function resolveHost(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address)
}

async function within<T>(pending: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TransportError('timeout')), milliseconds)
  })
  return Promise.race([pending, late]).finally(() => clearTimeout(timer))
}
