import { Denied } from '../../../capabilities/capability.js'
import { type TcpFailure, TcpFailed } from '../../../capabilities/tcp/connector.js'
import type { ComponentPort } from '../port.js'
import { Failure, IoFailure } from './failure.js'

/** `wasi:sockets/network` `error-code`, as far as it is used. */
export type ErrorCode =
  | 'unknown'
  | 'access-denied'
  | 'not-supported'
  | 'invalid-argument'
  | 'timeout'
  | 'concurrency-conflict'
  | 'not-in-progress'
  | 'would-block'
  | 'invalid-state'
  | 'remote-unreachable'
  | 'connection-refused'
  | 'connection-reset'
  | 'connection-aborted'
  | 'name-unresolvable'
  | 'temporary-resolver-failure'
  | 'permanent-resolver-failure'

const CODES: { readonly [F in TcpFailure]: ErrorCode } = {
  refused: 'connection-refused',
  timeout: 'timeout',
  unreachable: 'remote-unreachable',
  reset: 'connection-reset',
  aborted: 'connection-aborted',
  'not-found': 'name-unresolvable',
  'lookup-again': 'temporary-resolver-failure',
  'lookup-failed': 'permanent-resolver-failure',
  'too-much': 'access-denied',
  network: 'unknown',
}

export function toErrorCode(error: unknown): ErrorCode {
  if (error instanceof Denied) return 'access-denied'
  return error instanceof TcpFailed ? CODES[error.failure] : 'unknown'
}

export function failed(code: ErrorCode): Failure<ErrorCode> {
  return new Failure(code)
}

/** The failure of a stream of a socket. */
export function toIoFailure(error: unknown): IoFailure {
  const code = toErrorCode(error)
  return new IoFailure(`socket: ${code}`, { kind: 'network', code })
}

/** Records a refusal as the host call it is, and throws it in the guest's words. */
export function refuse(port: ComponentPort, operation: string, target: string, denied: Denied): never {
  try {
    port.perform(operation, (call) => {
      call.target = target
      throw denied
    })
  } catch (error) {
    if (error !== denied) throw error
  }
  throw failed('access-denied')
}
