import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Platform, PlatformThread, PlatformThreadEvents } from './platform.js'

const MOST_DELAY_MS = 2_147_483_647

/** The guests' own memory is bounded by their limits; this is for what the host's code holds of them. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 1024, stackSizeMb: 4 }

export const platform: Platform = Object.freeze({
  now: () => performance.now(),
  startTimer(callback: () => void, ms: number): () => void {
    const timer = setTimeout(callback, Math.min(ms, MOST_DELAY_MS))
    return () => clearTimeout(timer)
  },
  startIdleTimer(callback: () => void, ms: number): () => void {
    const timer = setTimeout(callback, Math.min(ms, MOST_DELAY_MS)).unref()
    return () => clearTimeout(timer)
  },
  defer(callback: () => void): void {
    setImmediate(callback)
  },
  async compileEngine() {
    return WebAssembly.compile(await readFile(findEngine()))
  },
  parallelism: availableParallelism,
  checkThreads() {},
  startThread({ onMessage, onEnd }: PlatformThreadEvents): PlatformThread {
    const worker = new Worker(new URL('./threads/node.js', pathToFileURL(findEngine())), {
      name: 'glovebox', env: {}, argv: [], execArgv: [], stdin: false, stdout: true, stderr: true, resourceLimits: THREAD_LIMITS,
    })
    worker.unref()
    worker.on('message', onMessage)
    worker.once('messageerror', onEnd)
    worker.once('error', onEnd)
    worker.once('exit', (code) => onEnd(new Error(`the thread ended with code ${code}`)))
    return {
      post: (message) => worker.postMessage(message),
      hold: () => worker.ref(),
      release: () => worker.unref(),
      terminate: async () => void (await worker.terminate()),
    }
  },
})

function findEngine(): string {
  return createRequire(import.meta.url).resolve('glovebox/quickjs.wasm')
}
