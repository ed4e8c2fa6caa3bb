import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Platform } from './platform.js'

const MOST_DELAY_MS = 2_147_483_647

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
    const path = createRequire(import.meta.url).resolve('glovebox/quickjs.wasm')
    return WebAssembly.compile(await readFile(path))
  },
})
