import { GloveboxError } from './errors.js'
import type { Engine } from './engine.js'
import type { Grants } from './grants.js'
import { LIMIT_RANGES, type Limits } from './limits.js'
import type { ConsoleLine, LedgerEntry } from './result.js'

/** What happens during a call, as it happens. A sink that throws denies every further host call. */
export type GloveboxEvent =
  | { readonly type: 'host-call'; readonly entry: LedgerEntry }
  | { readonly type: 'console'; readonly line: ConsoleLine }

export interface RunOptions {
  /** What the program may reach. @default nothing */
  readonly grants?: Grants
  /** Bounds of this call, over those of the sandbox. */
  readonly limits?: Partial<Limits>
  /** Passed to the program; anything our wire format carries. @default undefined */
  readonly input?: unknown
  /** `process.argv` behind the first two. @default [] */
  readonly args?: readonly string[]
  /** @default 'js', or 'ts' when `filename` ends in `.ts` */
  readonly language?: 'js' | 'ts'
  /** Name in stacks. @default 'main.js' or 'main.ts' */
  readonly filename?: string
  /** Sources the program may import, by name: `{ './util.ts': '...' }`. @default {} */
  readonly modules?: { readonly [name: string]: string }
  /** Ends the call as `stopped: 'aborted'`. */
  readonly signal?: AbortSignal
  readonly onEvent?: (event: GloveboxEvent) => void
}

export interface SandboxOptions {
  /** @default [quickjs()] */
  readonly engines?: readonly Engine[]
  /** The most any call may be granted. @default no bound but each call's own grants */
  readonly ceiling?: Grants
  /** Default bounds of every call; a call may set its own. */
  readonly limits?: Partial<Limits>
  /**
   * Where guests run: on the thread of the caller, or on threads of their own, which use every core and can be ended.
   * Results are the same. Threads run the default engine, and in a page they need cross-origin isolation.
   * @default 'inline'
   */
  readonly isolation?: 'inline' | 'thread'
  readonly pool?: {
    /** Most calls that have an isolate at once; calls beyond wait in the order they came, within their deadline. @default 1000 */
    readonly maxLive?: number
    /**
     * Most bytes that calls hold: with their whole `limits.memoryBytes` while they run, with what they have while they
     * wait. Beyond, idle instances are dropped, then waiting guests are set aside, then calls wait in the order they
     * came, within their deadline. So that somebody can always go on, one call at a time may exceed it, by its own
     * memory. @default 16 GiB
     */
    readonly maxBytes?: number
    /** Instances kept when nobody uses them, inline. @default 16 */
    readonly maxIdle?: number
    /** Milliseconds after which instances that nobody used are dropped, inline. @default 10_000 */
    readonly idleMs?: number
    /** Compares every so many-th recycled instance with its image, byte for byte, inline; 0 is never. @default 1024 */
    readonly verifyEvery?: number
    /**
     * Guests that wait for answers or timers in isolates of their own, inline. Beyond, the one that has waited longest is
     * set aside: its isolate serves another, and what its memory differs by is kept until its answer comes. That costs as
     * much time as a short call; to stay costs about two megabytes. @default 128
     */
    readonly maxWaiting?: number
    /** Most guests set aside at once, inline; 0 is none ever. @default 100_000 */
    readonly maxSetAside?: number
    /** Most threads at once; calls beyond wait in the order they came. @default as many as the machine runs at once */
    readonly threads?: number
  }
  readonly onEvent?: (event: GloveboxEvent) => void
}

const RUN_KEYS = ['grants', 'limits', 'input', 'args', 'language', 'filename', 'modules', 'signal', 'onEvent']
const SANDBOX_KEYS = ['engines', 'ceiling', 'limits', 'isolation', 'pool', 'onEvent']
const POOL_KEYS = ['maxLive', 'maxBytes', 'maxIdle', 'idleMs', 'verifyEvery', 'maxWaiting', 'maxSetAside', 'threads']
const MOST_THREADS = 1024
const FILENAME = /^[\w./@-]{1,255}$/

