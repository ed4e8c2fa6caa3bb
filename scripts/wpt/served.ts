import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { type Net, TransportError, httpOver } from '../../src/index.js'

/** Where the tests say they come from. */
export const HOST = 'web-platform.test'

const TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json', '.js': 'text/javascript', '.html': 'text/html', '.txt': 'text/plain', '.png': 'image/png', '.idl': 'text/plain',
}
/** Handlers of the tests' own server, which nothing here answers. */
const HANDLERS = new Set(['.py', '.asis'])

/** The network of the tests: the files of their folder, and a name that is not found for all else. */
export function servedFiles(root: string): Net {
  const send = async ({ url, method }: { readonly url: URL; readonly method: string }) => {
    const type = extname(url.pathname)
    const isAnswered = url.host === HOST && (method === 'GET' || method === 'HEAD') && !HANDLERS.has(type) && !url.search.includes('pipe=')
    const bytes = isAnswered ? await readFile(join(root, decodeURIComponent(url.pathname))).catch(() => undefined) : undefined
    if (bytes === undefined) throw new TransportError('not-found')
    return { status: 200, statusText: 'OK', headers: [['content-type', TYPES[type] ?? 'application/octet-stream']] as const, body: method === 'HEAD' ? null : pieces(bytes) }
  }
  const rule = { methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'], maxResponseBytes: 64 << 20 }
  return httpOver({ send }, [`https://${HOST}/**`, `https://${HOST}/**?*`].map((url) => ({ ...rule, url })))
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
