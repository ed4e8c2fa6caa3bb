import { GloveboxError } from '../errors.js'
import type { Platform, PlatformThread, PlatformThreadEvents } from './platform.js'
import { startTimer } from './start-timer.js'

export const platform: Platform = Object.freeze({
  now: () => performance.now(),
  startTimer,
  startIdleTimer: startTimer,
  defer(callback: () => void): void {
    setTimeout(callback, 0)
  },
  async compileEngine() {
    const response = await fetch(new URL('../quickjs.wasm', import.meta.url))
    if (!response.ok) throw new Error(`Cannot fetch ${response.url}: status ${response.status}; serve quickjs.wasm beside the package`)
    return WebAssembly.compile(await response.arrayBuffer())
  },
  parallelism: () => navigator.hardwareConcurrency,
  checkThreads() {
    if (typeof Worker === 'function' && typeof SharedArrayBuffer === 'function') return
    throw new GloveboxError('unsupported-platform', 'Threads need Worker and SharedArrayBuffer: serve the page with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp", or leave out isolation: \'thread\'')
  },
  startThread({ onMessage, onEnd }: PlatformThreadEvents): PlatformThread {
    const worker = new Worker(new URL('../threads/web.js', import.meta.url), { type: 'module', name: 'glovebox' })
    worker.addEventListener('message', ({ data }) => onMessage(data))
    worker.addEventListener('messageerror', onEnd)
    worker.addEventListener('error', onEnd)
    return {
      post: (message) => worker.postMessage(message),
      hold() {},
      release() {},
      terminate: async () => worker.terminate(),
    }
  },
})
