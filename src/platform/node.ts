import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'
import type { Platform, PlatformThread, PlatformThreadEvents } from './platform.js'
import { MOST_DELAY_MS, startTimer } from './start-timer.js'

/** A thread for guests has none of what the process has. */
export const THREAD_OPTIONS: WorkerOptions = Object.freeze({
  name: 'glovebox',
  env: {},
  argv: [],
  execArgv: [],
  // The process's own streams are not for it; what it writes by mistake stays unread.
  stdin: false,
  stdout: true,
  stderr: true,
  // The guests' own memory is bounded by their limits; this is for what our code holds of them.
  resourceLimits: { maxOldGenerationSizeMb: 1024, stackSizeMb: 4 },
})

export const platform: Platform = Object.freeze({
  now: () => performance.now(),
  startTimer,
  startIdleTimer(callback: () => void, ms: number): () => void {
    const timer = setTimeout(callback, Math.min(ms, MOST_DELAY_MS)).unref()
    return () => clearTimeout(timer)
  },
  defer(callback: () => void): void {
    setImmediate(callback)
  },
  compareBytes(a: Uint8Array, b: Uint8Array) {
    const left = Buffer.from(a.buffer, a.byteOffset, a.byteLength)
    const right = Buffer.from(b.buffer, b.byteOffset, b.byteLength)
    return (startA: number, startB: number, length: number): boolean => left.compare(right, startB, startB + length, startA, startA + length) === 0
  },
  async compileEngine() {
    return WebAssembly.compile(await readFile(findEngine()))
  },
  parallelism: availableParallelism,
  checkThreads() {},
  startThread: (events: PlatformThreadEvents) => startThread(new URL('./threads/node.js', pathToFileURL(findEngine())), events),
})

/** Starts a thread on a file. */
export function startThread(file: URL, { onMessage, onEnd }: PlatformThreadEvents): PlatformThread {
  const worker = new Worker(file, THREAD_OPTIONS)
  worker.on('message', onMessage)
  worker.once('messageerror', onEnd)
  worker.once('error', onEnd)
  worker.once('exit', (code) => onEnd(new Error(`the thread ended with code ${code}`)))
  // Behind the listeners: the first one for messages holds it again.
  worker.unref()
  return {
    post: (message) => worker.postMessage(message),
    hold: () => worker.ref(),
    release: () => worker.unref(),
    terminate: async () => void (await worker.terminate()),
  }
}

function findEngine(): string {
  return createRequire(import.meta.url).resolve('glovebox/quickjs.wasm')
}
