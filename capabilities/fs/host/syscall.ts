import { ERRNO, FsFault } from '../fault.js'
import type { FsCode } from '../fault.js'

/** Codes of the host that a guest knows under another name. */
const ALIASES: Readonly<Record<string, FsCode>> = Object.freeze({
  EMFILE: 'ENFILE', ETXTBSY: 'EBUSY', EAGAIN: 'EBUSY', ENXIO: 'EIO', EOVERFLOW: 'EFBIG', EOPNOTSUPP: 'ENOTSUP',
})

/** Calls the host's file system; its errors carry host paths, so only the code of one comes out. */
export function syscall<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw new FsFault(Object.hasOwn(ERRNO, code) ? (code as FsCode) : (ALIASES[code] ?? 'EIO'))
  }
}
