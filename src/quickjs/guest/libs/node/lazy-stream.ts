import { library } from './library.js'

/** Members of streams; a program that asks for one of them wants the whole. */
const MEMBERS = [
  'on', 'once', 'off', 'addListener', 'removeListener', 'removeAllListeners', 'prependListener', 'prependOnceListener', 'emit', 'listeners', 'rawListeners', 'listenerCount', 'eventNames',
  'setMaxListeners', 'getMaxListeners', 'pipe', 'unpipe', 'unshift', 'push', 'read', 'pause', 'resume', 'isPaused', 'wrap', 'write', 'end', 'cork', 'uncork', 'destroy', 'destroyed', 'closed',
  'errored', 'setDefaultEncoding', 'setEncoding', 'readable', 'readableEnded', 'readableFlowing', 'readableLength', 'readableHighWaterMark', 'readableObjectMode', 'readableEncoding',
  'readableAborted', 'readableDidRead', 'writable', 'writableEnded', 'writableFinished', 'writableLength', 'writableHighWaterMark', 'writableObjectMode', 'writableNeedDrain', 'writableCorked',
  'writableAborted', '_readableState', '_writableState', '_read', '_write', '_writev', '_final', '_destroy', '_construct', '_transform', '_flush', '_events', '_eventsCount', 'iterator', 'map',
  'filter', 'forEach', 'toArray', 'some', 'find', 'every', 'flatMap', 'drop', 'take', 'reduce', 'compose', 'asIndexedPairs',
] as const

type StreamClass = (new (options: object) => object) & ((this: object, options: object) => void) & { readonly prototype: object }

/**
 * Makes `target`, whose own members stay, a stream once a program uses it as one: most never do, and the library of
 * streams is large.
 */
export function lazyStream<T extends object>(target: T, kind: 'Readable' | 'Writable' | 'Transform', options: () => object): T {
  const own = new Set(Reflect.ownKeys(target))
  const lazy: PropertyKey[] = [...MEMBERS, Symbol.asyncIterator, Symbol.asyncDispose].filter((name) => !own.has(name))
  const become = (): void => {
    for (const name of lazy) Reflect.deleteProperty(target, name)
    const Stream = library('node-stream')['Stream'][kind] as StreamClass
    Object.setPrototypeOf(target, Stream.prototype)
    Stream.call(target, options())
  }
  for (const name of lazy) {
    Object.defineProperty(target, name, {
      get: () => {
        become()
        return (target as Record<PropertyKey, unknown>)[name]
      },
      set: (value: unknown) => {
        become()
        ;(target as Record<PropertyKey, unknown>)[name] = value
      },
      enumerable: false,
      configurable: true,
    })
  }
  return target
}
