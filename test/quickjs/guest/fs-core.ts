import { Denied, GuestVisibleError } from '../../../capabilities/capability.js'
import type { GuestCore } from '../../../src/quickjs/guest/core.js'
import type { FakeRun } from '../../capabilities/fs/fake-run.js'

class PermissionDenied extends Error {
  override readonly name = 'PermissionDenied'
  readonly code = 'denied'
}

/** A guest's core whose every call goes to the real handlers, values by copy and errors by their fields, as in an isolate. */
export function createFsCore(run: FakeRun, options: { readonly stdin?: string } = {}): GuestCore & { readonly lines: string[] } {
  const lines: string[] = []
  const call = (operation: string, ...args: unknown[]): unknown => {
    try {
      return structuredClone(run.call(operation, ...(structuredClone(args) as unknown[])))
    } catch (error) {
      if (error instanceof Denied) throw new PermissionDenied(error.message)
      if (!(error instanceof GuestVisibleError)) throw error
      const Class = error.name === 'TypeError' ? TypeError : error.name === 'RangeError' ? RangeError : Error
      throw Object.assign(new Class(error.message), error.fields, { code: error.code })
    }
  }
  return {
    lines,
    call,
    callAsync: async (operation, ...args) => call(operation, ...args),
    lib: (name) => {
      if (name === 'node-buffer') return { Buffer }
      throw new Error(`the library asked for ${name}`)
    },
    PermissionDenied,
    log: (level, text) => void lines.push(`${level}: ${text}`),
    startTimer: () => 0,
    stopTimer: () => {},
    packaged: () => undefined,
    source: () => { throw new Error('no modules here') },
    script: () => { throw new Error('no modules here') },
    settings: () => ({ args: [], env: {}, stdin: options.stdin ?? '', tools: [], timers: 0, mounts: [], given: [], filename: '/main.js' }),
    isProxy: () => false,
    atEnd: () => {},
    exit: () => {
      throw new Error('exit')
    },
  }
}
