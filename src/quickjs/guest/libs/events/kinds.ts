import { toDictionary, toSequence, toText, toWrapped } from '../webidl/convert.js'
import { expose, required } from '../webidl/interfaces.js'
import type { EventTools } from './event.js'

/** Makes the kinds of event that a program without a document meets. */
export const createKinds = ({ Event, stateOf }: EventTools) => {
  const EventBase = Event as unknown as new (type: string, init?: object) => InstanceType<typeof Event>

  /** @see https://dom.spec.whatwg.org/#interface-customevent */
  class CustomEvent extends EventBase {
    #detail: unknown
    constructor(type: string, init?: object) {
      required(arguments.length, 1, 'CustomEvent')
      super(type, init)
      const { detail } = toDictionary(init, 'CustomEvent')
      this.#detail = detail === undefined ? null : detail
    }
    get detail(): unknown {
      return this.#detail
    }
    initCustomEvent(type: string, bubbles = false, cancelable = false, detail: unknown = null): void {
      required(arguments.length, 1, 'CustomEvent.initCustomEvent')
      if (stateOf(this).isDispatching) return
      this.initEvent(type, bubbles, cancelable)
      this.#detail = detail
    }
  }
  expose(CustomEvent, { name: 'CustomEvent', length: 1 })

  /** @see https://html.spec.whatwg.org/#the-errorevent-interface */
  class ErrorEvent extends EventBase {
    readonly #init: { readonly message: string; readonly filename: string; readonly lineno: number; readonly colno: number; readonly error: unknown }
    constructor(type: string, init?: object) {
      required(arguments.length, 1, 'ErrorEvent')
      super(type, init)
      const { colno = 0, error, filename = '', lineno = 0, message = '' } = toDictionary(init, 'ErrorEvent')
      this.#init = { message: toText(message), filename: toText(filename), lineno: toWrapped(lineno, 32), colno: toWrapped(colno, 32), error }
    }
    get message(): string {
      return this.#init.message
    }
    get filename(): string {
      return this.#init.filename
    }
    get lineno(): number {
      return this.#init.lineno
    }
    get colno(): number {
      return this.#init.colno
    }
    get error(): unknown {
      return this.#init.error
    }
  }
  expose(ErrorEvent, { name: 'ErrorEvent', length: 1 })

  /** @see https://html.spec.whatwg.org/#the-messageevent-interface */
  class MessageEvent extends EventBase {
    #init: { readonly data: unknown; readonly origin: string; readonly lastEventId: string; readonly source: unknown; readonly ports: readonly unknown[] }
    constructor(type: string, init?: object) {
      required(arguments.length, 1, 'MessageEvent')
      super(type, init)
      const { data = null, lastEventId = '', origin = '', ports = [], source = null } = toDictionary(init, 'MessageEvent')
      const list = toSequence(ports, 'MessageEvent: ports')
      if (!list.every((port) => isTagged(port, 'MessagePort'))) throw new TypeError('MessageEvent: ports must be a list of MessagePort')
      if (source !== null && !isTagged(source, 'MessagePort')) throw new TypeError('MessageEvent: source must be a MessagePort')
      this.#init = { data, origin: toText(origin).toWellFormed(), lastEventId: toText(lastEventId), source, ports: Object.freeze(list) }
    }
    get data(): unknown {
      return this.#init.data
    }
    get origin(): string {
      return this.#init.origin
    }
    get lastEventId(): string {
      return this.#init.lastEventId
    }
    get source(): unknown {
      return this.#init.source
    }
    get ports(): readonly unknown[] {
      return this.#init.ports
    }
    initMessageEvent(type: string, bubbles = false, cancelable = false, data: unknown = null, origin: unknown = '', lastEventId: unknown = '', source: unknown = null, ports: unknown = []): void {
      required(arguments.length, 1, 'MessageEvent.initMessageEvent')
      if (stateOf(this).isDispatching) return
      this.initEvent(type, bubbles, cancelable)
      this.#init = { data, origin: toText(origin), lastEventId: toText(lastEventId), source, ports: Object.freeze(toSequence(ports, 'MessageEvent: ports')) }
    }
  }
  expose(MessageEvent, { name: 'MessageEvent', length: 1 })

  /** @see https://html.spec.whatwg.org/#the-promiserejectionevent-interface */
  class PromiseRejectionEvent extends EventBase {
    readonly #promise: unknown
    readonly #reason: unknown
    constructor(type: string, init: object) {
      required(arguments.length, 2, 'PromiseRejectionEvent')
      super(type, init)
      const { promise, reason } = toDictionary(init, 'PromiseRejectionEvent')
      if (typeof promise !== 'object' || promise === null) throw new TypeError('PromiseRejectionEvent: expected a promise')
      this.#promise = promise
      this.#reason = reason
    }
    get promise(): unknown {
      return this.#promise
    }
    get reason(): unknown {
      return this.#reason
    }
  }
  expose(PromiseRejectionEvent, { name: 'PromiseRejectionEvent', length: 2 })

  /** @see https://xhr.spec.whatwg.org/#interface-progressevent */
  class ProgressEvent extends EventBase {
    readonly #init: { readonly lengthComputable: boolean; readonly loaded: number; readonly total: number }
    constructor(type: string, init?: object) {
      required(arguments.length, 1, 'ProgressEvent')
      super(type, init)
      const { lengthComputable, loaded = 0, total = 0 } = toDictionary(init, 'ProgressEvent')
      this.#init = { lengthComputable: Boolean(lengthComputable), loaded: Number(loaded), total: Number(total) }
    }
    get lengthComputable(): boolean {
      return this.#init.lengthComputable
    }
    get loaded(): number {
      return this.#init.loaded
    }
    get total(): number {
      return this.#init.total
    }
  }
  expose(ProgressEvent, { name: 'ProgressEvent', length: 1 })

  return { CustomEvent, ErrorEvent, MessageEvent, PromiseRejectionEvent, ProgressEvent }
}

const isTagged = (value: unknown, tag: string): boolean =>
  typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[Symbol.toStringTag] === tag
