import type { GuestCore } from '../core.js'
import { nodeError } from './node/errors.js'

type Subscriber = (message: unknown, name: string | symbol) => void

class Channel {
  readonly name: string | symbol
  #subscribers: Subscriber[] = []

  constructor(name: string | symbol) {
    this.name = name
  }

  get hasSubscribers(): boolean {
    return this.#subscribers.length > 0
  }

  subscribe(subscriber: Subscriber): void {
    this.#subscribers = [...this.#subscribers, subscriber]
  }

  unsubscribe(subscriber: Subscriber): boolean {
    const before = this.#subscribers.length
    this.#subscribers = this.#subscribers.filter((other) => other !== subscriber)
    return this.#subscribers.length < before
  }

  publish(message: unknown): void {
    for (const subscriber of this.#subscribers) subscriber(message, this.name)
  }

  runStores(_message: unknown, fn: (...args: unknown[]) => unknown, self?: unknown, ...args: unknown[]): unknown {
    return fn.apply(self, args)
  }
}

/** Modules of a few lines each. */
export default (_core: GuestCore) => {
  const channels = new Map<string | symbol, Channel>()
  const channel = (name: string | symbol): Channel => {
    let found = channels.get(name)
    if (found === undefined) channels.set(name, (found = new Channel(name)))
    return found
  }
  const noTerminal = (name: string) => function (): never {
    throw nodeError(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `tty.${name} is not available in a sandbox: process.stdout is kept as text`)
  }
  const tracing = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const
  return {
    tty: { isatty: () => false, ReadStream: noTerminal('ReadStream'), WriteStream: noTerminal('WriteStream') },
    diagnosticsChannel: {
      Channel,
      channel,
      hasSubscribers: (name: string | symbol): boolean => channels.get(name)?.hasSubscribers ?? false,
      subscribe: (name: string | symbol, subscriber: Subscriber): void => channel(name).subscribe(subscriber),
      unsubscribe: (name: string | symbol, subscriber: Subscriber): boolean => channel(name).unsubscribe(subscriber),
      tracingChannel: (name: string) => {
        const parts = Object.fromEntries(tracing.map((part) => [part, channel(`tracing:${name}:${part}`)])) as Record<string, Channel>
        return {
          ...parts,
          get hasSubscribers(): boolean {
            return Object.values(parts).some((part) => part.hasSubscribers)
          },
          traceSync: (fn: (...args: unknown[]) => unknown, context: Record<string, unknown> = {}, self?: unknown, ...args: unknown[]): unknown => {
            parts['start']!.publish(context)
            try {
              return (context['result'] = fn.apply(self, args))
            } catch (error) {
              context['error'] = error
              parts['error']!.publish(context)
              throw error
            } finally {
              parts['end']!.publish(context)
            }
          },
        }
      },
    },
  }
}
