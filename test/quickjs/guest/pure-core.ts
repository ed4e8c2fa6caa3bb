import type { HostCall } from '../../../capabilities/capability.js'
import { DEFAULT_LIMITS } from '../../../src/limits.js'
import { pureHandlers } from '../../../src/pure.js'
import type { GuestCore } from '../../../src/quickjs/guest/core.js'

type Library = (core: GuestCore) => Record<string, unknown>

export interface PureCore extends GuestCore {
  /** What was logged: level and text. */
  readonly lines: (readonly [level: string, text: string])[]
  /** Libraries loaded so far, in order. */
  readonly loaded: string[]
  /** Bytes spent by pure operations. */
  spent: number
}

/** A core for libraries under test: pure operations work, everything else is not there. */
export function pureCore(libraries: Readonly<Record<string, Library>> = {}): PureCore {
  const exports = new Map<string, Record<string, unknown>>()
  const unavailable = (): never => {
    throw new Error('not granted to this test')
  }
  const hostCall: HostCall = {
    target: '', bytesIn: 0, bytesOut: 0, limits: DEFAULT_LIMITS, signal: new AbortController().signal,
    source: unavailable,
    spend: (_direction, bytes) => {
      core.spent += bytes
    },
  }
  const core: PureCore = {
    lines: [],
    loaded: [],
    spent: 0,
    call: (operation, ...args) => pureHandlers[operation]!(args, hostCall),
    callAsync: unavailable,
    lib(name) {
      if (!exports.has(name)) {
        core.loaded.push(name)
        exports.set(name, libraries[name]!(core))
      }
      return exports.get(name)!
    },
    PermissionDenied: Error,
    log: (level, text) => void core.lines.push([level, text]),
    startTimer: unavailable,
    stopTimer: unavailable,
    packaged: () => undefined,
    source: () => { throw new Error('no modules here') },
    script: () => { throw new Error('no modules here') },
    settings: () => ({ args: [], env: {}, stdin: '', tools: [], timers: 64, mounts: [], given: [], filename: '/main.js' }),
    isProxy: () => false,
    atEnd: unavailable,
    exit: unavailable,
  }
  return core
}
