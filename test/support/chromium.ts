import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, resolve, sep } from 'node:path'
import { findOwn } from './packed.js'

/** The browser of this machine, or `undefined`. */
export const chromium = findOwn('chromium') ?? findOwn('chromium-browser') ?? findOwn('google-chrome')

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' }

export interface PageOptions {
  /** Files served below `/files/`. */
  readonly folder: string
  /** Text of the page at `/`; it posts what it has to say to `/done`. */
  readonly html: string
  /** Scripts by path. */
  readonly scripts: Readonly<Record<string, string>>
  /** The content security policy of the page. */
  readonly policy: string
  readonly timeoutMs: number
}

/** Opens a page of ours in a headless browser, and gives what it posts. Nothing but loopback is asked for. */
export async function runPage({ folder, html, scripts, policy, timeoutMs }: PageOptions): Promise<string> {
  let answer = (_text: string): void => {}
  const done = new Promise<string>((fulfil) => {
    answer = fulfil
  })
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost')
    const send = (type: string, body: string | Uint8Array): void => void response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body)
    if (pathname === '/') return send('text/html', html)
    if (pathname === '/done') {
      let body = ''
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk)).on('end', () => {
        send('text/plain', '')
        answer(body)
      })
      return
    }
    const script = scripts[pathname]
    if (script !== undefined) return send('text/javascript', script)
    const file = resolve(folder, `.${pathname.replace(/^\/files/, '')}`)
    if (!pathname.startsWith('/files/') || !file.startsWith(folder + sep)) return void response.writeHead(404).end()
    readFile(file).then((bytes) => send(TYPES[extname(file)] ?? 'text/plain', bytes), () => response.writeHead(404).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const profile = mkdtempSync(join(tmpdir(), 'glovebox-chromium-'))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const browser = spawn(chromium!, [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--disable-dev-shm-usage', '--enable-logging=stderr', `--user-data-dir=${profile}`, `${origin}/`,
  ], { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  browser.stderr.setEncoding('utf8').on('data', (chunk: string) => (log = (log + chunk).slice(-8000)))
  let timer: NodeJS.Timeout | undefined
  const failed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The page did not answer in ${timeoutMs} ms\n${log}`)), timeoutMs)
    browser.once('error', reject)
    browser.once('exit', (code) => reject(new Error(`The browser ended with ${code}\n${log}`)))
  })
  try {
    return await Promise.race([done, failed])
  } finally {
    clearTimeout(timer)
    await end(browser)
    server.close()
    server.closeAllConnections()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

/** The browser's own processes end with it. */
async function end(browser: ChildProcess): Promise<void> {
  if (browser.exitCode !== null || browser.signalCode !== null) return
  const exited = once(browser, 'exit')
  browser.kill('SIGKILL')
  await exited
}
