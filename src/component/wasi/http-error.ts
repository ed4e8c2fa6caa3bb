import { Denied, GuestVisibleError } from '../../../capabilities/capability.js'
import { TooMuch } from '../../../capabilities/net/decide.js'
import { FetchFailed } from '../../../capabilities/net/failure.js'
import type { TransportFailure } from '../../../capabilities/net/transport.js'
import { IoFailure } from './failure.js'

/** `wasi:http/types` `error-code`, as the glue takes it. */
export interface ErrorCode {
  readonly tag: string
  readonly val?: unknown
}

/** What the guest was doing when a request failed. */
export type Phase = 'head' | 'body'

/** @see https://www.iana.org/assignments/http-proxy-status */
const CODES: { readonly [F in TransportFailure]: ErrorCode | { readonly [P in Phase]: ErrorCode } } = {
  address: { tag: 'destination-IP-prohibited' },
  refused: { tag: 'connection-refused' },
  'not-found': { tag: 'DNS-error', val: { rcode: undefined, infoCode: undefined } },
  timeout: { head: { tag: 'HTTP-response-timeout' }, body: { tag: 'connection-read-timeout' } },
  'lookup-timeout': { tag: 'DNS-timeout' },
  'connect-timeout': { tag: 'connection-timeout' },
  'head-timeout': { tag: 'HTTP-response-timeout' },
  'body-timeout': { tag: 'connection-read-timeout' },
  reset: { head: { tag: 'connection-terminated' }, body: { tag: 'HTTP-response-incomplete' } },
  tls: { tag: 'TLS-protocol-error' },
  certificate: { tag: 'TLS-certificate-error' },
  malformed: { tag: 'HTTP-protocol-error' },
  'head-too-large': { tag: 'HTTP-response-header-section-size', val: undefined },
  encoding: { tag: 'HTTP-response-content-coding', val: undefined },
  'too-large': { tag: 'HTTP-response-body-size', val: undefined },
  redirect: { tag: 'internal-error', val: 'redirect refused' },
  network: { tag: 'internal-error', val: 'network error' },
}

/** What the guest may know of a failed request. */
export function toErrorCode(error: unknown, phase: Phase): ErrorCode {
  if (error instanceof TooMuch) return { tag: 'HTTP-request-body-size', val: undefined }
  if (error instanceof Denied) return DENIED
  if (error instanceof BodyFailure) return error.http
  if (error instanceof FetchFailed) {
    const code = CODES[error.failure]
    return 'tag' in code ? code : code[phase]
  }
  if (error instanceof GuestVisibleError && error.code === 'aborted') return { tag: 'connection-terminated' }
  return { tag: 'internal-error', val: undefined }
}

export const DENIED: ErrorCode = { tag: 'HTTP-request-denied' }

/** The guest did not write the body it announced. */
export class BodyFailure extends GuestVisibleError {
  constructor(
    readonly http: ErrorCode,
    message: string,
  ) {
    super('Error', 'body-failed', message)
  }
}

/** The failure of a stream of HTTP, which `http-error-code` can tell about. */
export function toIoFailure(code: ErrorCode): IoFailure {
  return new IoFailure(`HTTP: ${code.tag}`, { kind: 'http', code })
}
