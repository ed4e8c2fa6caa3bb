import { GuestVisibleError, type Handlers, type RunScope, toHandlers } from '../capability.js'
import type { Body } from './body.js'
import type { Net } from './net.js'
import { parseCall } from './request.js'
import { openSession, toTarget } from './session.js'

/** Bodies whose length is known and at most this come with the head, which saves the guest a host call. */
const INLINE_BYTES = 64 * 1024

/** What `net.fetch` answers. */
export interface FetchAnswer {
  readonly status: number
  readonly statusText: string
  readonly url: string
  /** In lower case; a name may be there more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly redirected: boolean
  /** The beginning of the body, or null where a response has none. */
  readonly body: Uint8Array | null
  /** For `net.bodyRead`, `net.bodyAll` and `net.bodyCancel`; null when `body` is all there is. */
  readonly bodyId: number | null
}

interface OpenBody {
  readonly body: Body
  /** What the ledger shows for reads: the request. */
  readonly target: string
}

/**
 * Serves HTTP to one run; without a grant every request is denied.
 *
 * - `net.fetch` (asynchronous) `{ url, method, headers?, body?, redirect?, key? }` gives a {@link FetchAnswer}.
 * - `net.abort` `key` ends a `net.fetch` in flight; one that is over is left alone.
 * - `net.bodyRead` (asynchronous) `bodyId` gives up to 64 KiB, or null at the end.
 * - `net.bodyAll` (asynchronous) `bodyId` gives the rest.
 * - `net.bodyCancel` `bodyId` gives up the rest.
 *
 * A request counts as a resource from its decision until its body has ended. All of them end when the run settles.
 *
 * @throws GloveboxError `invalid-grant` when `net` was not made by `http()` or `httpOver()`
 */
export function createNetHandlers(net: Net | undefined, scope: RunScope): Handlers {
  const session = openSession(net, scope)
  const inFlight = new Map<number, () => void>()
  const bodies = new Map<number, OpenBody>()
  let lastBody = 0

  scope.onSettle(() => bodies.clear())

  const bodyOf = (id: unknown): OpenBody => {
    const open = typeof id === 'number' ? bodies.get(id) : undefined
    if (open === undefined) throw new GuestVisibleError('TypeError', 'body-closed', 'The body is not open')
    return open
  }
  const reading =
    (read: (body: Body, call: Parameters<Body['read']>[0]) => Promise<Uint8Array | null>) =>
    async ([id]: readonly unknown[], call: Parameters<Body['read']>[0]) => {
      call.target = 'a body that is not open'
      const { body, target } = bodyOf(id)
      call.target = target
      try {
        return await read(body, call)
      } finally {
        if (body.isClosed) bodies.delete(id as number)
      }
    }

  return toHandlers({
    'net.fetch': async ([argument], call): Promise<FetchAnswer> => {
      call.target = 'a request that cannot be read'
      const { request, key } = parseCall(argument)
      call.target = toTarget(request)
      if (key !== undefined && inFlight.has(key))
        throw new GuestVisibleError('TypeError', 'invalid-request', 'Cannot fetch: the key is in use')

      let bodyId: number | null = null
      const exchange = session.open(request, call, () => void (bodyId !== null && bodies.delete(bodyId)))
      if (key !== undefined) inFlight.set(key, exchange.abort)
      try {
        const { body, wireBytes, trailers: _trailers, ...head } = await exchange.response
        if (body === null) return { ...head, body: null, bodyId: null }
        const first =
          wireBytes !== undefined && wireBytes <= INLINE_BYTES
            ? await body.prefetch(call, INLINE_BYTES)
            : new Uint8Array(0)
        if (!body.isDone) {
          bodyId = ++lastBody
          bodies.set(bodyId, { body, target: call.target })
        }
        return { ...head, body: first, bodyId }
      } catch (error) {
        exchange.end()
        throw error
      } finally {
        if (key !== undefined) inFlight.delete(key)
      }
    },
    'net.abort': ([key], call) => {
      call.target = 'a request in flight'
      if (typeof key === 'number') inFlight.get(key)?.()
    },
    'net.bodyRead': reading((body, call) => body.read(call)),
    'net.bodyAll': reading((body, call) => body.readAll(call)),
    'net.bodyCancel': ([id], call) => {
      const open = typeof id === 'number' ? bodies.get(id) : undefined
      call.target = open?.target ?? 'a body that is not open'
      open?.body.close()
    },
  })
}
