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
 * Makes objects over `prototype` streams once a program uses them as such: most never do, and the library of streams is
 * large. Own members of an object stay what they are. `options` gives what the stream is made with.
 */
export function lazyStream<T extends object>(prototype: object, kind: 'Readable' | 'Writable' | 'Transform', options: (target: T) => object): void {
  const become = (target: T): void => {
    const Stream = library('node-stream')['Stream'][kind] as StreamClass
    Object.setPrototypeOf(target, Stream.prototype)
    Stream.call(target, options(target))
  }
  for (const name of [...MEMBERS, Symbol.asyncIterator, Symbol.asyncDispose]) {
    Object.defineProperty(prototype, name, {
      get(this: T): unknown {
        if (this === prototype) return undefined
        become(this)
        return (this as Record<PropertyKey, unknown>)[name]
      },
      set(this: T, value: unknown) {
        become(this)
        ;(this as Record<PropertyKey, unknown>)[name] = value
      },
      enumerable: false,
      configurable: true,
    })
  }
}
