import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { firstError } from '../../bench/npm-errors.js'
import { ROOT } from './source-files.js'

const run = promisify(execFile)
const EDGE = join(ROOT, 'test/edge')
const INSTALL_MS = 120_000
const START_MS = 20_000

/** The runtime's binary, installed on first use, or why there is none. */
export async function installWorkerd(say: (line: string) => void): Promise<{ readonly path: string } | { readonly reason: string }> {
  try {
    if (!isInstalled()) {
      say('installing workerd into test/edge/node_modules (npm ci, about 140 MB) …')
      const began = performance.now()
      await run('npm', ['ci', '--ignore-scripts', '--prefer-offline', '--fetch-retries=1', '--no-audit', '--no-fund'], { cwd: EDGE, timeout: INSTALL_MS })
      say(`installed workerd in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    }
    const path = (createRequire(join(EDGE, 'package.json'))('workerd') as { readonly default: string }).default
    say((await run(path, ['--version'], { timeout: 10_000 })).stdout.trim())
    return { path }
  } catch (error) {
    const { message, stderr, killed } = error as { readonly message: string; readonly stderr?: string; readonly killed?: boolean }
    const cause = killed === true ? 'it took too long' : firstError(stderr ?? message)
    return { reason: `workerd cannot be installed or started here: ${cause}` }
  }
}

/** npm writes its own list of what is there last, so an installation that was broken off has none. */
function isInstalled(): boolean {
  const list = join(EDGE, 'node_modules/.package-lock.json')
  const versionIn = (path: string): unknown =>
    (JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, { readonly version?: string }> }).packages['node_modules/workerd']?.version
  return existsSync(list) && versionIn(list) === versionIn(join(EDGE, 'package-lock.json'))
}

export interface Deployment extends AsyncDisposable {
  /** Calls a case of the worker and reads its answer; whatever is not JSON is an error with its text. */
  call(name: string, body?: unknown): Promise<unknown>
}

/**
 * Serves `worker.js` of a folder with its modules of WebAssembly on a port of loopback; the worker itself reaches
 * private addresses only.
 */
export async function deploy(workerd: string, folder: string, wasm: readonly string[] = ['quickjs.wasm']): Promise<Deployment> {
  const config = join(folder, 'config.capnp')
  writeFileSync(config, `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "internet", network = (allow = ["private"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")${wasm.map((name) => `, (name = "${name}", wasm = embed "${name}")`).join('')}],
  compatibilityDate = "2026-10-01"
);
`)
  const server = spawn(workerd, ['serve', config, '--control-fd=3'], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  let log = ''
  for (const stream of [server.stdout, server.stderr]) stream!.setEncoding('utf8').on('data', (chunk: string) => (log = (log + chunk).slice(-8000)))
  try {
    const port = await listening(server, () => log)
    return {
      async call(name, body) {
        const response = await fetch(`http://127.0.0.1:${port}/${name}`, { method: 'POST', body: JSON.stringify(body ?? null), signal: AbortSignal.timeout(20_000) })
        const text = await response.text()
        if (!response.ok) throw new Error(`${name}: ${text}\n${log}`)
        return JSON.parse(text) as unknown
      },
      [Symbol.asyncDispose]: () => end(server),
    }
  } catch (error) {
    await end(server)
    throw error
  }
}

async function listening(server: ChildProcess, log: () => string): Promise<number> {
  const control = server.stdio[3] as Readable
  const signal = AbortSignal.timeout(START_MS)
  const line = once(createInterface(control), 'line', { signal }) as Promise<[string]>
  const ended = once(server, 'exit', { signal }).then(([code]) => Promise.reject(new Error(`workerd ended with ${String(code)}`)))
  try {
    const [text] = await Promise.race([line, ended])
    return (JSON.parse(text) as { readonly port: number }).port
  } catch (cause) {
    throw new Error(`workerd does not listen\n${log()}`, { cause })
  } finally {
    ended.catch(() => {})
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exited = once(server, 'exit')
  server.kill('SIGKILL')
  await exited
}
