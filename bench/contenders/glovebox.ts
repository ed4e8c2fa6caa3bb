import type { Grants, Sandbox, SandboxOptions } from '../../src/index.js'
import { loadGlovebox } from '../packages.js'
import type { Contender, HostFunctions, Item } from '../suite.js'
import { componentWays } from './glovebox-component.js'
import { toValue } from './result-value.js'
import { type MakeRoom, type Part, type Room, type RoomHost, toRoomHost, waysOf } from './room.js'

/** More of what is counted than a call may use by default, as these programs do nothing else; the rest of the limits are the defaults. */
const COUNTED = {
  hostCalls: 1_000_000, hostBytesIn: 1 << 30, hostBytesOut: 1 << 30, outputBytes: 64 << 20, resultBytes: 64 << 20, sourceBytes: 16 << 20,
}

/** Isolates of the density cases, which are many on purpose. */
const MANY = { maxLive: 100_000, maxBytes: Number.MAX_SAFE_INTEGER, maxIdle: 100_000, idleMs: 600_000 }

/** How long no further isolate must have come before those that are there are let go. */
const SETTLED_MS = 100

const PRELUDES: { readonly [K in Part]: string } = {
  exists: `import { existsSync as exists } from 'node:fs'`,
  lookup: 'const { lookup } = tools',
  console: '',
  files: `import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
const files = {
  read: (name) => readFileSync('/data/' + name, 'utf8'), write: (name, text) => writeFileSync('/data/' + name, text), list: () => readdirSync('/data'),
}`,
  http: 'const get = async (url) => (await fetch(url)).text()',
}

const common = { arm: 'contained', limits: 'fuel, time, memory', pace: 'fast', package: 'glovebox' } as const

const ONE_A_THREAD = 'has one guest on each of as many threads as there are cores; others wait outside'

const programs = toWays({})

export const glovebox: Contender = { ...common, name: 'glovebox', ...programs, open: { ...programs.open, ...componentWays } }

export const gloveboxThread: Contender = {
  ...common,
  name: 'glovebox, thread',
  ...toWays({ isolation: 'thread' }, {
    'kept-isolate': 'keeps as many threads as there are cores', 'waiting-isolate': ONE_A_THREAD, 'running-isolate': ONE_A_THREAD,
  }),
}

/** What crosses is one text, and both sides make JSON of it: what our own format has to be measured by. */
export const gloveboxJson: Contender = {
  ...common,
  name: 'glovebox, JSON text',
  open: {
    async value(host) {
      const sandbox = await (await loadGlovebox()).createSandbox()
      const limits = { ...COUNTED, ...host.limits }
      return async (program, { input }) => {
        const source = `export default (text) => JSON.stringify((${program})(JSON.parse(text)))`
        return JSON.parse(toValue(await sandbox.run(source, { input: JSON.stringify(input), limits })) as string) as unknown
      }
    },
  },
}

function toWays(options: SandboxOptions, lacks: NonNullable<Contender['lacks']> = {}): Pick<Contender, 'open' | 'lacks'> {
  return waysOf({
    room: 'isolates',
    parts: ['exists', 'lookup', 'console', 'files', 'http'],
    call: true,
    bytes: true,
    load: true,
    beside: true,
    import: () => loadGlovebox(),
    lacks,
    prepare: async () => {
      const sandbox = await (await loadGlovebox()).createSandbox(options)
      return (host, parts) => openRoom(sandbox, host, parts)
    },
    open: options.isolation === 'thread' ? {} : { 'kept-isolate': openKept, 'waiting-isolate': openWaiting },
  })
}

async function openRoom(sandbox: Sandbox, host: RoomHost, parts: readonly Part[]): Promise<Room> {
  const grants = await toGrants(host, parts)
  const limits = { ...COUNTED, ...host.limits }
  const prelude = parts.map((part) => PRELUDES[part]).join('\n')
  // The plain form is the one most calls have; a program with imports has to be a module.
  const toSource = (program: string): string => (parts.length === 0 ? `return (${program})` : `${prelude}\nexport default ${program}`)
  return {
    async evaluate(program) {
      const result = await sandbox.run(toSource(program), { grants, limits })
      if (parts.includes('console')) for (const { text } of result.console) host.print(text)
      return toValue(result)
    },
    call: async (program, input) => toValue(await sandbox.run(`export default ${program}`, { input, limits })),
    load: async (program, modules) => toValue(await sandbox.run(program, { modules, limits })),
    close() {},
  }
}

async function toGrants(host: RoomHost, parts: readonly Part[]): Promise<Grants> {
  const { defineTool, memoryDir } = await loadGlovebox()
  const grants: { -readonly [K in keyof Grants]: Grants[K] } = {}
  if (parts.includes('exists')) grants.fs = { '/data': memoryDir({ files: { 'a.txt': 'text' } }) }
  if (parts.includes('lookup')) {
    const validate = (value: unknown) => {
      const { id, name } = value as Item
      return typeof id === 'number' && typeof name === 'string' ? { value: { id, name } } : { issues: [{ message: 'expected an item' }] }
    }
    const lookup = defineTool<Item, Item>({
      description: 'Looks an item up',
      input: { '~standard': { version: 1, vendor: 'bench', validate } },
      execute: (item) => host.lookup(item),
    })
    grants.tools = { lookup }
  }
  if (!parts.includes('files') && !parts.includes('http')) return grants
  const { http, openDir } = await loadGlovebox('glovebox/node')
  if (parts.includes('files')) grants.fs = { '/data': await openDir(host.folder, { mode: 'read-write' }) }
  if (parts.includes('http')) grants.net = http([{ url: `${host.origin}/**`, allowPrivateAddresses: ['127.0.0.1'] }])
  return grants
}

/** Isolates are idle once their call is over; to be many they have to be alive at once before. */
async function openKept(host: HostFunctions) {
  const make = await prepareMany()
  let release: (() => void)[] = []
  let timer: NodeJS.Timeout | undefined
  const lookup: HostFunctions['lookup'] = (item) => new Promise((resolve) => {
    release.push(() => resolve({ ...item, found: true }))
    clearTimeout(timer)
    timer = setTimeout(() => {
      for (const go of release) go()
      release = []
    }, SETTLED_MS)
  })
  const room = await make({ ...toRoomHost(host), lookup }, ['lookup'])
  return (program: string) => room.evaluate(`(async () => { await lookup({ id: 1, name: "item" }); return (${program}) })()`)
}

/** Isolates whose calls wait for an answer. */
async function openWaiting(host: HostFunctions) {
  const make = await prepareMany()
  return (program: string): Promise<boolean> => new Promise((resolve, reject) => {
    const lookup = (): Promise<never> => (resolve(true), new Promise(() => {}))
    const start = async (): Promise<unknown> => (await make({ ...toRoomHost(host), lookup }, ['lookup'])).evaluate(program)
    start().catch(reject)
  })
}

async function prepareMany(): Promise<MakeRoom> {
  const sandbox = await (await loadGlovebox()).createSandbox({ pool: MANY })
  return (host, parts) => openRoom(sandbox, host, parts)
}
