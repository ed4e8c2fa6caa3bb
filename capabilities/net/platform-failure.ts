import { GloveboxError } from '../../src/errors.js'
import { TransportError, type TransportFailure } from './transport.js'

/** @see https://nodejs.org/api/errors.html#nodejs-error-codes and undici's `docs/docs/api/Errors.md` */
const FAILURES: readonly (readonly [RegExp, TransportFailure])[] = [
  [/^ECONNREFUSED$/, 'refused'],
  [/^(?:ENOTFOUND|EAI_\w+|ENODATA)$/, 'not-found'],
  [/^UND_ERR_CONNECT_TIMEOUT$|^ETIMEDOUT$/, 'connect-timeout'],
  [/^UND_ERR_HEADERS_TIMEOUT$/, 'head-timeout'],
  [/^UND_ERR_BODY_TIMEOUT$/, 'body-timeout'],
  [/TIMEDOUT|TIMEOUT/, 'timeout'],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE)$/, 'reset'],
  [/CERT|SELF_SIGNED|UNABLE_TO_/, 'certificate'],
  [/_TLS_|^ERR_SSL|^EPROTO$/, 'tls'],
  [/^(?:HPE_HEADER_OVERFLOW|UND_ERR_HEADERS_OVERFLOW)$/, 'head-too-large'],
  [/^HPE_|^UND_ERR_RES_CONTENT_LENGTH_MISMATCH$/, 'malformed'],
  [/^Z_|^ERR_BUFFER_OUT_OF_BOUNDS|^ERR_(?:PADDING|BROTLI)|^ERR__ERROR_FORMAT/, 'malformed'],
]

/** Puts a platform's error into one of the words a guest may see; the error itself stays as the cause. */
export function toTransportError(error: unknown): unknown {
  if (error instanceof TransportError || error instanceof GloveboxError) return error
  const codes = [error, (error as { cause?: unknown } | undefined)?.cause].map((each) =>
    String((each as { code?: unknown } | undefined)?.code ?? ''),
  )
  const failure = FAILURES.find(([pattern]) => codes.some((code) => pattern.test(code)))?.[1] ?? 'network'
  return new TransportError(failure, { cause: error })
}
