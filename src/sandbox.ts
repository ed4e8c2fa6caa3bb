import type { CallContext } from './call.js'
import type { LoadOptions } from './component-options.js'
import type { ComponentEngine, ComponentSource } from './component/seam.js'
import type { Engine, ProgramEngine } from './engine.js'
import { GloveboxError } from './errors.js'
import { type CheckedGrants, type Grants, toGrants } from './grants.js'
import { COMPONENT_LIMITS, toLimits } from './limits.js'
import { type Component, load } from './load.js'
import { type RunOptions, type SandboxOptions, checkSandboxOptions } from './options.js'
import { type BlastRadius, admitUnder, describeGrants } from './policy.js'
import { quickjs } from './quickjs/engine.js'
import type { RunResult } from './result.js'
import { Room } from './room.js'
import { run } from './run.js'
import { Halt } from './stop.js'
import { threads } from './threads/engine.js'

/** Figures of a sandbox at one moment. */
export interface SandboxStats {
  /** Isolates alive now. */
  readonly live: number
  /** Calls that have not ended. */
  readonly running: number
  /** Calls that wait for an isolate: until others have started, or because of `pool.maxLive` or `pool.maxBytes`. */
  readonly waiting: number
  /** Calls that wait for an answer or a timer without an isolate. */
  readonly setAside: number
  /** Bytes kept of the guests set aside. */
  readonly setAsideBytes: number
  /** Instances kept for calls to come. */
  readonly idle: number
  /** Calls since the sandbox was made. */
  readonly runs: number
}

const MAX_LIVE = 1000
/** With the default limits 256 guests at work at once, more than any thread serves well. */
const MAX_BYTES = 16 * 2 ** 30

export interface Sandbox extends AsyncDisposable {
  /**
   * Runs a guest program in a fresh isolate. What the guest does is a value; only misuse rejects.
   * @throws GloveboxError `invalid-option`, `invalid-grant`, `invalid-input`, `invalid-module`, `exceeds-ceiling`,
   * `missing-engine`, `disposed`
   */
  run<T = unknown>(source: string, options?: RunOptions): Promise<RunResult<T>>
  /**
   * Checks, transpiles and meters a component or a core module of WASI preview 1, once; needs `component()` among the
   * engines. The caller disposes it; what is left is disposed with the sandbox.
   * @throws GloveboxError `missing-engine`, `invalid-option`, `digest-mismatch`, `invalid-component`, `unknown-import`,
   * `meter-refused`, `load-stopped`, `missing-dependency`, `disposed`
   */
  load(source: ComponentSource, options?: LoadOptions): Promise<Component>
  /** Everything these grants would let a program reach. */
  describe(grants: Grants): BlastRadius
  stats(): SandboxStats
}

/**
 * Makes a sandbox: engines, default limits and a ceiling no call may exceed. The caller disposes it, which ends the
 * calls that are still running.
 * @throws GloveboxError `invalid-option`, `invalid-grant`, `unsupported-platform`
 * @example
 * await using sandbox = await createSandbox()
 * const result = await sandbox.run('return 1 + 1')
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  checkSandboxOptions(options)
  const limits = toLimits(options.limits)
  const componentLimits = toLimits(options.limits, COMPONENT_LIMITS)
  const ceiling: CheckedGrants | undefined = options.ceiling === undefined ? undefined : toGrants(options.ceiling)
  const { maxLive = MAX_LIVE, maxBytes = MAX_BYTES, threads: count, ...kept } = options.pool ?? {}
  const engines: readonly Engine[] = options.engines ?? [options.isolation === 'thread' ? threads({ threads: count }) : quickjs({ pool: kept })]
  const room = new Room({
    maxLive,
    maxBytes,
    idle: { bytes: () => sum(engines, ({ idleBytes = 0 }) => idleBytes), drop: () => engines.some((engine) => engine.dropIdle?.() === true) },
    setAsideOldest: () => engines.some((engine) => engine.setAsideOldest?.() === true),
  })
  const programs = engines.find(isProgramEngine)
  const components = engines.find(isComponentEngine)
  const running = new Map<Promise<unknown>, Halt>()
  let runs = 0
  let disposed = false
  const checkAlive = (): void => {
    if (disposed) throw new GloveboxError('disposed', 'This sandbox was disposed; make another with createSandbox()')
  }
  const begin = async <T>(halt: Halt, work: (context: CallContext) => Promise<RunResult<T>>): Promise<RunResult<T>> => {
    checkAlive()
    runs++
    const call = work({ room, halt, limits, admit: (grants) => admitUnder(ceiling, grants), onEvent: options.onEvent })
    running.set(call, halt)
    try {
      return await call
    } finally {
      running.delete(call)
    }
  }
  return {
    async run<T>(source: string, runOptions: RunOptions = {}) {
      if (programs === undefined) throw new GloveboxError('missing-engine', 'This sandbox runs no programs; make it with createSandbox({ engines: [quickjs(), component()] })')
      return begin(new Halt(), (context) => run<T>(source, runOptions, { ...context, engine: programs }))
    },
    async load(source, loadOptions = {}) {
      checkAlive()
      return load(source, loadOptions, { engine: components, begin: (halt, work) => begin(halt, (context) => work({ ...context, limits: componentLimits })) })
    },
    describe: (grants) => describeGrants(toGrants(grants)),
    stats: () => ({
      live: sum(engines, ({ live }) => live),
      idle: sum(engines, ({ idle }) => idle),
      waiting: room.waiting + sum(engines, ({ starting }) => starting?.waiting ?? 0),
      setAside: sum(engines, ({ aside }) => aside?.count ?? 0),
      setAsideBytes: sum(engines, ({ aside }) => aside?.bytes ?? 0),
      running: running.size,
      runs,
    }),
    async [Symbol.asyncDispose]() {
      if (disposed) return
      disposed = true
      for (const halt of running.values()) halt.set('aborted', 'The sandbox was disposed before the call had ended')
      await Promise.allSettled(running.keys())
      await Promise.all(engines.map((each) => each[Symbol.asyncDispose]()))
    },
  }
}

function isProgramEngine(engine: Engine): engine is ProgramEngine {
  return 'run' in engine
}

function isComponentEngine(engine: Engine): engine is ComponentEngine {
  return 'load' in engine
}

function sum(engines: readonly Engine[], count: (engine: Engine) => number): number {
  return engines.reduce((total, engine) => total + count(engine), 0)
}
