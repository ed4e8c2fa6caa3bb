import { load } from '../packages.js'
import { type Contender, Stopped } from '../suite.js'
import { type Part, type Room, type RoomHost, waysOf } from './room.js'

type Functions = Record<string, Record<string, (...args: never[]) => unknown>>
interface Library {
  createRunner(options: { readonly limits: object; readonly syncHostFunctions?: Functions }): {
    run(input: { readonly source: string; readonly sourceType?: string; readonly hostFunctions?: Functions; readonly moduleLoader?: object }): Promise<{ readonly status: string; readonly value?: unknown }>
  }
}

const PRELUDES: { readonly [K in Part]: string } = {
  exists: 'const exists = host.exists', lookup: 'const lookup = later.lookup', console: '', files: 'const files = host', http: 'const get = later.get',
}

/** vercel-labs' `run`: QuickJS in a worker thread, a fresh one for each call, from a pool. */
export const run: Contender = {
  name: 'run',
  arm: 'contained',
  limits: 'time, memory',
  pace: 'slow',
  package: 'run',
  ...waysOf({
    room: 'isolates',
    parts: ['exists', 'lookup', 'files', 'http'],
    call: true,
    bytes: true,
    load: true,
    beside: true,
    import: () => load('run'),
    lacks: { console: 'keeps the lines of its console to itself', 'kept-isolate': 'keeps no isolates' },
    async prepare() {
      const library = await load<Library>('run')
      return (host, parts) => openRoom(library, host, parts)
    },
  }),
}

function openRoom({ createRunner }: Library, host: RoomHost, parts: readonly Part[]): Room {
  const { exists, lookup, files, get, limits } = host
  const runner = createRunner({
    limits: {
      timeoutMs: limits.deadlineMs, memoryLimitBytes: limits.memoryBytes, maxBridgeRequests: 1_000_000, maxResultBytes: 64 << 20,
      // What answers synchronously is set aside whole from the memory of the call.
      maxHostFunctionOutputBytes: 24 << 20, maxHostFunctionArgumentsBytes: 24 << 20, maxSourceBytes: 16 << 20,
    },
    ...(parts.includes('exists') || parts.includes('files') ? { syncHostFunctions: { host: { exists, ...files } } } : {}),
  })
  const prelude = parts.map((part) => `${PRELUDES[part]}\n`).join('')
  const evaluate = async (source: string, options: object = {}): Promise<unknown> => {
    try {
      return (await runner.run({ source, ...options })).value
    } catch (error) {
      throw toStopped(error as Error & { readonly code?: string })
    }
  }
  return {
    evaluate: (program) => evaluate(`${prelude}return (${program})`, parts.includes('lookup') || parts.includes('http') ? { hostFunctions: { later: { lookup, get } } } : {}),
    call: (program, input) => evaluate(`return (${program})(await later.input())`, { hostFunctions: { later: { input: () => input } } }),
    load(program, modules) {
      const all: Readonly<Record<string, string>> = { ...modules, './main.js': program }
      return evaluate(`return (await import('./main.js')).default`, { sourceType: 'function-body', moduleLoader: { load: (name: string) => all[name] ?? '' } })
    },
    close() {},
  }
}

function toStopped(error: Error & { readonly code?: string }): Error {
  if (error.code === 'RUN_TIMEOUT') return new Stopped('deadline')
  return /out of memory|memory limit/i.test(error.message) ? new Stopped('memory') : error
}
