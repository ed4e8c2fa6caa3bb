import { toText } from '../webidl/convert.js'
import { expose, required } from '../webidl/interfaces.js'
import type { EventTools } from './event.js'

type Callback = ((event: unknown) => unknown) | { handleEvent?: unknown }

interface Listener {
  readonly type: string
  readonly callback: Callback
  readonly capture: boolean
  readonly once: boolean
  readonly passive: boolean
  isRemoved: boolean
}

/** What happens to a signal that is given with a listener. */
export interface Signals {
  isAborted(signal: unknown): boolean
  onAbort(signal: unknown, run: () => void): void
}

export interface TargetOptions {
  readonly global: object
  /** Reports what a listener threw: HTML Standard, section 8.1.4.6. */
  readonly report: (error: unknown) => void
  readonly signals: Signals
}

/** Makes `EventTarget`. The global object is one too, though its prototype is none. */
export const createTarget = ({ Event, stateOf }: EventTools, { global, report, signals }: TargetOptions) => {
  const onGlobal: Listener[] = []
  let listenersOf: (target: unknown) => Listener[]

  const flatten = (options: unknown): Readonly<Record<string, unknown>> =>
    typeof options === 'object' && options !== null || typeof options === 'function' ? (options as Record<string, unknown>) : { capture: options }

  const find = (list: readonly Listener[], type: string, callback: unknown, capture: boolean): number =>
    list.findIndex((listener) => listener.type === type && listener.callback === callback && listener.capture === capture)

  const remove = (list: Listener[], at: number): void => {
    if (at < 0) return
    list[at]!.isRemoved = true
    list.splice(at, 1)
  }

  const toCallback = (value: unknown, name: string): Callback | undefined => {
    if (value === null || value === undefined) return undefined
    if (typeof value !== 'function' && typeof value !== 'object') throw new TypeError(`${name}: expected a function or an object as listener`)
    return value
  }

  /** @see https://dom.spec.whatwg.org/#interface-eventtarget */
  class EventTarget {
    readonly #listeners: Listener[] = []

    static {
      listenersOf = (target) => {
        if (target === global) return onGlobal
        if (typeof target !== 'object' || target === null || !(#listeners in target)) throw new TypeError('Illegal invocation: this is no EventTarget')
        return target.#listeners
      }
    }

    addEventListener(type: string, callback: Callback | null, options?: unknown): void {
      const list = listenersOf(this ?? global)
      required(arguments.length, 2, 'EventTarget.addEventListener')
      const text = toText(type)
      const run = toCallback(callback, 'EventTarget.addEventListener')
      const given = flatten(options)
      const capture = Boolean(given['capture'])
      const once = Boolean(given['once'])
      const passive = Boolean(given['passive'])
      const { signal } = given
      if (signal !== undefined && signals.isAborted(signal)) return
      if (run === undefined || find(list, text, run, capture) !== -1) return
      const listener: Listener = { type: text, callback: run, capture, once, passive, isRemoved: false }
      list.push(listener)
      if (signal !== undefined) signals.onAbort(signal, () => remove(list, list.indexOf(listener)))
    }

    removeEventListener(type: string, callback: Callback | null, options?: unknown): void {
      const list = listenersOf(this ?? global)
      required(arguments.length, 2, 'EventTarget.removeEventListener')
      const text = toText(type)
      const run = toCallback(callback, 'EventTarget.removeEventListener')
      remove(list, find(list, text, run, Boolean(flatten(options)['capture'])))
    }

    dispatchEvent(event: InstanceType<typeof Event>): boolean {
      const target: object = this ?? global
      listenersOf(target)
      required(arguments.length, 1, 'EventTarget.dispatchEvent')
      if (!(event instanceof Event)) throw new TypeError('EventTarget.dispatchEvent: expected an Event')
      const state = stateOf(event)
      if (state.isDispatching) throw new DOMException('The event is being dispatched already', 'InvalidStateError')
      state.isTrusted = false
      return dispatch(target, event)
    }
  }
  expose(EventTarget, { name: 'EventTarget', lengths: { addEventListener: 2, removeEventListener: 2 } })

  const call = (listener: Listener, target: object, event: InstanceType<typeof Event>): void => {
    const state = stateOf(event)
    state.isPassive = listener.passive
    try {
      const { callback } = listener
      if (typeof callback === 'function') callback.call(target, event)
      else {
        const { handleEvent } = callback
        if (typeof handleEvent !== 'function') throw new TypeError('The listener has no function handleEvent')
        handleEvent.call(callback, event)
      }
    } catch (error) {
      report(error)
    }
    state.isPassive = false
  }

  const dispatch = (target: object, event: InstanceType<typeof Event>): boolean => {
    const state = stateOf(event)
    const list = listenersOf(target)
    state.isDispatching = true
    state.target = state.currentTarget = target
    for (const isCapturing of [true, false]) {
      if (state.isStopped || list.length === 0) break
      for (const listener of [...list]) {
        if (listener.isRemoved || listener.type !== state.type || listener.capture !== isCapturing) continue
        if (listener.once) remove(list, list.indexOf(listener))
        call(listener, target, event)
        if (state.isStoppedAtOnce) break
      }
    }
    state.isDispatching = state.isStopped = state.isStoppedAtOnce = false
    state.currentTarget = null
    return !state.isPrevented
  }

  /** Dispatches an event that no guest made. */
  const fire = (target: object, event: InstanceType<typeof Event>): boolean => {
    stateOf(event).isTrusted = true
    return dispatch(target, event)
  }

  return { EventTarget, fire }
}

export type TargetTools = ReturnType<typeof createTarget>
