const checkText = (value: unknown, name: string): string => {
  if (typeof value === 'string') return value
  throw Object.assign(new TypeError(`The "${name}" argument must be of type string. Received ${value === null ? 'null' : typeof value}`), { code: 'ERR_INVALID_ARG_TYPE' })
}

interface Root {
  /** `C:`, `\\server\share` or nothing. */
  readonly device: string
  /** With the separator behind it, as written. */
  readonly root: string
  readonly isAbsolute: boolean
}

const UNC = /^[\\/]{2}([^\\/]+)[\\/]+([^\\/]+)/

const rootOf = (path: string): Root => {
  const drive = /^[a-zA-Z]:/.exec(path)?.[0]
  if (drive !== undefined) {
    const isAbsolute = /^[\\/]/.test(path.slice(2))
    return { device: drive, root: isAbsolute ? path.slice(0, 3) : drive, isAbsolute }
  }
  const unc = UNC.exec(path)
  if (unc !== null) {
    const device = `\\\\${unc[1]!}\\${unc[2]!}`
    return { device, root: path.slice(0, unc[0].length + (/^[\\/]/.test(path.slice(unc[0].length)) ? 1 : 0)), isAbsolute: true }
  }
  return /^[\\/]/.test(path) ? { device: '', root: path[0]!, isAbsolute: true } : { device: '', root: '', isAbsolute: false }
}

const fold = (tail: string, isAbsolute: boolean): string => {
  const names: string[] = []
  for (const name of tail.split(/[\\/]+/)) {
    if (name === '' || name === '.') continue
    if (name !== '..') names.push(name)
    else if (names.length > 0 && names.at(-1) !== '..') names.pop()
    else if (!isAbsolute) names.push('..')
  }
  return names.join('\\')
}

