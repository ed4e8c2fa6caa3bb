import { Denied, type HostCall, type RunScope } from '../capability.js'
import { createBudget } from './budget.js'
import { decide } from './decide.js'
import { type GuestResponse, exchange } from './exchange.js'
import { type Net, openNet } from './net.js'
import type { GuestRequest } from './send.js'
import { toPrintable } from './url.js'

/** One request of a guest on its way, and its answer. */
export interface OpenExchange {
  /** @throws Denied, GuestVisibleError */
  readonly response: Promise<GuestResponse>
  /** Makes the exchange fail as aborted. Does nothing once it is over. */
  abort(): void
  /** Ends whatever is left of the exchange, its body included. Idempotent. */
  end(): void
}

/** HTTP for one run, under one budget, for whatever kind of guest. */
export interface NetSession {
  /**
   * Decides on a request and sends nothing.
   * @throws Denied
   */
  admit(request: GuestRequest): void
  /**
   * Carries out a request. It counts as a resource until its body has ended, and ends when the run settles.
   * @param onClose called once, when nothing of the exchange is left
   */
  open(request: GuestRequest, call: HostCall, onClose?: () => void): OpenExchange
}

/**
 * Opens the net grant of one run; without a grant every request is denied.
 * @throws GloveboxError `invalid-grant` when `net` was not made by `http()` or `httpOver()`
 */
export function openSession(net: Net | undefined, scope: Pick<RunScope, 'resource' | 'onSettle'>): NetSession {
  const grant = net === undefined ? undefined : openNet(net)
  const budget = grant && createBudget(grant)
  const running = new Set<() => void>()
  scope.onSettle(() => {
    for (const end of [...running]) end()
  })
  return {
    admit(request) {
      if (grant === undefined) throw noGrant(request)
      decide(grant.rules, request)
    },
    open(request, call, onClose = () => undefined) {
      if (grant === undefined || budget === undefined) {
        return { response: Promise.reject(noGrant(request)), abort: onClose, end: onClose }
      }
      const controller = new AbortController()
      const abort = () => controller.abort()
      const release = scope.resource()
      const end = () => {
        if (!running.delete(end)) return
        call.signal.removeEventListener('abort', end)
        onClose()
        release()
        abort()
      }
      running.add(end)
      call.signal.addEventListener('abort', end)
      if (call.signal.aborted) end()
      const response = exchange(request, { grant, budget, call, signal: controller.signal, onClose: end })
      return {
        response: response.catch((error: unknown) => {
          end()
          throw error
        }),
        abort,
        end,
      }
    },
  }
}

/** What the ledger shows for a request. */
export function toTarget({ method, url }: Pick<GuestRequest, 'method' | 'url'>): string {
  return toPrintable(`${method} ${url}`)
}

function noGrant({ method, url }: GuestRequest): Denied {
  const shown = toPrintable(url, 200)
  return new Denied(
    `net ${toPrintable(method, 32)} ${shown}`,
    'no net grant',
    `net: http([{ url: '${shown.replaceAll("'", '%27')}', methods: ['${toPrintable(method, 32)}'] }])`,
  )
}
