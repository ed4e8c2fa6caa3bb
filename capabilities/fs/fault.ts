/** Linux error numbers of the codes a guest may meet; every platform answers with these. */
export const ERRNO = Object.freeze({
  EPERM: 1, ENOENT: 2, EIO: 5, EBADF: 9, EACCES: 13, EBUSY: 16, EEXIST: 17, EXDEV: 18, ENOTDIR: 20, EISDIR: 21,
  EINVAL: 22, ENFILE: 23, EFBIG: 27, ENOSPC: 28, EROFS: 30, EMLINK: 31, ENAMETOOLONG: 36, ENOSYS: 38, ENOTEMPTY: 39,
  ELOOP: 40, EILSEQ: 84, ENOTSUP: 95, EDQUOT: 122,
})

export type FsCode = keyof typeof ERRNO

/** What each code means, in the words Node uses. */
export const REASONS: Readonly<Record<FsCode, string>> = Object.freeze({
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  EIO: 'i/o error',
  EBADF: 'bad file descriptor',
  EACCES: 'permission denied',
  EBUSY: 'resource busy or locked',
  EEXIST: 'file already exists',
  EXDEV: 'cross-device link not permitted',
  ENOTDIR: 'not a directory',
  EISDIR: 'illegal operation on a directory',
  EINVAL: 'invalid argument',
  ENFILE: 'file table overflow',
  EFBIG: 'file too large',
  ENOSPC: 'no space left on device',
  EROFS: 'read-only file system',
  EMLINK: 'too many links',
  ENAMETOOLONG: 'name too long',
  ENOSYS: 'function not implemented',
  ENOTEMPTY: 'directory not empty',
  ELOOP: 'too many symbolic links encountered',
  EILSEQ: 'illegal byte sequence',
  ENOTSUP: 'operation not supported',
  EDQUOT: 'disk quota exceeded',
})

/** A failure of a permitted act. It carries a code and no names: who made the call adds its own. */
export class FsFault extends Error {
  override readonly name = 'FsFault'
  constructor(readonly code: FsCode) {
    super(REASONS[code])
  }
}

/** What POSIX says of a refusal: the act is not permitted, or nothing on the mount can be changed. */
export type RefusedCode = 'EPERM' | 'EROFS'

/** An act the directory does not permit, whether or not the thing exists. Who made the call adds the guest's names. */
export class FsRefused extends Error {
  override readonly name = 'FsRefused'
  constructor(
    /** Continues `mount "/data" …`: `is read-only`. */
    readonly reason: string,
    /** Continues `grants.fs["/data"] = …`: what would permit the act. */
    readonly remedy: string,
    readonly code: RefusedCode = 'EPERM',
  ) {
    super(reason)
  }
}

export function isFault(error: unknown, ...codes: readonly FsCode[]): error is FsFault {
  return error instanceof FsFault && codes.includes(error.code)
}
