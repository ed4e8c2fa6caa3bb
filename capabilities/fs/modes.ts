import { attenuate } from './attenuate.js'
import type { Mode } from './attenuate.js'
import type { Dir } from './dir.js'
import { checkDir } from './options.js'

const READ_ONLY: Mode = Object.freeze({
  permits: new Set(['read'] as const),
  reason: 'is read-only',
  remedy: 'memoryDir(), or await openDir(..., { mode: "read-write" })',
  code: 'EROFS',
})

const NO_DELETE: Mode = Object.freeze({
  permits: new Set(['read', 'create', 'append', 'write', 'touch'] as const),
  reason: 'lets nothing be removed, renamed, replaced or cut short',
  remedy: 'the directory without noDelete()',
})

const APPEND_ONLY: Mode = Object.freeze({
  permits: new Set(['read', 'create', 'append'] as const),
  reason: 'takes only new files and additions at the end',
  remedy: 'the directory without appendOnly()',
})

/**
 * The same directory, of which nothing but reading is left.
 *
 * @throws GloveboxError `invalid-grant` when `dir` is no directory
 * @example readOnly(await openDir('./reports'))
 */
export function readOnly(dir: Dir): Dir {
  checkDir('readOnly()', dir)
  return attenuate(dir, READ_ONLY)
}

/**
 * The same directory, in which what exists stays: no removing, renaming, replacing or cutting short.
 * New names can be made, and bytes of a file overwritten in place.
 *
 * @throws GloveboxError `invalid-grant` when `dir` is no directory
 */
export function noDelete(dir: Dir): Dir {
  checkDir('noDelete()', dir)
  return attenuate(dir, NO_DELETE)
}

/**
 * The same directory, in which files can be made and added to at their end, and everything read; a log for guests.
 *
 * @throws GloveboxError `invalid-grant` when `dir` is no directory
 */
export function appendOnly(dir: Dir): Dir {
  checkDir('appendOnly()', dir)
  return attenuate(dir, APPEND_ONLY)
}
