import type { Platform } from './platform.js'

const MOST_DELAY_MS = 2_147_483_647

export const platform: Platform = Object.freeze({
  now: () => performance.now(),
  startTimer(callback: () => void, ms: number): () => void {
    const timer = setTimeout(callback, Math.min(ms, MOST_DELAY_MS))
    return () => clearTimeout(timer)
  },
  startIdleTimer(callback: () => void, ms: number): () => void {
    const timer = setTimeout(callback, Math.min(ms, MOST_DELAY_MS))
    return () => clearTimeout(timer)
  },
  defer(callback: () => void): void {
    setTimeout(callback, 0)
  },
  async compileEngine() {
    const response = await fetch(new URL('../quickjs.wasm', import.meta.url))
    if (!response.ok) throw new Error(`Cannot fetch ${response.url}: status ${response.status}; serve quickjs.wasm beside the package`)
    return WebAssembly.compile(await response.arrayBuffer())
  },
})
