import { load } from '../packages.js'
import { type Contender, type HostFunctions, type Item, Stopped } from '../suite.js'
import type { Room, RoomHost } from './room.js'
import { type Part, waysOf } from './room.js'

interface Library {
  readonly Miniflare: new (options: object) => { readonly ready: Promise<URL>; dispatchFetch(url: string, init: object): Promise<Response>; dispose(): Promise<void> }
  readonly Response: typeof Response
}

const DATE = '2026-07-01'

/** Makes a worker of each program that comes in, and asks it once. */
const LOADER = `let made = 0
export default {
  async fetch(request, { LOADER, HOST }) {
    const { modules, parts, input } = await request.json()
    const globalOutbound = parts.includes('http') ? undefined : parts.includes('lookup') ? HOST : null
    const worker = LOADER.get('guest-' + made++, () => ({
      compatibilityDate: '${DATE}', mainModule: 'entry.js', modules, ...(globalOutbound === undefined ? {} : { globalOutbound }),
    }))
    return worker.getEntrypoint().fetch('http://guest/', { method: 'POST', body: JSON.stringify(input ?? null) })
  },
}`

const PRELUDES: { readonly [K in Part]: string } = {
  exists: '', console: '', files: '',
  lookup: `const lookup = async (item) => (await fetch('http://host/', { method: 'POST', body: JSON.stringify(item) })).json()`,
  http: 'const get = async (url) => (await fetch(url)).text()',
}

/** Answers with the value of `work`, an expression that may use `input`. */
const entry = (prelude: string, work: string): string => `${prelude}
export default {
  async fetch(request) {
    const input = await request.json()
    try {
      return Response.json({ value: await (${work}) })
    } catch (error) {
      return Response.json({ error: { name: error?.name, message: error?.message ?? String(error) } })
    }
  },
}`

/** Isolates of V8 in a process of workerd, which limits neither time nor memory when it is run like this. */
export const miniflare: Contender = {
  name: 'workerd, worker loader',
  arm: 'contained',
  limits: 'none; the call is given up at the deadline',
  pace: 'slow',
  package: 'miniflare',
  ...waysOf({
    room: 'isolates',
    parts: ['lookup', 'http'],
    call: true,
    load: true,
    beside: true,
    most: 100,
    import: () => load('miniflare'),
    lacks: {
      'host-call': 'has no synchronous way to ask the host', console: 'prints the lines of its console itself', files: 'has no files', bytes: 'is asked over HTTP, as JSON here',
      'kept-isolate': 'decides itself how long isolates are kept', 'waiting-isolate': 'decides itself how long isolates are kept', 'running-isolate': 'runs all isolates on one thread',
    },
    prepare,
  }),
}

async function prepare(offered: HostFunctions) {
  const { Miniflare, Response: MiniflareResponse } = await load<Library>('miniflare')
  let lookup = offered.lookup
  const instance = new Miniflare({
    modules: true, script: LOADER, compatibilityDate: DATE, workerLoaders: { LOADER: {} },
    serviceBindings: { HOST: async (request: Request) => MiniflareResponse.json(await lookup((await request.json()) as Item)) },
  })
  await instance.ready
  return (host: RoomHost, parts: readonly Part[]): Room => {
    lookup = host.lookup
    const prelude = parts.map((part) => PRELUDES[part]).join('\n')
    const ask = async (modules: Readonly<Record<string, string>>, input?: unknown): Promise<unknown> => {
      const body = JSON.stringify({ modules, parts, input })
      const response = await instance.dispatchFetch('http://loader/', { method: 'POST', body, signal: AbortSignal.timeout(host.limits.deadlineMs) }).catch((error: Error) => {
        throw error.name === 'TimeoutError' ? new Stopped('deadline') : error
      })
      const text = await response.text()
      const answer = (text.startsWith('{') ? JSON.parse(text) : { error: { name: 'workerd', message: text.split('\n')[0] } }) as { value?: unknown; error?: { name: string; message: string } }
      if (answer.error !== undefined) throw new Error(`${answer.error.name}: ${answer.error.message}`)
      return answer.value
    }
    return {
      evaluate: (program) => ask({ 'entry.js': entry(prelude, program) }),
      call: (program, input) => ask({ 'entry.js': entry('', `(${program})(input)`) }, input),
      load: (program, modules) => ask({ ...Object.fromEntries(Object.entries(modules).map(([name, source]) => [name.slice(2), source])), 'main.js': program, 'entry.js': entry(`import main from './main.js'`, 'main') }),
      close() {},
    }
  }
}
