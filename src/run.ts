import { platform } from '#platform'
import type { RunScope } from '../capabilities/capability.js'
import { EncodeError, decode, encode, type WireMessage } from './codec.js'
import { disposeAll } from './dispose.js'
import { Door } from './door.js'
import type { Engine, Ending, Ports, Program } from './engine.js'
import { GloveboxError } from './errors.js'
import { Fuel } from './fuel.js'
import { type CheckedGrants, toGrants } from './grants.js'
import { Ledger } from './ledger.js'
import { type Limits, toLimits } from './limits.js'
import { checkModules, createModuleSources } from './modules.js'
import { type GloveboxEvent, type RunOptions, checkRunOptions } from './options.js'
import { Output } from './output.js'
import { createOnce, describeReach, toClock, toHandlerTable, toRandom, toSeed } from './powers.js'
import type { RunResult } from './result.js'
import type { Slots } from './slots.js'
import type { Halt } from './stop.js'

export interface RunContext {
  readonly engine: Engine
  readonly slots: Slots
  /** Of this call; the sandbox sets it when it is disposed. */
  readonly halt: Halt
  /** Bounds of the sandbox, over which a call sets its own. */
  readonly limits: Limits
  /** Refuses grants beyond the sandbox's ceiling. */
  readonly admit: (grants: CheckedGrants) => void
  readonly onEvent: ((event: GloveboxEvent) => void) | undefined
}

/** Why the signals of a call's host functions are aborted; made once, for an error with its stack costs more than a call. */
const ENDED = Object.freeze(new GloveboxError('disposed', 'The call has ended'))

/**
 * The life of one call: admit, lease and link (by the engine), run, settle, revoke.
 * @throws GloveboxError for misuse, before anything of the guest is looked at
 */
export async function run<T>(source: string, options: RunOptions, context: RunContext): Promise<RunResult<T>> {
  const startedAt = platform.now()
  checkRunOptions(options)
  if (typeof source !== 'string') throw new GloveboxError('invalid-option', `run: expected source text, got ${typeof source}`)
  const limits = toLimits(options.limits, context.limits)
  const grants = toGrants(options.grants)
  context.admit(grants)
  const modules = checkModules(options.modules)
  const input = encodeInput(options.input)

  const { halt } = context
  const ended = new AbortController()
  const disposals: (() => void)[] = []
  const clock = toClock(grants)
  const fuelLeft = { read: () => 0 }
  const fuel = new Fuel(halt, {
    limit: limits.fuel,
    now: platform.now,
    deadline: startedAt + limits.deadlineMs,
    deadlineMs: limits.deadlineMs,
    signal: options.signal ?? ended.signal,
    defer: platform.defer,
    startTimer: platform.startTimer,
  })
  const emit = (event: GloveboxEvent): void => {
    context.onEvent?.(event)
    options.onEvent?.(event)
  }
  const ledger = new Ledger({ sink: (entry) => emit({ type: 'host-call', entry }), fuel: () => fuel.used(fuelLeft.read()) })
  const output = new Output({ limits, halt, onLine: (line) => emitQuietly(emit, { type: 'console', line }) })
  const resources = { count: 0 }
  const scope: RunScope = {
    limits,
    onSettle: (dispose) => disposals.push(dispose),
    resource: () => {
      resources.count++
      if (resources.count > limits.resources) halt.raise('resources', `The guest has more than ${limits.resources} host resources open; raise limits.resources`)
      let open = true
      return () => {
        if (open) resources.count--
        open = false
      }
    },
    now: () => clock.now(),
  }
  const random = toRandom(grants)
  const door = new Door({ handlers: () => toHandlerTable(grants, random, scope), ledger, limits, halt, signal: ended.signal })
  const exit: { code?: number } = {}
  const once = createOnce(ledger)
  const ports: Ports = {
    limits,
    halt,
    fuel,
    clock: {
      ...clock,
      now: () => {
        if (grants.clock !== undefined) once('clock', 'now', describeReach(grants.clock))
        return clock.now()
      },
    },
    signal: ended.signal,
    call: (operation, args) => door.call(operation, args),
    callAsync: (operation, args) => door.callAsync(operation, args),
    ...createModuleSources({ modules, mounts: grants.fs.keys(), call: (operation, ...args) => door.call(operation, encode(args)) }),
    write: (level, text) => output.write(level, text),
    exit: (code) => {
      exit.code = code
    },
    seed: () => {
      if (grants.random !== undefined) once('random', 'seed', describeReach(grants.random))
      return toSeed(random)
    },
    watchFuel: (read) => {
      fuelLeft.read = read
    },
  }

  if (byteLength(source) > limits.sourceBytes) {
    halt.set('source-size', `The program is larger than ${limits.sourceBytes} bytes; raise limits.sourceBytes`)
  }
  const onAbort = (): void => void halt.set('aborted', 'The call was aborted by its signal')
  if (options.signal?.aborted === true) onAbort()
  else options.signal?.addEventListener('abort', onAbort, { once: true })

  const filename = options.filename ?? (options.language === 'ts' ? 'main.ts' : 'main.js')
  const program: Program = {
    source,
    language: options.language ?? (filename.endsWith('.ts') ? 'ts' : 'js'),
    filename,
    input,
    args: [...(options.args ?? [])],
    env: grants.env,
    stdin: grants.stdin,
    tools: [...grants.tools.keys()],
  }
  let release: (() => void) | undefined
  try {
    if (halt.stop === undefined) release = await context.slots.take(halt, fuel)
    const { ending, usage } = await (halt.stop === undefined
      ? context.engine.run(program, ports)
      : { ending: { outcome: 'stopped' } as Ending, usage: { fuel: 0, memoryPeakBytes: 0 } })
    door.close()
    const common = {
      stdout: output.stdout,
      stderr: output.stderr,
      console: output.lines,
      usage: { ...usage, wallMs: platform.now() - startedAt, ...door.usage },
      ledger: ledger.entries,
      sources: ledger.sources,
      ...(exit.code === undefined ? {} : { exitCode: exit.code }),
    }
    return { ...common, ...toOutcome<T>(ending, halt) }
  } finally {
    release?.()
    door.close()
    ended.abort(ENDED)
    options.signal?.removeEventListener('abort', onAbort)
    disposeAll(disposals)
  }
}

function toOutcome<T>(ending: Ending, halt: Halt) {
  const { stop } = halt
  if (stop !== undefined) return { outcome: 'stopped' as const, reason: stop.reason, message: stop.message }
  if (ending.outcome === 'threw') return ending
  if (ending.outcome === 'returned') {
    try {
      return { outcome: 'returned' as const, value: decode(ending.message) as T }
    } catch {
      // Only a guest that reached its own prelude's internals can send this.
      return { outcome: 'stopped' as const, reason: 'poisoned' as const, message: 'The isolate sent a malformed result; it was dropped' }
    }
  }
  return { outcome: 'stopped' as const, reason: 'trap' as const, message: 'The isolate trapped' }
}

function encodeInput(input: unknown): WireMessage {
  try {
    return encode(input)
  } catch (cause) {
    if (!(cause instanceof EncodeError)) throw cause
    throw new GloveboxError('invalid-input', `Cannot pass "input": ${cause.message}`, { cause })
  }
}

/** UTF-8 bytes of a text, without encoding it. */
function byteLength(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}

function emitQuietly(emit: (event: GloveboxEvent) => void, event: GloveboxEvent): void {
  try {
    emit(event)
  } catch {
    // Output is kept in the result; only the record of host calls fails closed.
  }
}
