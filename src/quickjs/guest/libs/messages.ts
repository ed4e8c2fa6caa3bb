import type { GuestCore } from '../core.js'
import type { Move } from './clone.js'
import { handlerAttribute } from './events/handlers.js'
import { toDictionary, toSequence } from './webidl/convert.js'
import { expose, required, TRANSFER } from './webidl/interfaces.js'

interface Message {
  readonly data: unknown
  readonly ports: readonly object[]
}

interface PortState {
  other: object | undefined
  isStarted: boolean
  isDetached: boolean
  isClosed: boolean
  isDelivering: boolean
  queue: Message[]
}

const SECRET = Symbol('constructor of MessagePort')

/** `MessageChannel` and `MessagePort`; messages are delivered as timers are, in tasks of their own. */
export default (core: GuestCore) => {
  const { EventTarget, MessageEvent, tools } = core.lib('events') as {
    readonly EventTarget: new () => object
    readonly MessageEvent: new (type: string, init: object) => object
    readonly tools: { fire(target: object, event: object): boolean }
  }
  const { cloneWithTransfer } = core.lib('clone') as { readonly cloneWithTransfer: (value: unknown, transfer: readonly unknown[]) => { readonly value: unknown; readonly moved: readonly object[] } }
  let stateOf: (port: unknown) => PortState

  const deliver = async (port: object): Promise<void> => {
    const state = stateOf(port)
    while (state.isStarted && state.queue.length > 0) {
      const { data, ports } = state.queue.shift()!
      tools.fire(port, new MessageEvent('message', { data, ports }))
      // What a listener left for later is done before the next message comes.
      for (let turn = 0; turn < 8; turn++) await undefined
    }
    state.isDelivering = false
  }
  const schedule = (port: object): void => {
    const state = stateOf(port)
    if (!state.isStarted || state.isDelivering || state.queue.length === 0) return
    state.isDelivering = true
    core.startTimer(() => void deliver(port), 0, false)
  }
  const start = (port: object): void => {
    stateOf(port).isStarted = true
    schedule(port)
  }

  /** @see https://html.spec.whatwg.org/#message-ports */
  class MessagePort extends EventTarget {
    #state: PortState = { other: undefined, isStarted: false, isDetached: false, isClosed: false, isDelivering: false, queue: [] }

    static {
      stateOf = (port) => (port as MessagePort).#state
      const check = (target: unknown): object => {
        void (target as MessagePort).#state
        return target as object
      }
      Object.defineProperty(this.prototype, 'onmessage', handlerAttribute('message', check, { onSet: start }))
      Object.defineProperty(this.prototype, 'onmessageerror', handlerAttribute('messageerror', check))
      Object.defineProperty(this.prototype, TRANSFER, { value: (port: MessagePort) => (port.#state.isDetached ? undefined : move(port)) })
    }

    constructor(secret?: symbol) {
      if (secret !== SECRET) throw new TypeError('Illegal constructor')
      super()
    }

    postMessage(message: unknown, options?: unknown): void {
      const state = this.#state
      required(arguments.length, 1, 'MessagePort.postMessage')
      const isList = typeof options === 'object' && options !== null && Symbol.iterator in options
      const list = toSequence(isList ? options : (toDictionary(options, 'MessagePort.postMessage')['transfer'] ?? []), 'MessagePort.postMessage: transfer')
      if (list.includes(this)) throw new DOMException('A port cannot be sent through itself', 'DataCloneError')
      const { other } = state
      const { value, moved } = cloneWithTransfer(message, list)
      if (other === undefined || list.includes(other) || stateOf(other).isClosed) return
      stateOf(other).queue.push({ data: value, ports: moved.filter((one) => one instanceof MessagePort) })
      schedule(other)
    }

    start(): void {
      void this.#state
      start(this)
    }

    close(): void {
      const state = this.#state
      state.isClosed = state.isDetached = true
      const { other } = state
      state.other = undefined
      state.queue = []
      if (other !== undefined) stateOf(other).other = undefined
    }
  }
  expose(MessagePort, { name: 'MessagePort', length: 0, lengths: { postMessage: 1 } })

  const link = (a: object, b: object): void => {
    stateOf(a).other = b
    stateOf(b).other = a
  }
  /** A new port in the place of one that is moved. */
  const move = (port: object): Move => {
    const to = new MessagePort(SECRET)
    const commit = (): void => {
      const from = stateOf(port)
      const { other, queue } = from
      stateOf(to).queue = queue
      from.queue = []
      from.isDetached = from.isClosed = true
      from.other = undefined
      if (other !== undefined) link(to, other)
    }
    return { to, commit }
  }

  /** @see https://html.spec.whatwg.org/#message-channels */
  class MessageChannel {
    readonly #ports = [new MessagePort(SECRET), new MessagePort(SECRET)] as const

    constructor() {
      link(...this.#ports)
    }

    get port1(): MessagePort {
      return this.#ports[0]
    }

    get port2(): MessagePort {
      return this.#ports[1]
    }
  }
  expose(MessageChannel, { name: 'MessageChannel' })

  return { MessageChannel, MessagePort }
}
