import type { GuestCore } from '../core.js'
import { createLegacy } from './node-url/legacy.js'
import { createPunycode } from './node-url/punycode.js'
import { invalidType, nodeError } from './node/errors.js'

interface Fields {
  readonly protocol: string
  readonly hostname: string
  readonly hash: string
  readonly search: string
  readonly pathname: string
  readonly href: string
  readonly port: string
  readonly username: string
  readonly password: string
}

/** Node's `url`: the classes of the web, and the older functions. */
export default (core: GuestCore) => {
  const global = globalThis as unknown as { readonly URL: new (input: string, base?: string) => Fields; readonly URLSearchParams: unknown; readonly URLPattern?: unknown }
  const { URL, URLSearchParams } = global
  const punycode = createPunycode()
  const toASCII = (domain: unknown): string => core.call('pure.domainToASCII', String(domain)) as string

  const fileURLToPath = (input: unknown, options?: { readonly windows?: boolean }): string => {
    const url = typeof input === 'string' ? new URL(input) : (input as Fields)
    if (typeof url?.href !== 'string' || typeof url.protocol !== 'string') throw invalidType('path', 'of type string or an instance of URL', input)
    if (url.protocol !== 'file:') throw nodeError(TypeError, 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file')
    if (/%2f/i.test(url.pathname)) throw nodeError(TypeError, 'ERR_INVALID_FILE_URL_PATH', 'File URL path must not include encoded / characters')
    if (options?.windows === true) {
      const path = decodeURIComponent(url.pathname.replaceAll('/', '\\'))
      if (url.hostname !== '') return `\\\\${url.hostname}${path}`
      if (!/^\\[a-z]:/i.test(path)) throw nodeError(TypeError, 'ERR_INVALID_FILE_URL_PATH', 'File URL path must be absolute')
      return path.slice(1)
    }
    if (url.hostname !== '') throw nodeError(TypeError, 'ERR_INVALID_FILE_URL_HOST', 'File URL host must be "localhost" or empty on wasm')
    return decodeURIComponent(url.pathname)
  }
  const pathToFileURL = (path: unknown): Fields => {
    if (typeof path !== 'string') throw invalidType('path', 'of type string', path)
    let absolute = core.lib('path')['resolve'](path) as string
    if (path.endsWith('/') && !absolute.endsWith('/')) absolute += '/'
    return new URL(`file://${absolute.replace(/[%\\\n\r\t?#]/g, encodeURIComponent)}`)
  }

  return {
    URL,
    URLSearchParams,
    ...(global.URLPattern === undefined ? {} : { URLPattern: global.URLPattern }),
    ...createLegacy({ URL: URL as never, toASCII, querystring: () => core.lib('node-querystring') as never }),
    domainToASCII: toASCII,
    domainToUnicode: (domain: unknown): string => punycode.toUnicode(toASCII(domain)),
    fileURLToPath,
    fileURLToPathBuffer: (input: unknown): unknown => core.lib('node-buffer')['Buffer'].from(fileURLToPath(input)) as unknown,
    pathToFileURL,
    urlToHttpOptions(url: Fields) {
      const { protocol, hostname, hash, search, pathname, href, port, username, password } = url
      return {
        ...url, __proto__: null, protocol, hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname, hash, search, pathname, path: `${pathname}${search}`, href,
        ...(port === '' ? {} : { port: Number(port) }), ...(username || password ? { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` } : {}),
      }
    },
    /** `node:punycode`. */
    get punycode() {
      return punycode
    },
  }
}
