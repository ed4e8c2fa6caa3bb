import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { useAttacks } from './host.js'

const { run } = useAttacks()

const bomb = Buffer.alloc(64 << 20)
const limits = { memoryBytes: 16 << 20, fuel: 1_000_000_000, deadlineMs: 2500 }

describe('decompression bombs', () => {
  it.each([
    ['gzip', gzipSync(bomb), 'require("zlib").gunzipSync(input).length'],
    ['deflate', deflateSync(bomb), 'require("zlib").inflateSync(input).length'],
    ['brotli', brotliCompressSync(bomb), 'require("zlib").brotliDecompressSync(input).length'],
    ['gzip in gzip', gzipSync(gzipSync(bomb)), '(() => { const z = require("zlib"); return z.gunzipSync(z.gunzipSync(input)).length })()'],
    ['gzip with a bound of its own', gzipSync(bomb), 'require("zlib").gunzipSync(input, { maxOutputLength: 1e12 }).length'],
    ['a stream', gzipSync(bomb), 'new Response(new Blob([input]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer().then((b) => b.byteLength)'],
    ['the same bytes for ever', gzipSync(Buffer.alloc(1 << 20)), '(() => { const z = require("zlib"); for (;;) z.gunzipSync(input) })()'],
    ['compression for ever', Buffer.alloc(1 << 20, 'ab'), '(() => { const z = require("zlib"); for (let level = 9; ;) z.deflateSync(input, { level }) })()'],
    ['text that lies about its length', Buffer.concat([gzipSync(Buffer.alloc(10)).subarray(0, -4), Buffer.from([255, 255, 255, 255])]), 'require("zlib").gunzipSync(input).length'],
    ['noise', Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 7919) & 255)), 'require("zlib").inflateRawSync(input).length'],
  ])('%s stays within the ceiling, the fuel and the deadline', async (_name, bytes, expression) => {
    const before = process.memoryUsage().rss
    const began = performance.now()
    const result = await run(`const input = globalThis.input ?? arguments[0]; return await ${expression}`.replace('const input = globalThis.input ?? arguments[0]; ', ''), { input: new Uint8Array(bytes), limits })
    expect(result.usage.memoryPeakBytes).toBeLessThanOrEqual(limits.memoryBytes)
    const ending = result.outcome === 'stopped' ? result.reason : result.outcome
    expect(['memory', 'fuel', 'deadline', 'host-calls', 'threw']).toContain(ending)
    expect(performance.now() - began).toBeLessThan(6000)
    expect(process.memoryUsage().rss - before).toBeLessThan(250 << 20)
  })
})
