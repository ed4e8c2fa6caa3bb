import { toDictionary, toText } from '../webidl/convert.js'
import { expose, required } from '../webidl/interfaces.js'

/** What a dispatch changes in an event; guests see only the getters. */
export interface EventState {
  type: string
  bubbles: boolean
  cancelable: boolean
  readonly composed: boolean
  target: object | null
  currentTarget: object | null
  isDispatching: boolean
  isStopped: boolean
  isStoppedAtOnce: boolean
  isPrevented: boolean
  isPassive: boolean
  isTrusted: boolean
}

/** Makes `Event`. There is no tree here, so an event has one target and no phase but its own. */
export const createEvent = (now: () => number) => {
  let stateOf: (event: unknown) => EventState

  function isTrusted(this: unknown): boolean {
    return stateOf(this).isTrusted
  }
  const trusted = { get: Object.getOwnPropertyDescriptor({ get isTrusted() { return isTrusted.call(this) } }, 'isTrusted')!.get!, enumerable: true, configurable: false }

  /** @see https://dom.spec.whatwg.org/#events */
  class Event {
    readonly #state: EventState
    readonly #time: number

    static {
      stateOf = (event) => (event as Event).#state
    }

    constructor(type: string, init?: object) {
      required(arguments.length, 1, 'Event')
      const text = toText(type)
      const { bubbles, cancelable, composed } = toDictionary(init, 'Event')
      this.#state = {
        type: text, bubbles: Boolean(bubbles), cancelable: Boolean(cancelable), composed: Boolean(composed),
        target: null, currentTarget: null, isDispatching: false, isStopped: false, isStoppedAtOnce: false,
        isPrevented: false, isPassive: false, isTrusted: false,
      }
      this.#time = now()
      Object.defineProperty(this, 'isTrusted', trusted)
    }

    get type(): string {
      return this.#state.type
    }
    get target(): object | null {
      return this.#state.target
    }
    get srcElement(): object | null {
      return this.#state.target
    }
    get currentTarget(): object | null {
      return this.#state.currentTarget
    }
    composedPath(): object[] {
      const { currentTarget } = this.#state
      return currentTarget === null ? [] : [currentTarget]
    }
    get eventPhase(): number {
      return this.#state.isDispatching ? 2 : 0
    }
    stopPropagation(): void {
      this.#state.isStopped = true
    }
    get cancelBubble(): boolean {
      return this.#state.isStopped
    }
    set cancelBubble(value: unknown) {
      if (value) this.#state.isStopped = true
      else void this.#state
    }
    stopImmediatePropagation(): void {
      this.#state.isStopped = true
      this.#state.isStoppedAtOnce = true
    }
    get bubbles(): boolean {
      return this.#state.bubbles
    }
    get cancelable(): boolean {
      return this.#state.cancelable
    }
    get returnValue(): boolean {
      return !this.#state.isPrevented
    }
    set returnValue(value: unknown) {
      if (!value) this.preventDefault()
      else void this.#state
    }
    preventDefault(): void {
      const state = this.#state
      if (state.cancelable && !state.isPassive) state.isPrevented = true
    }
    get defaultPrevented(): boolean {
      return this.#state.isPrevented
    }
    get composed(): boolean {
      return this.#state.composed
    }
    get timeStamp(): number {
      return this.#time
    }
    initEvent(type: string, bubbles = false, cancelable = false): void {
      required(arguments.length, 1, 'Event.initEvent')
      const state = this.#state
      const text = toText(type)
      if (state.isDispatching) return
      state.isStopped = state.isStoppedAtOnce = state.isPrevented = state.isTrusted = false
      state.target = null
      state.type = text
      state.bubbles = Boolean(bubbles)
      state.cancelable = Boolean(cancelable)
    }
  }
  expose(Event, { name: 'Event', constants: { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 }, length: 1 })
  return { Event, stateOf: stateOf! }
}

export type EventTools = ReturnType<typeof createEvent>
