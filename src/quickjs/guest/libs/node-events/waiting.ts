import type { GuestCore } from '../../core.js'
import { checkFunction, checkNumber, invalidType, nodeError } from '../node/errors.js'
import type { Emitter, Listener } from './emitter.js'

interface Signal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: string, listener: () => void, options?: object): void
  removeEventListener(type: string, listener: () => void): void
}
interface Options {
  readonly signal?: Signal
  readonly close?: readonly string[]
}

const abortError = (cause: unknown): Error =>
  Object.assign(nodeError(Error, 'ABORT_ERR', 'The operation was aborted'), { name: 'AbortError', ...(cause === undefined ? {} : { cause }) })

const isTarget = (target: unknown): target is EventTarget => typeof (target as EventTarget | undefined)?.addEventListener === 'function'
const isEmitter = (target: unknown): target is Emitter => typeof (target as Emitter | undefined)?.['on'] === 'function'

const listen = (target: unknown, type: string, listener: Listener): (() => void) => {
  if (isEmitter(target)) {
    target['on'](type, listener)
    return () => void target['removeListener'](type, listener)
  }
  if (!isTarget(target)) throw invalidType('emitter', 'an instance of EventEmitter', target)
  target.addEventListener(type, listener)
  return () => target.removeEventListener(type, listener)
}

const checkSignal = (signal: unknown): void => {
  if (signal !== undefined && (typeof signal !== 'object' || signal === null || !('aborted' in signal))) {
    throw invalidType('options.signal', 'an instance of AbortSignal', signal)
  }
}

/** Functions of `events` that wait for what an emitter, or a target of the web, sends. */
export function createWaiting(core: GuestCore): Record<string, unknown> {
  const once = async (target: unknown, type: string, options: Options = {}): Promise<unknown[]> => {
    const { signal } = options
    checkSignal(signal)
    if (signal?.aborted === true) throw abortError(signal.reason)
    const undo: (() => void)[] = []
    try {
      return await new Promise<unknown[]>((resolve, reject) => {
        undo.push(listen(target, type, (...args: unknown[]) => resolve(args)))
        if (type !== 'error' && isEmitter(target)) undo.push(listen(target, 'error', reject))
        if (signal === undefined) return
        const abort = (): void => reject(abortError(signal.reason))
        signal.addEventListener('abort', abort)
        undo.push(() => signal.removeEventListener('abort', abort))
      })
    } finally {
      for (const each of undo) each()
    }
  }

  const on = (target: unknown, type: string, options: Options = {}): AsyncIterableIterator<unknown[]> => {
    const { signal, close = [] } = options
    checkSignal(signal)
    if (signal?.aborted === true) throw abortError(signal.reason)
    const ready: unknown[][] = []
    const waiting: PromiseWithResolvers<IteratorResult<unknown[]>>[] = []
    const undo: (() => void)[] = []
    let failure: { readonly error: unknown } | undefined
    let isOver = false
    const end = (): void => {
      isOver = true
      for (const each of undo.splice(0)) each()
      for (const { resolve } of waiting.splice(0)) resolve({ value: undefined, done: true })
    }
    const fail = (error: unknown): void => {
      const first = waiting.shift()
      if (first === undefined) failure = { error }
      else first.reject(error)
      end()
    }
    undo.push(
      listen(target, type, (...args: unknown[]) => {
        const first = waiting.shift()
        if (first === undefined) ready.push(args)
        else first.resolve({ value: args, done: false })
      }),
    )
    if (type !== 'error' && isEmitter(target)) undo.push(listen(target, 'error', fail))
    for (const name of close) undo.push(listen(target, name, end))
    if (signal !== undefined) {
      const abort = (): void => fail(abortError(signal.reason))
      signal.addEventListener('abort', abort)
      undo.push(() => signal.removeEventListener('abort', abort))
    }
    return {
      async next(): Promise<IteratorResult<unknown[]>> {
        const value = ready.shift()
        if (value !== undefined) return { value, done: false }
        if (failure !== undefined) {
          const { error } = failure
          failure = undefined
          throw error
        }
        if (isOver) return { value: undefined, done: true }
        const next = Promise.withResolvers<IteratorResult<unknown[]>>()
        waiting.push(next)
        return await next.promise
      },
      async return(): Promise<IteratorResult<unknown[]>> {
        end()
        return { value: undefined, done: true }
      },
      async throw(error: unknown): Promise<IteratorResult<unknown[]>> {
        fail(error)
        return { value: undefined, done: true }
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  return {
    once,
    on,
    getEventListeners(target: unknown, type: string): Listener[] {
      if (isEmitter(target)) return target['listeners'](type) as Listener[]
      throw invalidType('emitter', 'an instance of EventEmitter', target)
    },
    getMaxListeners(target: unknown): number {
      if (isEmitter(target)) return target['getMaxListeners']() as number
      throw invalidType('emitter', 'an instance of EventEmitter', target)
    },
    listenerCount: (target: Emitter, type: string): number => target['listenerCount'](type) as number,
    setMaxListeners(n: unknown = 10, ...targets: unknown[]): void {
      checkNumber(n, 'n', 0)
      for (const target of targets) {
        if (isEmitter(target)) target['setMaxListeners'](n)
        else if (!isTarget(target)) throw invalidType('eventTargets', 'an instance of EventEmitter or EventTarget', target)
      }
      if (targets.length === 0) core.lib('node-events')['EventEmitter'].defaultMaxListeners = n
    },
    addAbortListener(signal: Signal, listener: unknown): Disposable {
      checkFunction(listener, 'listener')
      if (signal === undefined) throw invalidType('signal', 'an instance of AbortSignal', signal)
      if (signal.aborted) queueMicrotask(() => void listener())
      else signal.addEventListener('abort', listener as () => void, { once: true })
      return { [Symbol.dispose]: () => signal.removeEventListener('abort', listener as () => void) }
    },
  }
}
