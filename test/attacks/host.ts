import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { RunOptions, RunResult, SandboxOptions } from '../../src/index.js'
import { useSandbox } from '../support/sandbox.js'

/** What a call must have come to, all of it. */
export type Expected =
  | { readonly value: unknown; readonly ledger?: readonly string[] }
  | { readonly error: { readonly name: string; readonly code?: string; readonly message?: string }; readonly ledger?: readonly string[] }
  | { readonly stopped: string | readonly string[]; readonly ledger?: readonly string[] }

export interface Attacks {
  /** Runs the program, compares the whole outcome, and then whether the next guest is as the first one was. */
  attack(source: string, expected: Expected, options?: RunOptions): Promise<RunResult<unknown>>
  run(source: string, options?: RunOptions): Promise<RunResult<unknown>>
}

/** What every attack may use at the most: far above what any needs, far below what would be felt. */
const BOUNDS = { deadlineMs: 5_000, memoryBytes: 24 << 20 }

/** All that a guest can see of its isolate, as one text. */
const PROBE = `
  const seen = []
  const lazy = new Set(['process', 'tools', 'require', 'module', 'exports'])
  const look = (name, value) => {
    for (const key of Reflect.ownKeys(value)) {
      const { get, set, value: held, ...flags } = Object.getOwnPropertyDescriptor(value, key)
      seen.push(name + '.' + String(key) + ' ' + typeof get + typeof held + (typeof held === 'function' ? held.name + held.length : '') + JSON.stringify(flags))
    }
  }
  look('globalThis', globalThis)
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const { value } = Object.getOwnPropertyDescriptor(globalThis, name)
    if (typeof value === 'function' || (typeof value === 'object' && value !== null && value !== globalThis)) look(name, value)
    if (typeof value === 'function' && value.prototype) look(name + '.prototype', value.prototype)
  }
  let sum = 0
  for (const line of seen) for (let i = 0; i < line.length; i++) sum = (Math.imul(sum, 31) + line.charCodeAt(i)) | 0
  return [seen.length, sum, Math.random(), Date.now()]`

/** A sandbox for the attacks of a file; behind each of them the host is compared with what it was. */
export function useAttacks(options: SandboxOptions = {}): Attacks {
  const { run } = useSandbox({ limits: BOUNDS, ...options })
  const probe = async (): Promise<unknown> => {
    const result = await run(PROBE)
    return { outcome: result.outcome, value: 'value' in result ? result.value : result, fuel: result.usage.fuel, memory: result.usage.memoryPeakBytes }
  }
  const files = useCanaryFile()
  let pristine: unknown
  let before: unknown
  let opened: readonly string[] = []
  beforeAll(async () => {
    pristine = await probe()
    expect(pristine).toMatchObject({ outcome: 'returned' })
  })
  beforeEach(async () => {
    before = await snapshot(files.folder())
    opened = openHandles()
  })
  afterEach(async () => {
    expect(await probe()).toEqual(pristine)
    expect(await snapshot(files.folder())).toEqual(before)
    expect(await leftOpen(opened)).toEqual([])
  })
  return {
    run,
    async attack(source, expected, runOptions) {
      const result = await run(source, runOptions)
      expect(toOutcome(result, expected)).toEqual({ ledger: [], ...expected })
      if (result.outcome === 'threw') expect(JSON.stringify(result.error)).not.toMatch(HOST_PATHS)
      expect(result.usage.memoryPeakBytes).toBeLessThanOrEqual(runOptions?.limits?.memoryBytes ?? BOUNDS.memoryBytes)
      return result
    },
  }
}

/** Paths that only the host has. */
const HOST_PATHS = /node_modules|node:internal|file:\/\/|\/(?:usr|root|home)\/|\/src\/(?:quickjs|door|run)/

function toOutcome(result: RunResult<unknown>, expected: Expected): unknown {
  const ledger = result.ledger.map(({ capability, operation, target, decision }) => `${capability}.${operation} ${target} ${decision}`)
  if (result.outcome === 'returned') return { value: result.value, ledger }
  if (result.outcome === 'threw') {
    const { name, code, message } = result.error
    const asked = 'error' in expected ? expected.error : { code: '', message: '' }
    return { error: { name, ...('code' in asked ? { code } : {}), ...('message' in asked ? { message } : {}) }, ledger }
  }
  const allowed = 'stopped' in expected ? expected.stopped : []
  return { stopped: allowed.includes(result.reason) ? allowed : result.reason, ledger }
}

/** A folder of the host's that no guest was granted, with one file in it. */
function useCanaryFile(): { folder(): string } {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'glovebox-attack-'))
    await writeFile(join(folder, 'canary.txt'), 'untouched')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return { folder: () => folder }
}

/** What belongs to the host and no guest may change. */
async function snapshot(folder: string): Promise<unknown> {
  const shapes: Record<string, unknown> = { globalThis: shapeOf(globalThis) }
  for (const name of BUILT_IN) {
    const value = (globalThis as Record<string, unknown>)[name] as { prototype?: object }
    shapes[name] = shapeOf(value)
    if (value.prototype !== undefined) shapes[`${name}.prototype`] = shapeOf(value.prototype)
  }
  return {
    shapes,
    prepareStackTrace: (Error as { prepareStackTrace?: unknown }).prepareStackTrace,
    stackTraceLimit: Error.stackTraceLimit,
    cwd: process.cwd(),
    exitCode: process.exitCode,
    env: { ...process.env },
    listeners: process.eventNames().map((name) => [name, process.listenerCount(name)]),
    files: await Promise.all((await readdir(folder)).map(async (name) => [name, await readFile(join(folder, name), 'utf8')])),
  }
}

const BUILT_IN = [
  'Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'Promise', 'Map', 'Set', 'WeakMap', 'Proxy', 'Reflect', 'JSON', 'Math', 'RegExp', 'Date', 'Error',
  'TypeError', 'ArrayBuffer', 'Uint8Array', 'DataView', 'BigInt', 'Intl', 'URL', 'AbortSignal', 'WebAssembly',
]
/** What reaches outside or goes on by itself; the test runner's own reports and timers are no business of a guest's. */
const HANDLES = /^(?:TCP|UDP|TLS|Pipe(?:Connect|Server)|Process|GetAddrInfo|GetNameInfo|QueryReq|FSEvent|StatWatcher|Timeout)/

const identities = new WeakMap<object, number>()
let known = 0

/** Names of what an object has, and which functions they are; but for what the host's own `fetch` leaves when it is first loaded. */
function shapeOf(target: object): readonly string[] {
  return Reflect.ownKeys(target).filter((key) => !String(key).includes('undici.globalDispatcher')).map((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(target, key)!
    return `${String(key)}:${identityOf(descriptor.value)}:${identityOf(descriptor.get)}`
  })
}

function identityOf(value: unknown): string {
  if (typeof value !== 'function') return typeof value
  if (!identities.has(value)) identities.set(value, ++known)
  return String(identities.get(value))
}

function openHandles(): readonly string[] {
  return process.getActiveResourcesInfo().filter((type) => HANDLES.test(type))
}

/** Handles beyond those that were open before; what is being closed takes its turns. */
async function leftOpen(before: readonly string[]): Promise<readonly string[]> {
  const beyond = (): string[] => {
    const left = [...before]
    return openHandles().filter((type) => {
      const at = left.indexOf(type)
      if (at >= 0) left.splice(at, 1)
      return at < 0
    })
  }
  for (let turn = 0; turn < 100 && beyond().length > 0; turn++) await setTimeout(2)
  return beyond()
}