/** @throws GloveboxError `invalid-option` */
export function checkRunOptions(options: RunOptions): void {
  checkKeys(options, RUN_KEYS, 'run')
  checkCallOptions(options)
  const { args, language, filename } = options
  if (args !== undefined && !(Array.isArray(args) && args.every((value) => typeof value === 'string'))) {
    throw invalid('args', 'a list of texts')
  }
  if (language !== undefined && language !== 'js' && language !== 'ts') throw invalid('language', '"js" or "ts"')
  if (filename !== undefined && !(typeof filename === 'string' && FILENAME.test(filename))) {
    throw invalid('filename', 'at most 255 letters, digits and ". / _ - @"')
  }
}

/** What calls of every kind take. */
export function checkCallOptions({ signal, onEvent }: Pick<RunOptions, 'signal' | 'onEvent'>): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid('signal', 'an AbortSignal')
  if (onEvent !== undefined && typeof onEvent !== 'function') throw invalid('onEvent', 'a function')
}

/** @throws GloveboxError `invalid-option` */
export function checkSandboxOptions(options: SandboxOptions): void {
  checkKeys(options, SANDBOX_KEYS, 'createSandbox')
  if (options.engines !== undefined && !(Array.isArray(options.engines) && options.engines.length > 0)) {
    throw invalid('engines', 'a list of engines such as [quickjs()]')
  }
  checkPool(options)
  if (options.onEvent !== undefined && typeof options.onEvent !== 'function') throw invalid('onEvent', 'a function')
}

function checkPool({ isolation = 'inline', pool, engines }: SandboxOptions): void {
  if (isolation !== 'inline' && isolation !== 'thread') throw invalid('isolation', '"inline" or "thread"')
  if (isolation === 'thread' && engines !== undefined) throw invalid('engines', 'none beside isolation: \'thread\', which brings the default engine')
  if (pool === undefined) return
  checkKeys(pool, POOL_KEYS, 'pool')
  for (const [name, value] of Object.entries(pool)) {
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 0)) throw invalid(`pool.${name}`, 'a whole number from 0')
  }
  const { maxLive, maxBytes, threads, ...kept } = pool
  if (maxLive === 0) throw invalid('pool.maxLive', 'at least 1')
  if (maxBytes !== undefined && maxBytes < LIMIT_RANGES.memoryBytes[0]) throw invalid('pool.maxBytes', `at least ${LIMIT_RANGES.memoryBytes[0]}, the least memory of one call`)
  if (isolation === 'thread') {
    if (Object.keys(kept).length > 0) throw invalid(`pool.${Object.keys(kept)[0]!}`, 'isolation: \'inline\' beside it')
  } else if (engines !== undefined && Object.keys(kept).length > 0) {
    throw invalid(`pool.${Object.keys(kept)[0]!}`, 'no engines beside it; pass it to quickjs({ pool })')
  }
  if (threads === undefined) return
  if (isolation === 'inline') throw invalid('pool.threads', 'isolation: \'thread\' beside it')
  if (threads < 1 || threads > MOST_THREADS) throw invalid('pool.threads', `a whole number from 1 to ${MOST_THREADS}`)
}

/** @throws GloveboxError `invalid-option` */
export function checkKeys(options: unknown, keys: readonly string[], where: string): void {
  if (typeof options !== 'object' || options === null) throw new GloveboxError('invalid-option', `${where}: expected an options object`)
  for (const key of Object.keys(options)) {
    if (!keys.includes(key)) throw new GloveboxError('invalid-option', `${where}: unknown option "${key}"; use one of ${keys.join(', ')}`)
  }
}

export function invalid(name: string, expected: string): GloveboxError {
  return new GloveboxError('invalid-option', `Option "${name}": expected ${expected}`)
}
