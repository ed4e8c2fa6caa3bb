import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

/** One request as it arrived. */
export interface Received {
  readonly method: string
  readonly url: string
  /** Names as sent, values in order. */
  readonly rawHeaders: readonly string[]
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

export interface HostileServer extends AsyncDisposable {
  readonly origin: string
  readonly port: number
  readonly received: readonly Received[]
  /** Connections accepted so far. */
  readonly connections: () => number
  /** Server names asked for in TLS handshakes. */
  readonly serverNames: readonly string[]
  /** Resolves when a response's connection was closed before the response was finished. */
  readonly cutOff: () => Promise<void>
}

type Route = (request: Received, response: ServerResponse, url: URL) => void

/**
 * Serves what a hostile or broken server would, on 127.0.0.1:
 * `/echo` reflects the request, `/reflect/ENCODING` its authorization, `/split` the same in pieces of three bytes,
 * `/redirect?to=URL&status=N`, `/endless-redirect?to=URL`, `/loop`, `/bomb`, `/members`, `/slow`, `/big?bytes=N`, `/encoding?of=NAME`, `/cut`, `/mute`,
 * `/trailers`, `/drip?ms=N`, `/heads`. `/early` answers and ends the connection before it has read the request's body.
 */
export async function startHostileServer(
  options: { readonly tls?: { readonly key: string; readonly cert: string } } = {},
): Promise<HostileServer> {
  const received: Received[] = []
  const serverNames: string[] = []
  const cut: (() => void)[] = []
  const closed: Promise<void> = new Promise((resolve) => cut.push(resolve))
  let connections = 0

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = []
    if (request.url!.startsWith('/early')) {
      response.writeHead(413, { connection: 'close' }).end('too much')
      return
    }
    response.on('close', () => response.writableFinished || cut[0]!())
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const seen: Received = {
        method: request.method!,
        url: request.url!,
        rawHeaders: request.rawHeaders,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      received.push(seen)
      const url = new URL(request.url!, 'http://hostile.test')
      const route = ROUTES[`/${url.pathname.split('/')[1]}`] ?? hello
      route(seen, response, url)
    })
  }
  const server =
    options.tls === undefined
      ? createServer(answer)
      : createTlsServer(
          {
            ...options.tls,
            SNICallback: (name, done) => {
              serverNames.push(name)
              done(null)
            },
          },
          answer,
        )
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    received,
    serverNames,
    connections: () => connections,
    cutOff: () => closed,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const hello: Route = (_request, response) => {
  response.writeHead(200, { 'content-length': '5' }).end('hello')
}

const credentialOf = (request: Received): string => String(request.headers.authorization ?? '')

const REFLECTIONS: Readonly<Record<string, (value: string) => string>> = {
  raw: (value) => value,
  token: (value) => value.split(' ')[1] ?? '',
  upper: (value) => value.toUpperCase(),
  base64: (value) => Buffer.from(value).toString('base64'),
  base64b: (value) => Buffer.from(`x${value}y`).toString('base64'),
  base64c: (value) => Buffer.from(`xx${value}yyyy`).toString('base64url'),
  hex: (value) => Buffer.from(value).toString('hex'),
  percent: (value) => encodeURIComponent(value),
  json: (value) => JSON.stringify({ value }),
}

const ROUTES: Readonly<Record<string, Route>> = {
  '/echo': (request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body: request.body }),
    )
  },
  '/reflect': (request, response, url) => {
    const value = REFLECTIONS[url.pathname.split('/')[2]!]!(credentialOf(request))
    response.setHeader('x-reflected', value)
    response.setHeader('set-cookie', `session=${credentialOf(request)}`)
    response.statusMessage = `OK ${value}`
    response.end(`before ${value} after`)
  },
  '/split': (request, response) => {
    const bytes = Buffer.from(`before ${credentialOf(request)} after`)
    const send = (at: number): void => {
      if (at >= bytes.length) response.end()
      else response.write(bytes.subarray(at, at + 3), () => setImmediate(send, at + 3))
    }
    send(0)
  },
  '/redirect': (request, response, url) => {
    response.statusCode = Number(url.searchParams.get('status') ?? 302)
    response.setHeader(
      'location',
      (url.searchParams.get('to') ?? '').replace('CREDENTIAL', encodeURIComponent(credentialOf(request))),
    )
    response.end('moved')
  },
  '/endless-redirect': (_request, response, url) => {
    response.writeHead(302, { location: url.searchParams.get('to')! }).write('moved')
  },
  '/loop': (_request, response) => {
    response.writeHead(302, { location: '/loop' }).end()
  },
  '/bomb': (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(32 * 1024 * 1024)))
  },
  // Members that decode to nothing: a cap on decoded bytes alone would never be reached.
  '/members': (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    const members = Buffer.concat(Array.from({ length: 1024 }, () => gzipSync('')))
    const send = (): void => {
      if (!response.destroyed) response.write(members, (error) => error || setImmediate(send))
    }
    send()
  },
  '/slow': (_request, response) => {
    response.writeHead(200).write('a')
  },
  '/mute': () => undefined,
  '/trailers': (request, response) => {
    response.writeHead(200, { trailer: 'x-checksum, x-token, set-cookie, host' }).write('body')
    response.addTrailers({ 'x-checksum': 'abc', 'x-token': credentialOf(request), 'set-cookie': 'a=b', host: 'evil.test' })
    response.end()
  },
  // A byte every few milliseconds, without end.
  '/drip': (_request, response, url) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write('d'), Number(url.searchParams.get('ms') ?? 5))
    response.on('close', () => clearInterval(timer))
  },
  '/heads': (_request, response) => {
    for (let at = 0; at < 40; at++) response.setHeader(`x-${at}`, 'h'.repeat(2000))
    response.end()
  },
  '/big': (_request, response, url) => {
    response.end(Buffer.alloc(Number(url.searchParams.get('bytes')), 'a'))
  },
  '/encoding': (_request, response, url) => {
    response.setHeader('content-encoding', url.searchParams.getAll('of'))
    response.end(gzipSync('compressed'))
  },
  '/cut': (_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('short')
    setImmediate(() => response.destroy())
  },
}
