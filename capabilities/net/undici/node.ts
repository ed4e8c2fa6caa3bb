import { lookup } from 'node:dns/promises'
import type { Readable } from 'node:stream'
import type { Agent, Dispatcher, buildConnector } from 'undici'
import { createAddressCheck } from '../addresses.js'
import { decoded } from '../decode/node.js'
import { type Resolver, connectPinned } from '../pin.js'
import { toTransportError } from '../platform-failure.js'
import { parseBytes } from '../rules.js'
import {
  type StreamedBody,
  type Transport,
  TransportError,
  type TransportRequest,
  type TransportResponse,
} from '../transport.js'
import { Waits } from '../waits.js'

/** How undici connects. */
export interface ConnectionOptions {
  readonly connectTimeoutMs?: number
  readonly headTimeoutMs?: number
  readonly idleTimeoutMs?: number
  readonly ca?: string | readonly string[]
  readonly resolve?: Resolver
}

/** A request that is told when its connection stands. */
interface ToldRequest extends Dispatcher.RequestOptions {
  readonly onConnected?: () => void
}

/**
 * Sends over undici, with connections only to addresses that were checked.
 * @throws GloveboxError `invalid-grant`
 */
export function createUndiciTransport(options: ConnectionOptions): Transport {
  const connectTimeoutMs = parseBytes(options.connectTimeoutMs, 10_000, 'connectTimeoutMs')
  const headersTimeout = parseBytes(options.headTimeoutMs, 30_000, 'headTimeoutMs')
  const bodyTimeout = parseBytes(options.idleTimeoutMs, 30_000, 'idleTimeoutMs')
  const resolve = options.resolve ?? resolveHost
  // One agent for each set of addresses: a connection that one rule may use is no way around another rule's check.
  const agents = new Map<string, Promise<Dispatcher>>()

  const createAgent = async (allowed: readonly string[]): Promise<Dispatcher> => {
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
    return telling(new undici.Agent({ connect, pipelining: 1, maxHeaderSize: 64 * 1024, headersTimeout, bodyTimeout }))
  }

  const send = async (request: TransportRequest, streamed?: StreamedBody): Promise<TransportResponse> => {
    const key = [...request.allowPrivateAddresses].sort().join(' ')
    let agent = agents.get(key)
    if (agent === undefined) agents.set(key, (agent = createAgent(request.allowPrivateAddresses)))
    const waits = new Waits(request.timeouts, request.signal, startTimer)
    try {
      const options: ToldRequest = {
        ...toDispatch(request, streamed, waits.signal),
        ...(request.timeouts !== undefined && { onConnected: () => waits.connected() }),
      }
      const data = await waits.head((await agent).request(options))
      waits.headArrived()
      return toResponse(data, request, waits)
    } catch (error) {
      waits.end()
      throw toTransportError(waits.explain(error))
    }
  }
  return { send: (request) => send(request), sendStreamed: send }
}

type Socket = Extract<Parameters<buildConnector.Callback>, [null, unknown]>[1]

/** Undici connects for a request unseen; the first thing it tells the request's handler is that it may be written. */
function telling(agent: Agent): Dispatcher {
  const dispatch: Dispatcher['dispatch'] = (options, handler) => {
    const { onConnected } = options as unknown as ToldRequest
    return agent.dispatch(options, onConnected === undefined ? handler : told(handler, onConnected))
  }
  return new Proxy<Dispatcher>(agent, {
    get: (target, key): unknown => (key === 'dispatch' ? dispatch : Reflect.get(target, key, target)),
  })
}

/** The handler itself, whichever of undici's two kinds it is: one that translates between them would touch the headers. */
function told(handler: Dispatcher.DispatchHandler, onConnected: () => void): Dispatcher.DispatchHandler {
  return new Proxy(handler, {
    get(target, key): unknown {
      const member: unknown = Reflect.get(target, key, target)
      if (typeof member !== 'function') return member
      return (...parameters: unknown[]): unknown => {
        if (key === 'onConnect' || key === 'onRequestStart') onConnected()
        return Reflect.apply(member, target, parameters)
      }
    },
  })
}

function toDispatch(
  { url, method, headers, body }: TransportRequest,
  streamed: StreamedBody | undefined,
  signal: AbortSignal,
): Dispatcher.RequestOptions {
  const names = new Set(headers.map(([name]) => name.toLowerCase()))
  const preset = [
    ['accept', '*/*'],
    ['user-agent', 'glovebox'],
    ['accept-encoding', 'gzip, deflate, br'],
  ].filter(([name]) => !names.has(name!))
  const length = streamed?.length === undefined ? [] : [['content-length', String(streamed.length)]]
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: [...headers, ...preset, ...length].flat() as string[],
    body:
      (streamed?.chunks as Dispatcher.RequestOptions['body']) ??
      body ??
      (/^(?:POST|PUT|PATCH)$/.test(method) ? new Uint8Array(0) : null),
    signal,
    responseHeaders: 'raw',
  }
}

function toResponse(data: Dispatcher.ResponseData, request: TransportRequest, waits: Waits): TransportResponse {
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
    body = toChunks(hasBody ? decoded(data.body, codings, request.maxResponseBytes) : data.body, waits)
  } catch (error) {
    data.body.on('error', () => undefined).destroy()
    throw error
  }
  return {
    status: data.statusCode,
    statusText: data.statusText,
    headers,
    body,
    trailers: () => Object.entries(data.trailers).flatMap(([name, value]) => [value].flat().map((each) => [name, String(each)] as const)),
  }
}

/** Not a generator: one that was never started ends without its `finally`, and would leave the connection open. */
function toChunks(stream: Readable, waits: Waits): AsyncIterable<Uint8Array> {
  const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  stream.on('error', () => undefined)
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          const result = await waits.piece(() => iterator.next())
          if (result.done === true) waits.end()
          return result
        } catch (error) {
          waits.end()
          throw toTransportError(waits.explain(error))
        }
      },
      async return() {
        waits.end()
        stream.destroy()
        return { done: true, value: undefined }
      },
    }),
  }
}

async function resolveHost(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address)
}

function startTimer(callback: () => void, milliseconds: number): () => void {
  const timer = setTimeout(callback, milliseconds)
  return () => clearTimeout(timer)
}

async function within<T>(pending: Promise<T>, milliseconds: number): Promise<T> {
  let stop: (() => void) | undefined
  const ended = new Promise<never>((_, reject) => {
    stop = startTimer(() => reject(new TransportError('lookup-timeout')), milliseconds)
  })
  return Promise.race([pending, ended]).finally(() => stop?.())
}
