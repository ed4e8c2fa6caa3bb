import type { GuestCore } from '../core.js'
import { type Abort, createAbort } from './events/abort.js'
import { createEvent } from './events/event.js'
import { handlerAttribute } from './events/handlers.js'
import { createKinds } from './events/kinds.js'
import { createTarget } from './events/target.js'
import { expose, required } from './webidl/interfaces.js'

const PLACE = /\(?([^\s()]+):(\d+):(\d+)\)?\s*$/m

/** Events, event targets, signals that abort, and what reports an error nobody caught. */
export default (core: GuestCore) => {
  const { now } = Date
  const { startMs = 0 } = core.settings() as { readonly startMs?: number }
  const global: object = globalThis

  const events = createEvent(() => now() - startMs)
  const kinds = createKinds(events)
  let abort: Abort

  const reporting = { now: 0 }
  /** @see https://html.spec.whatwg.org/#report-an-exception */
  const report = (error: unknown): void => {
    // What a handler of errors throws is not handed to it again.
    if (reporting.now === 0) {
      reporting.now++
      try {
        if (!targets.fire(global, toErrorEvent(error))) return
      } finally {
        reporting.now--
      }
    }
    // It ends the program as an unhandled rejection does.
    void Promise.reject(error)
  }
  const toErrorEvent = (error: unknown) => {
    let message = 'uncaught exception'
    let stack: unknown
    if (typeof error === 'object' && error !== null) {
      const own = (key: string): unknown => {
        for (let at: object | null = error; at !== null; at = Object.getPrototypeOf(at) as object | null) {
          const descriptor = Object.getOwnPropertyDescriptor(at, key)
          if (descriptor !== undefined) return descriptor.value
        }
        return undefined
      }
      if (error instanceof Error || error instanceof DOMException) {
        const [name, text] = error instanceof DOMException ? [error.name, error.message] : [own('name'), own('message')]
        message = `Uncaught ${String(name)}${text === '' ? '' : `: ${String(text)}`}`
        stack = own('stack')
      }
    } else if (typeof error !== 'symbol') message = `Uncaught ${String(error)}`
    const [, filename = core.settings().filename, lineno = 0, colno = 0] = (typeof stack === 'string' && PLACE.exec(stack)) || []
    return new kinds.ErrorEvent('error', { message, filename, lineno: Number(lineno), colno: Number(colno), error, cancelable: true })
  }

  const targets = createTarget(events, {
    global,
    report,
    signals: { isAborted: (signal) => abort.signals.isAborted(signal), onAbort: (signal, run) => abort.signals.onAbort(signal, run) },
  })
  abort = createAbort(core, events, targets)

  const { addEventListener, removeEventListener, dispatchEvent } = targets.EventTarget.prototype
  const onGlobal = (target: unknown): object => {
    if (target !== undefined && target !== null && target !== global) throw new TypeError('Illegal invocation')
    return { addEventListener: addEventListener.bind(global) }
  }
  const globalTarget = onGlobal(undefined)
  const globalHandler = (type: string, options = {}): PropertyDescriptor => handlerAttribute(type, (target) => (onGlobal(target), globalTarget), options)

  return {
    Event: events.Event,
    EventTarget: targets.EventTarget,
    ...kinds,
    AbortController: abort.AbortController,
    AbortSignal: abort.AbortSignal,
    addEventListener,
    removeEventListener,
    dispatchEvent,
    reportError: {
      reportError(error: unknown): void {
        required(arguments.length, 1, 'reportError')
        report(error)
      },
    }.reportError,
    /** Accessors of the global object. */
    handlers: {
      onerror: globalHandler('error', { error: (event: InstanceType<typeof kinds.ErrorEvent>) => [event.message, event.filename, event.lineno, event.colno, event.error] }),
      onunhandledrejection: globalHandler('unhandledrejection'),
      onrejectionhandled: globalHandler('rejectionhandled'),
    },
    /** For other libraries. */
    tools: { fire: targets.fire, report, isSignal: abort.isSignal, onAbort: abort.onAbort, dependentOn: abort.dependentOn, expose },
  }
}
