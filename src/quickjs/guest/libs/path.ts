import { createWin32 } from './path/win32.js'

const noGlob = (): never => {
  throw Object.assign(new Error('path.matchesGlob is not available in a sandbox: match names with a regular expression'), { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' })
}

const check = (value: unknown, name: string): string => {
  if (typeof value === 'string') return value
  const shown = value === null ? 'null' : typeof value
  throw Object.assign(new TypeError(`The "${name}" argument must be of type string. Received ${shown}`), { code: 'ERR_INVALID_ARG_TYPE' })
}

interface Parsed {
  readonly root?: string
  readonly dir?: string
  readonly base?: string
  readonly ext?: string
  readonly name?: string
}

/** Drops `.` and resolves `..`; leading `..` stay unless the path is absolute. */
const fold = (path: string, absolute: boolean): string => {
  const names: string[] = []
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue
    if (name !== '..') names.push(name)
    else if (names.length > 0 && names[names.length - 1] !== '..') names.pop()
    else if (!absolute) names.push('..')
  }
  return names.join('/')
}

const isAbsolute = (path: unknown): boolean => check(path, 'path').startsWith('/')

const normalize = (path: unknown): string => {
  const text = check(path, 'path')
  if (text === '') return '.'
  const absolute = text.startsWith('/')
  const folded = fold(text, absolute)
  const trailing = text.endsWith('/')
  if (folded === '') return absolute ? '/' : trailing ? './' : '.'
  return (absolute ? '/' : '') + folded + (trailing ? '/' : '')
}

const join = (...paths: unknown[]): string => {
  const joined = paths.map((path) => check(path, 'path')).filter((path) => path !== '').join('/')
  return joined === '' ? '.' : normalize(joined)
}

const resolve = (...paths: unknown[]): string => {
  let path = ''
  for (let i = paths.length - 1; i >= 0 && !path.startsWith('/'); i--) {
    const piece = check(paths[i], `paths[${i}]`)
    if (piece !== '') path = path === '' ? piece : `${piece}/${path}`
  }
  return `/${fold(path, true)}`
}

const relative = (from: unknown, to: unknown): string => {
  const source = resolve(check(from, 'from')).split('/').filter(Boolean)
  const target = resolve(check(to, 'to')).split('/').filter(Boolean)
  let same = 0
  while (same < source.length && same < target.length && source[same] === target[same]) same++
  return [...source.slice(same).map(() => '..'), ...target.slice(same)].join('/')
}

/** The path without trailing separators; the root stays. */
const trim = (path: string): string => {
  let end = path.length
  while (end > 1 && path[end - 1] === '/') end--
  return path.slice(0, end)
}

const dirname = (path: unknown): string => {
  const text = trim(check(path, 'path'))
  const cut = text.lastIndexOf('/')
  if (cut <= 0) return text.startsWith('/') ? '/' : '.'
  // Node keeps a double slash at the root, as POSIX lets it.
  return cut === 1 && text.startsWith('/') ? '//' : text.slice(0, cut)
}

const basename = (path: unknown, suffix?: unknown): string => {
  const text = check(path, 'path')
  if (suffix !== undefined) check(suffix, 'suffix')
  if (suffix === text) return ''
  const trimmed = trim(text)
  const base = trimmed === '/' ? '' : trimmed.slice(trimmed.lastIndexOf('/') + 1)
  const end = suffix as string | undefined
  return end && base !== end && base.endsWith(end) ? base.slice(0, -end.length) : base
}

const extname = (path: unknown): string => {
  const base = basename(path)
  const dot = base.lastIndexOf('.')
  return dot <= 0 || base === '..' ? '' : base.slice(dot)
}

const parse = (path: unknown): Required<Parsed> => {
  const text = check(path, 'path')
  const root = text.startsWith('/') ? '/' : ''
  const base = basename(text)
  const ext = extname(text)
  const trimmed = trim(text)
  const cut = trimmed.lastIndexOf('/')
  const dir = cut > 0 ? trimmed.slice(0, cut) : root
  return { root, dir, base, ext, name: ext === '' ? base : base.slice(0, -ext.length) }
}

const format = (parsed: unknown): string => {
  if (typeof parsed !== 'object' || parsed === null) {
    throw Object.assign(new TypeError('The "pathObject" argument must be of type object'), { code: 'ERR_INVALID_ARG_TYPE' })
  }
  const { root = '', dir, base, name = '', ext = '' } = parsed as Parsed
  const last = base || name + (ext === '' || ext.startsWith('.') ? ext : `.${ext}`)
  const parent = dir || root
  if (!parent) return last
  return parent === root ? parent + last : `${parent}/${last}`
}

/** Node's `path`, with `/` as the working directory; `win32` for programs that handle names of others. */
export default () => {
  const posix: Record<string, unknown> = {
    sep: '/', delimiter: ':', normalize, isAbsolute, join, resolve, relative, dirname, basename, extname, parse, format,
    toNamespacedPath: (path: unknown) => path,
  }
  posix['posix'] = posix
  const win32 = createWin32()
  Object.assign(win32, { posix, win32 })
  posix['win32'] = win32
  for (const each of [posix, win32]) each['matchesGlob'] = noGlob
  return posix
}
