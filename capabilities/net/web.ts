import { GloveboxError } from '../../src/errors.js'
import { type Net, type NetOptions, httpOver, openNet } from './net.js'
import type { NetRule } from './rules.js'
import { type Transport, TransportError } from './transport.js'
import { Waits } from './waits.js'

/**
 * Grants HTTP operations over the platform's own `fetch`.
 *
 * Scheme, host, port, path, query, method, headers and bounds are decided here. What this platform cannot check is
 * which address a granted name leads to: a name that resolves to a private address is reached, where the platform
 * reaches it. Grant only names whose owner you trust, or use `http()` of the Node entry. In browsers CORS applies,
 * redirects cannot be re-checked and fail, and headers the browser keeps for itself are dropped.
 *
 * @throws GloveboxError `invalid-grant`, also for `allowPrivateAddresses`, which could not be kept
 */
export function http(rules: readonly NetRule[], options: NetOptions = {}): Net {
  const net = httpOver(
    createFetchTransport((url, init) => fetch(url, init)),
    rules,
    options,
  )
  for (const [index, rule] of openNet(net).rules.entries()) {
    if (rule.allowPrivateAddresses.length > 0) {
      throw new GloveboxError(
        'invalid-grant',
        `Cannot grant "net": rule ${index + 1} has allowPrivateAddresses, but this platform cannot check addresses; ` +
          'leave it out, and know that it reaches what the name leads to',
      )
    }
  }
  return net
}

/** Without cookies, caches, referrers and redirects of the platform's own. */
function createFetchTransport(send: (url: string, init: RequestInit) => Promise<Response>): Transport {
  return {
    async send({ url, method, headers, body, signal, timeouts }) {
      // When the connection stands is not told here: that wait cannot be kept apart.
      const { connectMs: _unseen, ...seen } = timeouts ?? {}
      const waits = new Waits(seen, signal, startTimer)
      waits.connected()
      let response: Response
      try {
        response = await send(url.href, {
          method,
          headers: headers.map(([name, value]) => [name, value] as [string, string]),
          signal: waits.signal,
          redirect: 'manual',
          // Runtimes without cookies, caches or referrers refuse the option as well.
          ...('credentials' in Request.prototype && { credentials: 'omit' }),
          ...('cache' in Request.prototype && { cache: 'no-store' }),
          ...('referrerPolicy' in Request.prototype && { referrerPolicy: 'no-referrer' }),
          ...(body !== undefined && { body: body as BodyInit }),
        })
      } catch (cause) {
        waits.end()
        throw waits.explain(new TransportError('network', { cause }))
      }
      waits.headArrived()
      if (response.body === null) waits.end()
      if (response.type === 'opaqueredirect' || response.status === 0) throw new TransportError('redirect')
      return {
        status: response.status,
        statusText: response.statusText,
        headers: [...response.headers],
        body: response.body && toChunks(response.body, waits),
      }
    },
  }
}

function startTimer(callback: () => void, milliseconds: number): () => void {
  const timer = setTimeout(callback, milliseconds)
  return () => clearTimeout(timer)
}

function toChunks(stream: ReadableStream<Uint8Array>, waits: Waits): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => {
      const reader = stream.getReader()
      return {
        next: async () => {
          try {
            const { done, value } = await waits.piece(() => reader.read())
            if (done) waits.end()
            return done ? { done: true, value: undefined } : { done: false, value }
          } catch (cause) {
            waits.end()
            throw waits.explain(new TransportError('network', { cause }))
          }
        },
        return: async () => {
          waits.end()
          await reader.cancel()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
