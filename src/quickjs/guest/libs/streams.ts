import * as streams from 'web-streams-polyfill'
import type { GuestCore } from '../core.js'
import type { Move } from './clone.js'
import { teeApart } from './streams/tee.js'
import { createTextStreams } from './streams/text.js'
import { TRANSFER } from './webidl/interfaces.js'

const { ReadableStream, TransformStream, WritableStream } = streams
const { defineProperty } = Object

/** What the library keeps in a stream. */
interface Internals {
  readonly _disturbed: boolean
  readonly _readableStreamController: object
}

/** A piece passes in the turn it is asked for: a stream that was moved holds nothing back. */
const EAGER = { highWaterMark: 0 }

const moveReadable = (from: streams.ReadableStream): Move | undefined => {
  if (from.locked) return undefined
  let reader: streams.ReadableStreamDefaultReader | undefined
  const to = new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader!.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: (reason) => reader!.cancel(reason),
  }, EAGER)
  return { to, commit: () => void (reader = from.getReader()) }
}

const moveWritable = (from: streams.WritableStream): Move | undefined => {
  if (from.locked) return undefined
  let writer: streams.WritableStreamDefaultWriter | undefined
  const to = new WritableStream({
    write: (chunk) => writer!.write(chunk),
    close: () => writer!.close(),
    abort: (reason) => writer!.abort(reason),
  })
  return { to, commit: () => void (writer = from.getWriter()) }
}

/** Both halves of a transform stream as one: what asks for `readable` and `writable` cannot tell the difference. */
const moveTransform = (from: streams.TransformStream): Move | undefined => {
  const readable = moveReadable(from.readable)
  const writable = moveWritable(from.writable)
  if (readable === undefined || writable === undefined) return undefined
  const to = Object.create(TransformStream.prototype, {
    readable: { value: readable.to, enumerable: true, configurable: true },
    writable: { value: writable.to, enumerable: true, configurable: true },
  }) as object
  const commit = (): void => {
    readable.commit()
    writable.commit()
  }
  return { to, commit }
}

/** Streams of the Streams Standard, with text streams of the Encoding Standard. */
export default (core: GuestCore) => {
  for (const [Class, move] of [[ReadableStream, moveReadable], [WritableStream, moveWritable], [TransformStream, moveTransform]] as const) {
    defineProperty(Class.prototype, TRANSFER, { value: move })
  }
  for (const [name, Class] of Object.entries(streams)) {
    // Where it keeps its state is no part of what a stream shows.
    defineProperty((Class as unknown as { readonly prototype: object }).prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: object, depth: number, options: object, inspect: (value: unknown, options: object) => string) {
        if (depth < 0) return `[${name}]`
        const shown: Record<string, unknown> = {}
        if ('locked' in this) shown['locked'] = this.locked
        if ('_state' in this) shown['state'] = this._state
        return `${name} ${inspect(shown, options)}`
      },
      writable: true, configurable: true,
    })
  }
  const iterators = Object.getPrototypeOf(new ReadableStream().values()) as object
  Object.setPrototypeOf(iterators, Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype) as object)
  return {
    ...streams,
    ...createTextStreams(core),
    isReadable: (value: unknown): value is streams.ReadableStream => value instanceof ReadableStream,
    /** Whether a stream has been read from or cancelled. */
    isDisturbed: (stream: object): boolean => (stream as Internals)._disturbed,
    /** Two streams with all that one gives; what both would share is copied for the second. */
    teeApart(stream: streams.ReadableStream): [streams.ReadableStream, streams.ReadableStream] {
      if ((stream as unknown as Internals)._readableStreamController instanceof streams.ReadableByteStreamController) return stream.tee()
      const { structuredClone } = core.lib('clone') as { readonly structuredClone: (value: unknown) => unknown }
      return teeApart(stream, structuredClone)
    },
  }
}
