import { Denied, GuestVisibleError } from '../../../capabilities/capability.js'
import { FsFault, FsRefused, REASONS } from '../../../capabilities/fs/fault.js'
import type { FsCode } from '../../../capabilities/fs/fault.js'
import { Failure } from './failure.js'

/** `wasi:filesystem/types` `error-code`, those of its cases that are ever given. */
export type ErrorCode =
  | 'access' | 'bad-descriptor' | 'busy' | 'cross-device' | 'exist' | 'file-too-large' | 'illegal-byte-sequence'
  | 'insufficient-memory' | 'insufficient-space' | 'invalid' | 'io' | 'is-directory' | 'loop' | 'name-too-long' | 'no-entry'
  | 'not-directory' | 'not-empty' | 'not-permitted' | 'overflow' | 'quota' | 'read-only' | 'too-many-links' | 'unsupported'

const CODES: Readonly<Record<FsCode, ErrorCode>> = Object.freeze({
  EPERM: 'not-permitted',
  ENOENT: 'no-entry',
  EIO: 'io',
  EBADF: 'bad-descriptor',
  EACCES: 'access',
  EBUSY: 'busy',
  EEXIST: 'exist',
  EXDEV: 'cross-device',
  ENOTDIR: 'not-directory',
  EISDIR: 'is-directory',
  EINVAL: 'invalid',
  ENFILE: 'insufficient-memory',
  EFBIG: 'file-too-large',
  ENOSPC: 'insufficient-space',
  EROFS: 'read-only',
  EMLINK: 'too-many-links',
  ENAMETOOLONG: 'name-too-long',
  ENOSYS: 'unsupported',
  ENOTEMPTY: 'not-empty',
  ELOOP: 'loop',
  EILSEQ: 'illegal-byte-sequence',
  ENOTSUP: 'unsupported',
  EDQUOT: 'quota',
})

/** One of each, made once: programs that look for files meet them often, and none carries anything of a call. */
const FAULTS: ReadonlyMap<FsCode, GuestVisibleError> = new Map(
  (Object.keys(CODES) as FsCode[]).map((code) => [code, Object.freeze(new GuestVisibleError('Error', code, `${code}: ${REASONS[code]}`))]),
)

/** Where an act takes place, in the guest's names. */
export interface Place {
  /** Absolute guest path, as the ledger shows it. */
  readonly path: string
  /** Guest path of its mount. */
  readonly mount: string
}

/** A refusal by a directory, with what WASI calls it. */
class RefusedByMount extends Denied {
  constructor({ reason, remedy, code }: FsRefused, operation: string, { path, mount }: Place) {
    const place = JSON.stringify(mount)
    super(`${operation} ${JSON.stringify(path)}`, `mount ${place} ${reason}`, `grants.fs[${place}] = ${remedy}`)
    this.errno = code
  }
  readonly errno: FsCode
}

/** What the door records of a failure: a refusal is a denial, a fault an answer. */
export function toRecorded(error: unknown, operation: string, place: Place): unknown {
  if (error instanceof FsFault) return FAULTS.get(error.code)
  return error instanceof FsRefused ? new RefusedByMount(error, operation, place) : error
}

/** What the guest gets of a recorded failure; what ends the call passes as it is. */
export function toFailure(error: unknown): unknown {
  if (error instanceof RefusedByMount) return fail(CODES[error.errno])
  if (error instanceof Denied) return fail('not-permitted')
  if (!(error instanceof GuestVisibleError)) return error
  return fail(Object.hasOwn(CODES, error.code) ? CODES[error.code as FsCode] : 'io')
}

export function fail(code: ErrorCode): Failure<ErrorCode> {
  return new Failure(code)
}
