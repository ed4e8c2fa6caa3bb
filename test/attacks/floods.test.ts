import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { defineTool, memoryDir } from '../../src/index.js'
import { useAttacks } from './host.js'

const { run } = useAttacks()

const nothing = defineTool({ description: 'Does nothing', input: z.any(), execute: () => 1 })
const never = defineTool({ description: 'Never answers', input: z.any(), execute: () => new Promise(() => {}) })
const options = {
  grants: { tools: { nothing, never }, fs: { '/d': memoryDir({ files: { 'a.txt': 'a' } }) } },
  limits: { fuel: 1_000_000_000, deadlineMs: 3000, outputBytes: 4096, hostCalls: 100, hostCallsInFlight: 8, timers: 16, resources: 8, hostBytesOut: 100_000, hostBytesIn: 100_000, resultBytes: 10_000 },
}

const FLOODS: readonly [name: string, source: string, reasons: readonly string[]][] = [
  ['console lines of nothing', 'for (;;) console.log("")', ['output']],
  ['console groups', 'for (;;) { console.group("g"); console.log("x") }', ['output']],
  ['a table', 'console.table(Array.from({ length: 1e4 }, (_, i) => ({ i })))', ['output']],
  ['stdout and stderr in turn', 'for (;;) { process.stdout.write("a"); process.stderr.write("b") }', ['output']],
  ['warnings', 'for (let i = 0; ; i++) process.emitWarning("w" + i)', ['output', 'memory', 'fuel', 'timers']],
  ['denied calls', 'for (;;) await tools.missing().catch(() => {})', ['host-calls']],
  ['denied reads', 'const fs = require("fs"); for (;;) try { fs.readFileSync("/etc/x") } catch {}', ['host-calls']],
  ['granted calls', 'for (;;) await tools.nothing()', ['host-calls']],
  ['calls that wait', 'for (;;) tools.never()', ['host-calls']],
  ['bytes sent', 'for (;;) await tools.nothing("x".repeat(20_000))', ['host-calls']],
  ['bytes sent in buffers', 'for (;;) await tools.nothing([new Uint8Array(20_000), new Map([[1, 2]])])', ['host-calls']],
  ['one call too large', 'await tools.nothing("x".repeat(200_000))', ['host-calls']],
  ['a value that grows when it is written', 'const s = "\\u0001".repeat(50_000); await tools.nothing([s, new Map()])', ['host-calls']],
  ['descriptors', 'const fs = require("fs"); for (;;) fs.openSync("/d/a.txt")', ['host-calls', 'resources']],
  ['file streams', 'const fs = require("fs"); const all = []; for (;;) { all.push(fs.createReadStream("/d/a.txt")); all.at(-1).on("data", () => {}); await 0 }', ['resources']],
  ['intervals', 'for (;;) setInterval(() => {}, 0)', ['timers']],
  ['immediates', 'for (;;) setImmediate(() => {})', ['timers']],
  ['abort timeouts', 'for (;;) AbortSignal.timeout(1000)', ['timers', 'memory', 'fuel']],
  ['promises of timers', 'const { setTimeout: wait } = require("timers/promises"); for (;;) wait(1000)', ['timers']],
  ['timers that fire for ever', 'await new Promise(() => setInterval(() => {}, 1))', ['fuel', 'deadline']],
  ['a timer that starts a timer', 'const again = () => setTimeout(again, 1); again(); await new Promise(() => {})', ['fuel', 'deadline']],
  ['immediates in turn', 'const again = () => setImmediate(again); again(); await new Promise(() => {})', ['fuel', 'deadline']],
  ['nextTick', 'const again = () => process.nextTick(again); again(); await new Promise(() => {})', ['fuel', 'deadline']],
  ['messages in a ring', 'const { port1, port2 } = new MessageChannel(); port1.onmessage = port2.onmessage = (e) => e.target.postMessage(1); port1.postMessage(1); await new Promise(() => {})', ['fuel', 'deadline', 'memory']],
  ['events', 'const t = new EventTarget(); t.addEventListener("a", () => queueMicrotask(() => t.dispatchEvent(new Event("a")))); t.dispatchEvent(new Event("a")); await new Promise(() => {})', ['fuel', 'deadline']],
  // Where memory ends between a promise and its handler, the rejection has none.
  ['rejections', 'for (;;) Promise.reject(new Error("r")).catch(() => {})', ['fuel', 'deadline', 'memory', 'threw']],
  ['a result of keys', 'return Object.fromEntries(Array.from({ length: 5e3 }, (_, i) => ["k" + i, i]))', ['result-size']],
  ['a result of references', 'const s = "x".repeat(5000); return [s, s, s]', ['result-size']],
  ['a result of maps', 'return Array.from({ length: 5e3 }, (_, i) => new Map([[i, new Set([i])]]))', ['result-size']],
  ['a result of blobs', 'return Array.from({ length: 5e3 }, () => new Uint8Array(4))', ['result-size']],
]

describe('floods', () => {
  it.each(FLOODS)('%s have an end, and a reason', async (_name, source, reasons) => {
    let events = 0
    const result = await run(source, { ...options, onEvent: () => void events++ })
    expect(result.outcome === 'stopped' ? result.reason : result.outcome).toSatisfy((reason: unknown) => reasons.includes(reason as string), `one of ${reasons.join()}`)
    expect(result.ledger.length).toBeLessThanOrEqual(100)
    expect(events).toBeLessThan(5000)
    expect(Buffer.byteLength(result.stdout + result.stderr)).toBeLessThanOrEqual(4096)
    expect(result.usage.hostBytesIn).toBeLessThanOrEqual(110_000)
  })
})
