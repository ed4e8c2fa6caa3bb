import type { GuestCore } from '../../core.js'

interface Options {
  readonly type?: string
  readonly code?: string
  readonly detail?: string
}

/** `process.emitWarning`: a line on the error output, and an event. */
export const createWarnings = (core: GuestCore, toProcess: () => { emit(name: string, value: unknown): void }) => {
  const told = new Set<string>()
  return {
    noDeprecation: false,
    throwDeprecation: false,
    traceDeprecation: false,
    emitWarning(warning: unknown, typeOrOptions?: unknown, code?: unknown): void {
      const options: Options =
        typeof typeOrOptions === 'object' && typeOrOptions !== null
          ? typeOrOptions
          : { ...(typeof typeOrOptions === 'string' ? { type: typeOrOptions } : {}), ...(typeof code === 'string' ? { code } : {}) }
      if (typeof warning !== 'string' && !(warning instanceof Error)) {
        throw Object.assign(new TypeError('The "warning" argument must be of type string or an instance of Error'), { code: 'ERR_INVALID_ARG_TYPE' })
      }
      const error = typeof warning === 'string' ? Object.assign(new Error(warning), { name: options.type ?? 'Warning' }) : warning
      if (typeof warning === 'string' && options.code !== undefined) Object.assign(error, { code: options.code })
      if (typeof warning === 'string' && options.detail !== undefined) Object.assign(error, { detail: options.detail })
      const { name, message } = error
      const process = toProcess() as { emit(name: string, value: unknown): void } & Record<string, unknown>
      if (name === 'DeprecationWarning') {
        if (process['noDeprecation'] === true) return
        if (process['throwDeprecation'] === true) throw error
        const key = options.code ?? message
        if (told.has(key)) return
        told.add(key)
      }
      const shownCode = (error as { readonly code?: string }).code
      const { detail } = error as { readonly detail?: string }
      queueMicrotask(() => {
        core.log('stderr', `(glovebox:1) ${shownCode === undefined ? '' : `[${shownCode}] `}${name}: ${message}\n${detail === undefined ? '' : `${detail}\n`}`)
        process.emit('warning', error)
      })
    },
  }
}
