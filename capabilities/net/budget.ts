import type { HostCall } from '../capability.js'
import { type Asked, denyMore } from './decide.js'
import { fetchFailed } from './failure.js'
import type { NetGrant } from './net.js'

/** What one run has moved through its net grant. Bytes are counted before they move. */
export interface NetBudget {
  /** @throws Denied when the grant's budget does not cover them */
  out(call: HostCall, bytes: number, asked: Asked): void
  /** @throws GuestVisibleError when the grant's budget does not cover them */
  in(call: HostCall, bytes: number): void
}

export function createBudget(grant: Pick<NetGrant, 'maxBytesIn' | 'maxBytesOut'>): NetBudget {
  let sent = 0
  let received = 0
  return {
    out(call, bytes, asked) {
      if (sent + bytes > grant.maxBytesOut) {
        throw denyMore(
          asked,
          `the grant's ${grant.maxBytesOut} bytes for requests are used up`,
          'net: http([...], { maxBytesOut })',
        )
      }
      sent += bytes
      call.spend('out', bytes)
    },
    in(call, bytes) {
      if (received + bytes > grant.maxBytesIn) throw fetchFailed('too-large')
      received += bytes
      call.spend('in', bytes)
    },
  }
}