/** `path.win32`: names of Windows, for programs that read or make them. */
export function createWin32(): Record<string, unknown> {
  const isAbsolute = (path: unknown): boolean => {
    const text = checkText(path, 'path')
    return /^(?:[\\/]|[a-zA-Z]:[\\/])/.test(text)
  }
  const normalize = (path: unknown): string => {
    const text = checkText(path, 'path')
    if (text === '') return '.'
    const { device, root, isAbsolute } = rootOf(text)
    const rest = text.slice(root.length)
    let tail = fold(rest, isAbsolute)
    if (tail === '' && !isAbsolute) tail = '.'
    if (tail !== '' && /[\\/]$/.test(text)) tail += '\\'
    if (!isAbsolute && device === '' && text.includes(':')) {
      // A name that would be taken for a drive once what stood before it is folded away.
      if (/^[a-zA-Z]:/.test(tail)) return `.\\${tail}`
      let colon = text.indexOf(':')
      do {
        if (colon === text.length - 1 || /[\\/]/.test(text[colon + 1]!)) return `.\\${tail}`
      } while ((colon = text.indexOf(':', colon + 1)) >= 0)
    }
    return `${device}${isAbsolute ? '\\' : ''}${tail}`
  }
  const join = (...paths: unknown[]): string => {
    const pieces = paths.map((path) => checkText(path, 'path')).filter((path) => path !== '')
    if (pieces.length === 0) return '.'
    let joined = pieces.join('\\')
    const first = pieces[0]!
    // Only a first piece of that form makes a network name.
    if (!/^[\\/]{2}[^\\/]/.test(first) && !/^[\\/]{2}$/.test(first)) joined = joined.replace(/^[\\/]{2,}/, '\\')
    return normalize(joined)
  }
  const resolve = (...paths: unknown[]): string => {
    let [device, tail, absolute] = ['', '', false]
    for (let i = paths.length - 1; i >= -1 && !(device !== '' && absolute); i--) {
      const text = i >= 0 ? checkText(paths[i], `paths[${i}]`) : '\\'
      if (text === '') continue
      const own = rootOf(text)
      if (own.device !== '') {
        if (device !== '' && own.device.toLowerCase() !== device.toLowerCase()) continue
        if (device === '') device = own.device
      }
      if (absolute) {
        if (device !== '') break
        continue
      }
      tail = `${text.slice(own.root.length)}\\${tail}`
      absolute = own.isAbsolute
    }
    return `${device}${absolute ? '\\' : ''}${fold(tail, absolute)}` || '.'
  }
  const relative = (from: unknown, to: unknown): string => {
    const [source, target] = [checkText(from, 'from'), checkText(to, 'to')]
    if (source === target) return ''
    const [a, b] = [resolve(source), resolve(target)]
    if (a.toLowerCase() === b.toLowerCase()) return ''
    const [first, second] = [a.split('\\').filter(Boolean), b.split('\\').filter(Boolean)]
    let same = 0
    while (same < first.length && same < second.length && first[same]!.toLowerCase() === second[same]!.toLowerCase()) same++
    if (same === 0 && (rootOf(a).device !== '' || rootOf(b).device !== '')) return b
    return [...first.slice(same).map(() => '..'), ...second.slice(same)].join('\\')
  }
  const split = (path: string): { readonly root: string; readonly rest: string } => {
    const { root } = rootOf(path)
    return { root, rest: path.slice(root.length) }
  }
  const dirname = (path: unknown): string => {
    const text = checkText(path, 'path')
    const { root, rest } = split(text)
    const trimmed = rest.replace(/[\\/]+$/, '')
    const cut = Math.max(trimmed.lastIndexOf('\\'), trimmed.lastIndexOf('/'))
    if (cut < 0) return root === '' ? '.' : root
    return root + trimmed.slice(0, cut)
  }
  const basename = (path: unknown, suffix?: unknown): string => {
    const text = checkText(path, 'path')
    if (suffix !== undefined) checkText(suffix, 'suffix')
    if (suffix === text) return ''
    const base = text.replace(/^[a-zA-Z]:/, '').replace(/[\\/]+$/, '').split(/[\\/]/).at(-1)!
    const end = suffix as string | undefined
    return end && base !== end && base.endsWith(end) ? base.slice(0, -end.length) : base
  }
  const extname = (path: unknown): string => {
    const base = basename(path)
    const dot = base.lastIndexOf('.')
    return dot <= 0 || base === '..' ? '' : base.slice(dot)
  }
  const parse = (path: unknown) => {
    const text = checkText(path, 'path')
    const { root, rest } = split(text)
    const base = rest === '' ? '' : basename(rest)
    const ext = extname(base)
    const trimmed = rest.replace(/[\\/]+$/, '')
    const cut = Math.max(trimmed.lastIndexOf('\\'), trimmed.lastIndexOf('/'))
    return { root, dir: cut > 0 ? root + trimmed.slice(0, cut) : root, base, ext, name: ext === '' ? base : base.slice(0, -ext.length) }
  }
  const format = (parsed: unknown): string => {
    if (typeof parsed !== 'object' || parsed === null) throw Object.assign(new TypeError('The "pathObject" argument must be of type object'), { code: 'ERR_INVALID_ARG_TYPE' })
    const { root = '', dir, base, name = '', ext = '' } = parsed as Readonly<Record<string, string | undefined>>
    const last = base || name + (ext === '' || ext.startsWith('.') ? ext : `.${ext}`)
    const parent = dir || root
    return !parent ? last : parent === root ? parent + last : `${parent}\\${last}`
  }
  const toNamespacedPath = (path: unknown): unknown => {
    if (typeof path !== 'string' || path === '') return path
    const full = resolve(path)
    if (/^[a-zA-Z]:\\/.test(full)) return `\\\\?\\${full}`
    return /^\\\\[^?.]/.test(full) ? `\\\\?\\UNC\\${full.slice(2)}` : full
  }
  return { sep: '\\', delimiter: ';', normalize, isAbsolute, join, resolve, relative, dirname, basename, extname, parse, format, toNamespacedPath }
}
