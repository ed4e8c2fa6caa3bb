import type { GuestCore } from '../../../src/quickjs/guest/core.js'
import blob from '../../../src/quickjs/guest/libs/blob.js'
import clone from '../../../src/quickjs/guest/libs/clone.js'
import events from '../../../src/quickjs/guest/libs/events.js'
import fetching from '../../../src/quickjs/guest/libs/fetch.js'
import messages from '../../../src/quickjs/guest/libs/messages.js'
import streams from '../../../src/quickjs/guest/libs/streams.js'

const LIBRARIES: Readonly<Record<string, (core: GuestCore) => object>> = { blob, clone, events, fetch: fetching, messages, streams }
type Names =
  | 'fetch' | 'Headers' | 'Request' | 'Response' | 'AbortController' | 'AbortSignal' | 'Event' | 'EventTarget' | 'CustomEvent'
  | 'ErrorEvent' | 'MessageEvent' | 'MessageChannel' | 'MessagePort' | 'structuredClone' | 'Blob' | 'File' | 'FormData'
  | 'ReadableStream' | 'WritableStream' | 'TransformStream' | 'TextEncoderStream' | 'TextDecoderStream' | 'reportError'
export type Web = Pick<typeof globalThis, Names> & {
  readonly ReadableStream: { from(items: AsyncIterable<unknown> | Iterable<unknown>): ReadableStream<any> }
}

/** The libraries of the web, in this process, over a core of the test's own. */
export function createWeb(own: Partial<GuestCore>): Web {
  const made = new Map<string, object>([['url', { URL, URLSearchParams }], ['encoding', { TextEncoder, TextDecoder }]])
  const core = {
    isProxy: () => false,
    settings: () => ({ args: [], env: {}, stdin: '', tools: [], timers: 64, mounts: [], given: [], filename: '/main.js' }),
    ...own,
    lib(name: string) {
      if (!made.has(name)) made.set(name, LIBRARIES[name]!(core))
      return made.get(name)
    },
  } as GuestCore
  return Object.assign({}, ...Object.keys(LIBRARIES).map((name) => core.lib(name))) as Web
}
