import { load } from '../packages.js'
import { type Contender, Stopped } from '../suite.js'
import { type Part, type Room, type RoomHost, waysOf } from './room.js'

type Result = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: { readonly name: string; readonly message: string } }
type RunSandboxed = (use: (sandbox: { evalCode(code: string): Promise<Result> }) => Promise<Result>, options: object) => Promise<Result>
interface Library {
  loadQuickJs(variant: object): Promise<{ readonly runSandboxed: RunSandboxed }>
  getDefaultFetchAdapter(options: object): object
}

const PRELUDES: { readonly [K in Part]: string } = {
  exists: 'const { exists } = env',
  lookup: 'const { lookup } = env',
  console: '',
  files: `import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
const files = { read: (name) => readFileSync('/' + name, 'utf8'), write: (name, text) => writeFileSync('/' + name, text), list: () => readdirSync('/') }`,
  http: 'const get = async (url) => (await fetch(url)).text()',
}

/** QuickJS-NG through quickjs-emscripten, with modules of Node; its files are in memory. */
export const sebastianwesselQuickjs: Contender = {
  name: '@sebastianwessel/quickjs',
  arm: 'contained',
  limits: 'time, memory',
  pace: 'slow',
  package: ['@sebastianwessel/quickjs', '@jitl/quickjs-ng-wasmfile-release-sync'],
  ...waysOf({
    room: 'isolates',
    parts: ['exists', 'lookup', 'console', 'files', 'http'],
    call: true,
    most: 100,
    load: true,
    import: () => load('@sebastianwessel/quickjs'),
    lacks: { 'kept-isolate': 'keeps no isolates', bytes: 'makes plain objects of arrays of bytes' },
    async prepare() {
      const { loadQuickJs, getDefaultFetchAdapter } = await load<Library>('@sebastianwessel/quickjs')
      const { default: variant } = await load<{ readonly default: object }>('@jitl/quickjs-ng-wasmfile-release-sync')
      const { runSandboxed } = await loadQuickJs(variant)
      const fetchAdapter = getDefaultFetchAdapter({ disallowedHosts: [], allowedHosts: ['127.0.0.1'], rateLimitPoints: 1_000_000 })
      return (host, parts) => openRoom(runSandboxed, host, parts, fetchAdapter)
    },
  }),
}

function openRoom(runSandboxed: RunSandboxed, host: RoomHost, parts: readonly Part[], fetchAdapter: object): Room {
  const { exists, lookup, print, limits } = host
  const prelude = parts.map((part) => `${PRELUDES[part]}\n`).join('')
  const options = {
    executionTimeout: limits.deadlineMs,
    memoryLimit: limits.memoryBytes,
    ...(parts.includes('files') ? { allowFs: true } : {}),
    ...(parts.includes('http') ? { allowFetch: true, fetchAdapter } : {}),
    ...(parts.includes('console') ? { console: { log: (...values: unknown[]) => print(values.join(' ')) } } : {}),
  }
  const evaluate = async (source: string, more: object): Promise<unknown> => {
    const result = await runSandboxed(({ evalCode }) => evalCode(source), { ...options, ...more })
    if (result.ok) return result.data
    const { name, message } = result.error
    if (name === 'ExecutionTimeout') throw new Stopped('deadline')
    throw message === 'out of memory' ? new Stopped('memory') : new Error(`${name}: ${message}`)
  }
  return {
    evaluate: (program) => evaluate(`${prelude}export default await (${program})`, parts.includes('exists') || parts.includes('lookup') ? { env: { exists, lookup } } : {}),
    call: (program, input) => evaluate(`export default await (${program})(env.input)`, { env: { input } }),
    load: (program, modules) => evaluate(program, { mountFs: { src: Object.fromEntries(Object.entries(modules).map(([name, source]) => [name.slice(2), source])) } }),
    close() {},
  }
}
