import { GloveboxError } from '../../src/errors.js'
import type { Dir, DirLabel } from './dir.js'
import { FsFault, FsRefused } from './fault.js'

/** Refuses options that are no object or have a key nobody reads. */
export function checkOptions(where: string, options: unknown, keys: readonly string[]): void {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw new GloveboxError('invalid-option', `Cannot use the options of ${where}: expected an object`)
  }
  for (const key of Object.keys(options)) {
    if (keys.includes(key)) continue
    throw new GloveboxError('invalid-option', `Unknown option "${key}" of ${where}; use one of ${keys.join(', ')}`)
  }
}

/** A whole number from 0 to the largest exact one, or the default when it is left out. */
export function toBound(where: string, key: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new GloveboxError('invalid-option', `Option "${key}" of ${where} is ${String(value)}: expected a whole number`)
}

export function toLabels(where: string, labels: unknown): readonly DirLabel[] {
  if (labels === undefined) return Object.freeze([])
  if (Array.isArray(labels) && labels.every((label) => label === 'private' || label === 'external')) {
    return Object.freeze([...new Set<DirLabel>(labels)])
  }
  throw new GloveboxError('invalid-option', `Option "labels" of ${where} holds labels: "private" and "external"`)
}

/** Refuses what is no directory capability. */
export function checkDir(where: string, dir: unknown): asserts dir is Dir {
  if (isDir(dir)) return
  throw new GloveboxError('invalid-grant', `Cannot use ${where} on ${typeof dir}: expected a directory; make one with memoryDir() or openDir()`)
}

/** Whether a value is a directory capability. */
export function isDir(value: unknown): value is Dir {
  if (value === null || typeof value !== 'object') return false
  const dir = value as Partial<Record<keyof Dir, unknown>>
  return dir.kind === 'fs' && typeof dir.open === 'function' && typeof dir.refuses === 'function'
}

/** Runs an embedder's act: a failure becomes embedder misuse that names the path. */
export function asEmbedder<T>(what: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    if (cause instanceof FsFault) throw new GloveboxError('mount-failed', `Cannot ${what}: ${cause.code}, ${cause.message}`, { cause })
    if (cause instanceof FsRefused) throw new GloveboxError('mount-failed', `Cannot ${what}: the directory ${cause.reason}; use ${cause.remedy}`, { cause })
    throw cause
  }
}
