import { GloveboxError } from '../errors.js'
import type { ComponentCache } from './cache.js'
import type { CallMode, Compiled } from './compiled.js'
import { assemble } from './assemble.js'
import type { CompilerPlatform } from './platform/platform.js'
import { fromEntry, toEntry, toKey } from './stored.js'
import { transpile } from './transpile.js'
import { isComponent } from './binary/component.js'
import type { Bounds, Order, Prepared } from './worker/protocol.js'

const MiB = 1 << 20

/** How a component is loaded. */
export interface CompileOptions {
  readonly platform: CompilerPlatform
  /** SHA-256 the bytes must have, in hexadecimal; nothing is read of others. @default none */
  readonly sha256?: string | undefined
  /** How its exports are called. `auto` is `jspi` where the engine can suspend and the component may wait. @default 'auto' */
  readonly mode?: CallMode | 'auto' | undefined
  /** Names of functions that may wait, `interface#function` without version. @default none */
  readonly asyncImports?: readonly string[] | undefined
  /** Names of the embedder's own interfaces and functions, with or without version. @default none */
  readonly interfaces?: readonly string[] | undefined
  /** Where prepared components are kept in memory. @default none */
  readonly cache?: ComponentCache | undefined
  /**
   * A directory where prepared components are kept. What is in it is run as code of the host: nobody else may write
   * there. @default none
   */
  readonly directory?: string | undefined
  /** Bytes of the component. @default 64 MiB */
  readonly maxBytes?: number | undefined
  /** Time to prepare it, in milliseconds. @default 30_000 */
  readonly deadlineMs?: number | undefined
  /** Bytes of code it may come to. @default 128 MiB */
  readonly maxOutputBytes?: number | undefined
  /** Bytes its linear memories may start with, and the most any of them may grow to. @default 1 GiB */
  readonly maxMemoryBytes?: number | undefined
  /** Elements of the tables of one module. @default 100_000 */
  readonly maxTableElements?: number | undefined
}

const RANGES = { maxBytes: 256 * MiB, deadlineMs: 600_000, maxOutputBytes: 512 * MiB, maxMemoryBytes: 4096 * MiB, maxTableElements: 10_000_000 } as const

const DEFAULTS = { maxBytes: 64 * MiB, deadlineMs: 30_000, maxOutputBytes: 128 * MiB, maxMemoryBytes: 1024 * MiB, maxTableElements: 100_000 } as const

/** Elements of the tables of one module that is loaded to be called; each call has its own limit below it. */
export const MOST_TABLE_ELEMENTS = 1_000_000

/** Core modules in one component, their instances, and names: beyond anything tools make. */
const MOST = { maxModules: 256, maxInstances: 256, maxExports: 10_000 } as const

/**
 * Checks, transpiles and meters a component, or a core module of WASI preview 1.
 *
 * Nothing of the bytes is read before their digest is compared. They are taken apart on a thread that is thrown away,
 * so that a panic, a hang or an explosion costs this load only; every name of a core module is checked before the
 * generated glue is evaluated, and the glue sees nothing of the host but what a call hands it.
 * @throws GloveboxError `digest-mismatch`, `invalid-component`, `unknown-import`, `meter-refused`, `load-stopped`,
 * `missing-dependency`, `unsupported-platform`, `invalid-option`
 */
export async function compileComponent(bytes: Uint8Array, options: CompileOptions): Promise<Compiled> {
  const { cache } = options
  const loading = await toLoading(bytes, options)
  return cache === undefined ? load(loading) : cache.get(loading.key, () => load(loading))
}

/** As `compileComponent`, up to where it would be compiled. */
export async function prepareComponent(bytes: Uint8Array, options: CompileOptions): Promise<{ readonly prepared: Prepared; readonly digest: string }> {
  const loading = await toLoading(bytes, options)
  return { prepared: await prepare(loading), digest: loading.digest }
}

