import { GuestVisibleError } from '../capability.js'
import { GloveboxError } from '../../src/errors.js'
import { TRANSPORT_FAILURES, TransportError, type TransportFailure } from './transport.js'

/** A failed request as the web words it: a `TypeError`, with a reason from a closed list. */
export class FetchFailed extends GuestVisibleError {
  constructor(
    /** For hosts whose guests have words of their own for it. */
    readonly failure: TransportFailure,
  ) {
    super('TypeError', 'fetch-failed', `fetch failed: ${TRANSPORT_FAILURES[failure]}`)
  }
}

export function fetchFailed(failure: TransportFailure): FetchFailed {
  return new FetchFailed(failure)
}

/** What a request that was ended ends with. */
export function aborted(): GuestVisibleError {
  return new GuestVisibleError('AbortError', 'aborted', 'This operation was aborted')
}

/**
 * Waits for a transport until `signal` aborts, whatever the transport makes of the signal itself.
 * What it throws becomes words a guest may see; what it answers too late goes to `discard`.
 */
export async function fromTransport<T>(
  start: () => Promise<T>,
  signal: AbortSignal,
  discard: (late: T) => void,
): Promise<T> {
  if (signal.aborted) throw aborted()
  const pending = start()
  let stop: () => void
  const ended = new Promise<never>((_, reject) => {
    stop = () => {
      pending.then(discard, () => undefined)
      reject(aborted())
    }
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([pending, ended])
  } catch (error) {
    if (signal.aborted) throw aborted()
    throw toGuestFailure(error)
  } finally {
    signal.removeEventListener('abort', stop!)
  }
}

/** Embedder misuse stays what it is; an address that was refused is for the caller to deny. */
function toGuestFailure(error: unknown): unknown {
  if (error instanceof GloveboxError) return error
  if (error instanceof TransportError) return error.failure === 'address' ? error : fetchFailed(error.failure)
  return fetchFailed('network')
}
