import { GloveboxError } from '../../errors.js'
import { startTimer } from '../../platform/start-timer.js'
import type { GlueFactory } from '../glue.js'
import { toHex } from './hex.js'
import type { CompilerPlatform, CompilerThreadEvents, Store } from './platform.js'
import { readUrl } from './read-url.js'

export const platform: CompilerPlatform = Object.freeze({
  startTimer,
  read: (url: URL, maxBytes: number) => readUrl(url, maxBytes, (from) => fetch(from)),
  digest: async (bytes: Uint8Array) => toHex(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)),
  startThread({ onMessage, onEnd }: CompilerThreadEvents) {
    if (typeof Worker !== 'function') throw new GloveboxError('unsupported-platform', 'Cannot load a component: this platform has no threads to prepare it on; prepare it with "glovebox build" and load that')
    const worker = new Worker(new URL('../compiler/worker-web.js', import.meta.url), { type: 'module', name: 'glovebox components' })
    worker.addEventListener('message', ({ data }) => onMessage(data))
    worker.addEventListener('messageerror', onEnd)
    worker.addEventListener('error', onEnd)
    return {
      post: (message: unknown, transfer: readonly ArrayBuffer[] = []) => worker.postMessage(message, [...transfer]),
      terminate: async () => worker.terminate(),
    }
  },
  compile: (bytes: Uint8Array) => WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>),
  evaluate(body: string, outside: object): GlueFactory {
    try {
      // oxlint-disable-next-line no-new-func -- the glue is text; what it can name is decided by the scope around it.
      return new Function('outside', body)(outside) as GlueFactory
    } catch (cause) {
      if (!(cause instanceof EvalError)) throw cause
      throw new GloveboxError('unsupported-platform', 'Cannot load a component: the page\'s Content-Security-Policy forbids to evaluate text; allow \'unsafe-eval\', or prepare it with "glovebox build" and load that', { cause })
    }
  },
  async readAdapter(kind: 'command' | 'reactor') {
    const response = await fetch(kind === 'command' ? new URL('../adapters/wasi_snapshot_preview1.command.wasm', import.meta.url) : new URL('../adapters/wasi_snapshot_preview1.reactor.wasm', import.meta.url))
    if (!response.ok) throw new Error(`Cannot fetch ${response.url}: status ${response.status}; serve the folder adapters beside the package`)
    return new Uint8Array(await response.arrayBuffer())
  },
  openStore(): Store {
    throw new GloveboxError('unsupported-platform', 'Cannot keep components in a directory: this platform has none; leave out directory')
  },
})
