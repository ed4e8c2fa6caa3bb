import { checkString, invalidType, nodeError } from '../node/errors.js'

interface Options {
  readonly URL: new (input: string) => object
  readonly toASCII: (domain: string) => string
  readonly querystring: () => { parse(text: string): Record<string, unknown>; stringify(object: unknown): string }
}

const PROTOCOL = /^[a-z0-9.+-]+:/i
const SLASHED: ReadonlySet<string> = new Set(['http', 'https', 'ftp', 'gopher', 'file', 'ws', 'wss'].flatMap((name) => [name, `${name}:`]))
/** Characters that are escaped wherever they stand. */
const ESCAPED = /[\t\n\r "'<>\\^`{|}]/g
/** Characters that a host cannot have. */
const FORBIDDEN = /[\0\t\n\r #%/:<>?@[\\\]^|]/
const FORBIDDEN_V6 = /[\0\t\n\r #%/<>?@\\^|]/
const FIELDS = ['protocol', 'slashes', 'auth', 'host', 'port', 'hostname', 'hash', 'search', 'query', 'pathname', 'path', 'href'] as const

const escapeRest = (text: string): string =>
  text.replace(ESCAPED, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

/** `url.parse` and what goes with it, which came before the URL Standard. */
export function createLegacy({ URL, toASCII, querystring }: Options) {
  class Url {
    protocol: string | null = null
    slashes: boolean | null = null
    auth: string | null = null
    host: string | null = null
    port: string | null = null
    hostname: string | null = null
    hash: string | null = null
    search: string | null = null
    query: unknown = null
    pathname: string | null = null
    path: string | null = null
    href: string | null = null

    parse(input: string, parseQuery?: unknown, slashesDenoteHost?: unknown): this {
      return Object.assign(this, parse(input, Boolean(parseQuery), Boolean(slashesDenoteHost)))
    }

    format(): string {
      return formatFields(this)
    }

    resolve(relative: string): string {
      return this.resolveObject(parse(relative, false, true)).format()
    }

    resolveObject(relative: string | Url): Url {
      return resolveObject(this, typeof relative === 'string' ? parse(relative, false, true) : relative)
    }
  }
  Object.defineProperty(Url, 'name', { value: 'Url' })

  const parse = (input: unknown, parseQuery = false, slashesDenoteHost = false): Url => {
    if (input instanceof Url) return input
    checkString(input, 'url')
    const url = new Url()
    const end = /[?#]/.exec(input)?.index ?? input.length
    let rest = (input.slice(0, end).replaceAll('\\', '/') + input.slice(end)).trim()
    const simple = /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/.exec(rest)
    if (!slashesDenoteHost && !rest.includes('#') && simple !== null && !rest.startsWith('//')) {
      url.path = url.href = rest
      url.pathname = simple[1]!
      setQuery(url, simple[2], parseQuery)
      if (!/["'<>`{|}^ \\]/.test(rest)) return url
      Object.assign(url, new Url())
    }
    const protocol = PROTOCOL.exec(rest)?.[0]
    const lower = protocol?.toLowerCase()
    if (protocol !== undefined) {
      url.protocol = lower!
      rest = rest.slice(protocol.length)
    }
    const isScript = lower === 'javascript:'
    if (slashesDenoteHost || protocol !== undefined || /^\/\/[^@/]+@[^@/]+/.test(rest)) {
      const slashes = rest.startsWith('//')
      if (slashes && !isScript) {
        rest = rest.slice(2)
        url.slashes = true
      }
    }
    if (!isScript && (url.slashes === true || (protocol !== undefined && !SLASHED.has(lower!)))) rest = takeHost(url, rest, input)
    if (!isScript) rest = escapeRest(rest)
    const hash = rest.indexOf('#')
    if (hash >= 0) {
      url.hash = rest.slice(hash)
      rest = rest.slice(0, hash)
    }
    const search = rest.indexOf('?')
    setQuery(url, search >= 0 ? rest.slice(search) : undefined, parseQuery)
    const pathname = search >= 0 ? rest.slice(0, search) : rest
    if (pathname !== '') url.pathname = pathname
    if (lower !== undefined && SLASHED.has(lower) && url.hostname && url.pathname === null) url.pathname = '/'
    if (url.pathname !== null || url.search !== null) url.path = `${url.pathname ?? ''}${url.search ?? ''}`
    url.href = formatFields(url)
    return url
  }

  const setQuery = (url: Url, search: string | undefined, parseQuery: boolean): void => {
    if (search !== undefined) {
      url.search = search
      url.query = parseQuery ? querystring().parse(search.slice(1)) : search.slice(1)
    } else if (parseQuery) {
      url.search = null
      url.query = Object.create(null)
    }
  }

  /** Reads `user:password@host:port` off the start of `rest`. */
  const takeHost = (url: Url, rest: string, input: string): string => {
    const hostEnd = /[/?#]/.exec(rest)?.index ?? rest.length
    const at = rest.lastIndexOf('@', hostEnd - 1)
    const authority = rest.slice(0, hostEnd)
    if (at >= 0) url.auth = decodeURIComponent(rest.slice(0, at))
    let host = at >= 0 ? authority.slice(at + 1) : authority
    const stop = /[\t\n\r "<>\\^`{|};'%]/.exec(host)?.index ?? host.length
    const tail = host.slice(stop) + rest.slice(hostEnd)
    host = host.slice(0, stop)
    const port = /:(\d*)$/.exec(host)
    if (port !== null) {
      if (port[1] !== '') url.port = port[1]!
      host = host.slice(0, port.index)
    }
    const isV6 = host.startsWith('[') && host.endsWith(']')
    if (isV6 ? FORBIDDEN_V6.test(host) : /:\D/.test(host)) {
      if (/:\D/.test(host) && !isV6) throw nodeError(TypeError, 'ERR_INVALID_ARG_VALUE', `The argument 'url' has an invalid port. Received '${input}'`)
      throw nodeError(TypeError, 'ERR_INVALID_URL', 'Invalid URL', { input })
    }
    let hostname = host.length > 255 ? '' : host.toLowerCase()
    if (!isV6 && hostname !== '') {
      if (/[^\0-\x7f]/.test(hostname)) hostname = toASCII(hostname)
      if (hostname === '' || FORBIDDEN.test(hostname)) throw nodeError(TypeError, 'ERR_INVALID_URL', 'Invalid URL', { input })
    }
    url.host = hostname + (url.port === null ? '' : `:${url.port}`)
    url.hostname = isV6 ? hostname.slice(1, -1) : hostname
    return tail !== '' && !/^[/?#]/.test(tail) ? `/${tail}` : tail
  }

  const formatFields = (url: Partial<Record<(typeof FIELDS)[number], unknown>>): string => {
    const auth = typeof url.auth === 'string' && url.auth !== '' ? encodeURIComponent(url.auth).replace(/%3A/i, ':').replaceAll('%3A', ':') + '@' : ''
    let protocol = typeof url.protocol === 'string' ? url.protocol : ''
    let pathname = typeof url.pathname === 'string' ? url.pathname : ''
    let hash = typeof url.hash === 'string' ? url.hash : ''
    let host = ''
    if (url.host) host = auth + String(url.host)
    else if (url.hostname) {
      const name = String(url.hostname)
      host = `${auth}${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}${url.port ? `:${String(url.port)}` : ''}`
    }
    const query = typeof url.query === 'object' && url.query !== null ? querystring().stringify(url.query) : ''
    let search = typeof url.search === 'string' && url.search !== '' ? url.search : query === '' ? '' : `?${query}`
    if (protocol !== '' && !protocol.endsWith(':')) protocol += ':'
    pathname = pathname.replaceAll('#', '%23').replaceAll('?', '%3F')
    if (url.slashes || SLASHED.has(protocol)) {
      if (url.slashes || host !== '') {
        if (pathname !== '' && !pathname.startsWith('/')) pathname = `/${pathname}`
        host = `//${host}`
      } else if (protocol.startsWith('file')) host = '//'
    }
    search = search.replaceAll('#', '%23')
    if (hash !== '' && !hash.startsWith('#')) hash = `#${hash}`
    if (search !== '' && !search.startsWith('?')) search = `?${search}`
    return protocol + host + pathname + search + hash
  }

  const resolveObject = (base: Url, relative: Url): Url => {
    const result = Object.assign(new Url(), base, { hash: relative.hash })
    const finish = (): Url => {
      result.path = result.pathname !== null || result.search !== null ? `${result.pathname ?? ''}${result.search ?? ''}` : null
      result.href = formatFields(result)
      return result
    }
    if (relative.href === '') {
      result.href = formatFields(result)
      return result
    }
    if (relative.slashes && relative.protocol === null) {
      Object.assign(result, relative, { protocol: base.protocol, slashes: relative.slashes })
      if (SLASHED.has(result.protocol ?? '') && result.hostname && !result.pathname) result.path = result.pathname = '/'
      result.href = formatFields(result)
      return result
    }
    if (relative.protocol !== null && relative.protocol !== result.protocol) {
      Object.assign(result, relative)
      result.href = formatFields(result)
      return result
    }
    const isAbsolute = Boolean(result.pathname?.startsWith('/'))
    const isRelativeAbsolute = Boolean(relative.host) || Boolean(relative.pathname?.startsWith('/'))
    const mustEndAbsolute = isRelativeAbsolute || isAbsolute || (Boolean(result.host) && Boolean(relative.pathname))
    let parts = result.pathname?.split('/') ?? []
    const more = relative.pathname?.split('/') ?? []
    if (isRelativeAbsolute) {
      if (relative.host) {
        if (result.host !== relative.host) result.auth = null
        result.host = relative.host
        result.hostname = relative.hostname
        result.port = relative.port
      }
      result.search = relative.search
      result.query = relative.query
      parts = more
    } else if (more.length > 0 && relative.pathname !== null) {
      parts.pop()
      parts = [...parts, ...more]
      result.search = relative.search
      result.query = relative.query
    } else if (relative.search !== null) {
      result.search = relative.search
      result.query = relative.query
      return finish()
    }
    if (parts.length === 0) {
      result.pathname = null
      result.path = result.search ? `/${result.search}` : null
      result.href = formatFields(result)
      return result
    }
    const last = parts.at(-1)!
    const isFolder = ((Boolean(result.host) || Boolean(relative.host) || parts.length > 1) && (last === '.' || last === '..')) || last === ''
    let up = 0
    for (let i = parts.length - 1; i >= 0; i--) {
      if (parts[i] === '.') parts.splice(i, 1)
      else if (parts[i] === '..') {
        parts.splice(i, 1)
        up++
      } else if (up > 0) {
        parts.splice(i, 1)
        up--
      }
    }
    if (!mustEndAbsolute) for (; up > 0; up--) parts.unshift('..')
    if (mustEndAbsolute && parts[0] !== '' && !parts[0]?.startsWith('/')) parts.unshift('')
    if (isFolder && !parts.join('/').endsWith('/')) parts.push('')
    if (mustEndAbsolute && parts.length > 0 && parts[0] !== '') parts.unshift('')
    if (parts.length === 0) {
      result.pathname = null
      result.path = null
    } else result.pathname = parts.join('/')
    result.auth = relative.auth ?? result.auth
    result.slashes = result.slashes || relative.slashes
    return finish()
  }

  const formatWhatwg = (url: Record<string, string>, options: Readonly<Record<string, unknown>> = {}): string => {
    const { fragment = true, search = true, auth = true } = options
    const userinfo = auth && (url['username'] || url['password']) ? `${url['username']!}${url['password'] ? `:${url['password']}` : ''}@` : ''
    const slashes = url['href']!.startsWith(`${url['protocol']!}//`) ? '//' : ''
    return `${url['protocol']!}${slashes}${userinfo}${url['host']!}${url['pathname']!}${search ? url['search']! : ''}${fragment ? url['hash']! : ''}`
  }

  return {
    Url,
    parse,
    resolve: (from: unknown, to: string): string => parse(from, false, true).resolve(to),
    resolveObject: (from: unknown, to: string): Url | string => (from ? parse(from, false, true).resolveObject(to) : to as string),
    format(url: unknown, options?: object): string {
      if (typeof url === 'string') return parse(url).format()
      if (typeof url !== 'object' || url === null) throw invalidType('urlObject', 'one of type object or string', url)
      return url instanceof URL ? formatWhatwg(url as Record<string, string>, options as Record<string, unknown>) : formatFields(url)
    },
  }
}
