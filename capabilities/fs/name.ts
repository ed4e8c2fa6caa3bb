import { FsFault } from './fault.js'

/** Bounds that hold for every mount, as Linux has them. */
export const NAME_BYTES = 255
export const PATH_BYTES = 4096
export const LINKS_FOLLOWED = 40
/** Directories a path may lead through. */
export const DIRECTORIES_HELD = 256

/** UTF-8 bytes of a well-formed string. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x80) bytes += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}

/** Refuses what cannot be one name of a directory: empty, `.`, `..`, a separator, NUL, a lone surrogate, too long. */
export function checkName(name: string): void {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) {
    throw new FsFault('EINVAL')
  }
  if (!name.isWellFormed()) throw new FsFault('EILSEQ')
  if (3 * name.length > NAME_BYTES && utf8Length(name) > NAME_BYTES) throw new FsFault('ENAMETOOLONG')
}

/** A path cut at its separators: `.` is dropped, `..` is kept. */
export interface Segments {
  readonly names: readonly string[]
  readonly absolute: boolean
  /** The path ends in `/` or `/.`: what it names must be a directory. */
  readonly directory: boolean
}

/** Cuts a path and refuses what no path may be: empty, NUL, a lone surrogate, too long. */
export function toSegments(path: string): Segments {
  if (path === '') throw new FsFault('ENOENT')
  if (path.includes('\0')) throw new FsFault('EINVAL')
  if (!path.isWellFormed()) throw new FsFault('EILSEQ')
  if (3 * path.length > PATH_BYTES && utf8Length(path) > PATH_BYTES) throw new FsFault('ENAMETOOLONG')
  const pieces = path.split('/')
  const names = pieces.filter((piece) => piece !== '' && piece !== '.')
  for (const name of names) if (name !== '..') checkName(name)
  const last = pieces[pieces.length - 1]
  return { names, absolute: path.startsWith('/'), directory: last === '' || last === '.' || last === '..' }
}
