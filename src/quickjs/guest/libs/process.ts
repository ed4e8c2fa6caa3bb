import { builtinOf, toBuiltin } from '../builtin-modules.js'
import type { GuestCore } from '../core.js'
import { createHrtime } from './process/hrtime.js'
import { createStdio } from './process/stdio.js'
import { createWarnings } from './process/warnings.js'

type Emitter = Record<string, (...args: unknown[]) => unknown>

const EMITTING = [
  'on', 'once', 'off', 'addListener', 'removeListener', 'removeAllListeners', 'prependListener', 'prependOnceListener', 'listeners', 'rawListeners', 'eventNames', 'setMaxListeners', 'getMaxListeners',
  'listenerCount', 'emit',
] as const
const VERSION = '24.0.0'

const refuse = (name: string, instead: string): Error =>
  Object.assign(new Error(`process.${name} is not available in a sandbox: ${instead}`), { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' })

/** Node's `process`: what data grants fill, and constants where Node tells of the machine. */
export default (core: GuestCore) => {
  const { args, env } = core.settings()
  const { performance } = globalThis
  const microtask = queueMicrotask
  let emitter: Emitter | undefined
  let isEnding = false

  const end = (code: number): void => {
    if (isEnding) return
    isEnding = true
    emitter?.['emit']!('exit', code)
  }
  const codeOf = (code: unknown): number => Number(code ?? 0) | 0
  const listening = (): Emitter => {
    if (emitter !== undefined) return emitter
    emitter = new (core.lib('node-events')['EventEmitter'] as new () => Emitter)()
    core.atEnd(() => {
      if (isEnding) return
      emitter!['emit']!('beforeExit', codeOf(process.exitCode))
      end(codeOf(process.exitCode))
    })
    return emitter
  }

  const process: Record<string, any> = {
    title: 'glovebox',
    argv: ['glovebox', 'main', ...args],
    argv0: 'glovebox',
    execArgv: [],
    execPath: '/glovebox',
    env: { ...env },
    platform: 'wasm',
    arch: 'wasm32',
    pid: 1,
    ppid: 0,
    version: `v${VERSION}`,
    versions: Object.freeze({ node: VERSION, modules: '137' }),
    release: Object.freeze({ name: 'node', lts: false }),
    features: Object.freeze({ inspector: false, debug: false, uv: false, ipv6: false, tls: false, typescript: 'strip', require_module: true }),
    config: Object.freeze({ target_defaults: Object.freeze({}), variables: Object.freeze({}) }),
    exitCode: undefined,
    connected: false,
    ...createHrtime(performance),
    cwd: () => '/',
    chdir: (): never => {
      throw refuse('chdir', 'the working directory is "/"; use absolute paths, or path.join()')
    },
    umask: () => 0o22,
    exit: (code?: unknown): never => {
      if (code !== undefined) process['exitCode'] = code
      end(codeOf(process['exitCode']))
      return core.exit(codeOf(process['exitCode']))
    },
    reallyExit: (code?: unknown): never => core.exit(codeOf(code)),
    abort: (): never => core.exit(134),
    kill: (): never => {
      throw refuse('kill', 'there are no other processes; use process.exit() to end this one')
    },
    nextTick: (callback: unknown, ...rest: unknown[]): void => {
      if (typeof callback !== 'function') throw Object.assign(new TypeError('The "callback" argument must be of type function'), { code: 'ERR_INVALID_ARG_TYPE' })
      microtask(() => void callback(...rest))
    },
    memoryUsage: Object.assign(() => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }), { rss: () => 0 }),
    availableMemory: () => 256 << 20,
    constrainedMemory: () => 0,
    resourceUsage: () => ({ userCPUTime: 0, systemCPUTime: 0, maxRSS: 0, fsRead: 0, fsWrite: 0 }),
    cpuUsage: (before?: { readonly user: number }) => ({ user: Math.round(performance.now() * 1000) - (before?.user ?? 0), system: 0 }),
    getuid: () => 1000,
    geteuid: () => 1000,
    getgid: () => 1000,
    getegid: () => 1000,
    getActiveResourcesInfo: () => [],
    setUncaughtExceptionCaptureCallback: (): void => {},
    hasUncaughtExceptionCaptureCallback: () => false,
    binding: (): never => {
      throw refuse('binding', 'there is no native code in a sandbox')
    },
    dlopen: (): never => {
      throw refuse('dlopen', 'there is no native code in a sandbox; components run it')
    },
    getBuiltinModule: (name: unknown): unknown => {
      const builtin = builtinOf(toBuiltin(String(name)) ?? '')
      if (builtin === undefined) return undefined
      const exports = core.lib(builtin.library)
      return builtin.member === undefined ? exports : (exports[builtin.member] as unknown)
    },
    loadEnvFile: (path: unknown = '.env'): void => {
      const text = core.lib('fs')['readFileSync'](path, 'utf8') as string
      const variables = core.lib('node-util')['parseEnv'](text) as Record<string, string>
      for (const [name, value] of Object.entries(variables)) process['env'][name] ??= value
    },
    ...createWarnings(core, () => process as { emit(name: string, value: unknown): void }),
  }
  for (const name of EMITTING) {
    process[name] = (...rest: unknown[]): unknown => {
      // Nothing is listened to before something is asked to listen.
      if (emitter === undefined && /^(?:emit|off|remove|list|raw|event)/.test(name)) return name === 'emit' ? false : name === 'listenerCount' ? 0 : /^(?:off|remove)/.test(name) ? process : []
      const answer = listening()[name]!(...rest)
      return answer === emitter ? process : answer
    }
  }
  const stdio = createStdio(core)
  for (const name of ['stdin', 'stdout', 'stderr'] as const) {
    let stream: unknown
    Object.defineProperty(process, name, { get: () => (stream ??= stdio[name]()), enumerable: true, configurable: true })
  }
  Object.defineProperty(process, Symbol.toStringTag, { value: 'process', configurable: true })
  return { process }
}