async function toLoading(given: Uint8Array, options: CompileOptions): Promise<Loading> {
  const { platform, directory } = options
  const limits = toLimits(options)
  if (!(given instanceof Uint8Array)) throw new GloveboxError('invalid-option', `Cannot load the component: expected its bytes as a Uint8Array, got ${typeof given}`)
  if (given.length > limits.maxBytes) throw new GloveboxError('invalid-component', `Cannot load the component: it has ${given.length} bytes where ${limits.maxBytes} are the most; raise maxBytes if it is worth it`)
  // A copy of our own: what is checked must be what is loaded.
  const bytes = given.slice()
  const digest = await platform.digest(bytes)
  checkDigest(digest, options.sha256)
  const { maxMemoryBytes, maxOutputBytes, maxTableElements, deadlineMs } = limits
  const bounds: Bounds = { ...MOST, maxMemoryBytes, maxOutputBytes, maxTableElements }
  const order: Order = {
    bytes,
    adapters: undefined,
    mode: options.mode ?? 'auto',
    canSuspend: canSuspend(),
    asyncImports: options.asyncImports ?? [],
    interfaces: options.interfaces ?? [],
    bounds,
  }
  return { order, digest, key: toKey(digest, order), deadlineMs, platform, directory }
}

/** Whether the engine can suspend a WebAssembly stack. */
export const canSuspend = (): boolean => 'Suspending' in WebAssembly && 'promising' in WebAssembly

interface Loading {
  readonly order: Order
  readonly digest: string
  readonly key: string
  readonly deadlineMs: number
  readonly platform: CompilerPlatform
  readonly directory: string | undefined
}

async function load(loading: Loading): Promise<Compiled> {
  const { order, digest, key, platform, directory } = loading
  const store = directory === undefined ? undefined : platform.openStore(directory)
  const size = order.bytes.length
  const name = `${await platform.digest(new TextEncoder().encode(key))}.component`
  // What cannot be read is made anew.
  const stored = await store?.read(name).catch(() => undefined)
  const known = stored && (await fromEntry(stored, { key, digest: platform.digest }))
  if (known !== undefined) return assemble(known, { digest, size, platform })
  const prepared = await prepare(loading)
  const compiled = await assemble(prepared, { digest, size, platform })
  // A component that works without being kept is better than none.
  await store?.write(name, await toEntry(prepared, { key, digest: platform.digest })).catch(() => {})
  return compiled
}

async function prepare({ order, platform, deadlineMs }: Loading): Promise<Prepared> {
  if (isComponent(order.bytes)) return transpile(order, { platform, deadlineMs })
  const [command, reactor] = await Promise.all([platform.readAdapter('command'), platform.readAdapter('reactor')])
  return transpile({ ...order, adapters: { command, reactor } }, { platform, deadlineMs })
}

/** @throws GloveboxError `digest-mismatch`, `invalid-option` */
export function checkDigest(digest: string, expected: string | undefined): void {
  if (expected === undefined) return
  if (typeof expected !== 'string' || !/^[0-9a-f]{64}$/i.test(expected)) throw new GloveboxError('invalid-option', 'Cannot load the component: sha256 is no SHA-256 in hexadecimal, 64 digits')
  if (expected.toLowerCase() !== digest) throw new GloveboxError('digest-mismatch', `Cannot load the component: its SHA-256 is ${digest}, and sha256 says ${expected.toLowerCase()}`)
}

function toLimits(options: CompileOptions): Readonly<Record<keyof typeof DEFAULTS, number>> {
  const limits: Record<keyof typeof DEFAULTS, number> = { ...DEFAULTS }
  for (const key of Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]) {
    const value = options[key]
    if (value === undefined) continue
    if (!Number.isInteger(value) || value < 1 || value > RANGES[key]) throw new GloveboxError('invalid-option', `Cannot load the component: ${key} is ${String(value)}: expected a whole number from 1 to ${RANGES[key]}`)
    limits[key] = value
  }
  return limits
}
