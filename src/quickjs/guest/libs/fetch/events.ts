interface EventInit {
  readonly bubbles?: boolean
  readonly cancelable?: boolean
  readonly composed?: boolean
}

type Callback = ((event: Event) => void) | { handleEvent(event: Event): void }

interface Listener {
  readonly type: string
  readonly callback: Callback
  readonly capture: boolean
  readonly once: boolean
  isRemoved: boolean
}

interface ListenerOptions {
  readonly capture?: boolean
  readonly once?: boolean
  readonly passive?: boolean
  readonly signal?: EventTarget & { readonly aborted: boolean }
}

/** What a dispatch changes in an event; guests see only the getters. */
interface EventState {
  target: EventTarget | null
  isDispatching: boolean
  isStopped: boolean
}

let stateOf: (event: Event) => EventState

/**
 * There is no tree here, so an event has one target and no phases but its own.
 * @see https://dom.spec.whatwg.org/#events
 */
export class Event {
  readonly type: string
  readonly bubbles: boolean
  readonly cancelable: boolean
  readonly composed: boolean
  readonly isTrusted = false
  readonly timeStamp = 0
  #isPrevented = false
  #state: EventState = { target: null, isDispatching: false, isStopped: false }

  static {
    stateOf = (event) => event.#state
  }

  constructor(type: string, init: EventInit = {}) {
    if (arguments.length === 0) throw new TypeError('Event: expected a type')
    this.type = `${type}`
    this.bubbles = Boolean(init.bubbles)
    this.cancelable = Boolean(init.cancelable)
    this.composed = Boolean(init.composed)
  }

  get target(): EventTarget | null {
    return this.#state.target
  }

  get currentTarget(): EventTarget | null {
    return this.#state.isDispatching ? this.#state.target : null
  }

  get eventPhase(): number {
    return this.#state.isDispatching ? 2 : 0
  }

  get defaultPrevented(): boolean {
    return this.#isPrevented
  }

  preventDefault(): void {
    if (this.cancelable) this.#isPrevented = true
  }

  stopPropagation(): void {}

  stopImmediatePropagation(): void {
    this.#state.isStopped = true
  }

  composedPath(): EventTarget[] {
    return this.currentTarget === null ? [] : [this.currentTarget]
  }

  get [Symbol.toStringTag](): string {
    return 'Event'
  }
}

/** @see https://dom.spec.whatwg.org/#interface-eventtarget */
export class EventTarget {
  #listeners: Listener[] = []

  addEventListener(type: string, callback: Callback | null, options?: boolean | ListenerOptions): void {
    const {
      capture = false,
      once = false,
      signal,
    } = typeof options === 'object' && options !== null ? options : { capture: options }
    if (callback === null || callback === undefined || signal?.aborted === true) return
    if (typeof callback !== 'function' && typeof callback !== 'object')
      throw new TypeError('addEventListener: expected a function or an object')
    if (this.#find(`${type}`, callback, Boolean(capture)) !== undefined) return
    const listener: Listener = {
      type: `${type}`,
      callback,
      capture: Boolean(capture),
      once: Boolean(once),
      isRemoved: false,
    }
    this.#listeners.push(listener)
    signal?.addEventListener('abort', () => this.#remove(listener), { once: true })
  }

  removeEventListener(type: string, callback: Callback | null, options?: boolean | ListenerOptions): void {
    const capture = typeof options === 'object' && options !== null ? options.capture : options
    const listener = this.#find(`${type}`, callback, Boolean(capture))
    if (listener !== undefined) this.#remove(listener)
  }

  dispatchEvent(event: Event): boolean {
    if (!(event instanceof Event)) throw new TypeError('dispatchEvent: expected an Event')
    const state = stateOf(event)
    if (state.isDispatching) throw new DOMException('The event is being dispatched already', 'InvalidStateError')
    state.target = this
    state.isDispatching = true
    for (const listener of this.#listeners.filter(({ type }) => type === event.type)) {
      if (listener.isRemoved) continue
      if (listener.once) this.#remove(listener)
      try {
        if (typeof listener.callback === 'function') listener.callback.call(this, event)
        else listener.callback.handleEvent(event)
      } catch (error) {
        // A listener's error is its own: the others are still called, and it ends the program as an unhandled one.
        void Promise.reject(error)
      }
      if (state.isStopped) break
    }
    state.isDispatching = false
    state.isStopped = false
    return !event.defaultPrevented
  }

  get [Symbol.toStringTag](): string {
    return 'EventTarget'
  }

  #find(type: string, callback: Callback | null, capture: boolean): Listener | undefined {
    return this.#listeners.find(
      (listener) => listener.type === type && listener.callback === callback && listener.capture === capture,
    )
  }

  #remove(listener: Listener): void {
    listener.isRemoved = true
    this.#listeners = this.#listeners.filter((other) => other !== listener)
  }
}
