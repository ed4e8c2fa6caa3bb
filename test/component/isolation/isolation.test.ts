import { describe, expect, it } from 'vitest'
import { type RunOptions, type RunResult, memoryDir, seededRandom } from '../../../src/index.js'
import { systemClock } from '../../../src/node.js'
import { canSuspend, useComponents, valueOf } from '../components.js'
import { lift, single } from '../fixtures.js'
import { command } from '../run/preview1.js'

/** Prints its environment, its input, the file `name` of its first directory and eight random bytes, sleeping in between. */
const TELL = command(
  `(drop (call $environ_sizes_get (i32.const 32) (i32.const 36))) (drop (call $environ_get (i32.const 256) (i32.const 4096)))
   (call $print (i32.const 1) (i32.const 4096) (i32.load (i32.const 36)))
   (call $sleep)
   (i32.store (i32.const 32) (i32.const 8192)) (i32.store (i32.const 36) (i32.const 4096))
   (drop (call $fd_read (i32.const 0) (i32.const 32) (i32.const 1) (i32.const 40)))
   (call $print (i32.const 1) (i32.const 8192) (i32.load (i32.const 40)))
   (call $sleep)
   (if (call $path_open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 4) (i32.const 0) (i64.const 2) (i64.const 2) (i32.const 0) (i32.const 48)) (then unreachable))
   (drop (call $fd_read (i32.load (i32.const 48)) (i32.const 32) (i32.const 1) (i32.const 40)))
   (call $print (i32.const 1) (i32.const 8192) (i32.load (i32.const 40)))
   (call $sleep)
   (drop (call $random_get (i32.const 8192) (i32.const 1)))
   (i32.store8 (i32.const 8192) (i32.add (i32.const 65) (i32.and (i32.const 15) (i32.load8_u (i32.const 8192)))))
   (call $print (i32.const 1) (i32.const 8192) (i32.const 1))`,
  {
    imports: ['environ_sizes_get', 'environ_get', 'fd_read', 'path_open', 'random_get', 'poll_oneoff'],
    rest: `(data (i32.const 64) "name")
      (func $sleep
        (i64.store (i32.const 256) (i64.const 0)) (i32.store8 (i32.const 264) (i32.const 0)) (i32.store (i32.const 272) (i32.const 1))
        (i64.store (i32.const 280) (i64.const 1000000)) (i64.store (i32.const 288) (i64.const 0)) (i32.store16 (i32.const 296) (i32.const 0))
        (drop (call $poll_oneoff (i32.const 256) (i32.const 512) (i32.const 1) (i32.const 600))))`,
  },
)

/** Keeps what it was told, and tells it. */
const KEEP = single(
  `(global $kept (mut i32) (i32.const 0))
   (func (export "keep") (param i32) (result i32) (local $before i32) (local.set $before (global.get $kept)) (global.set $kept (local.get 0)) (i32.store (i32.const 4096) (local.get 0)) (local.get $before))
   (func (export "kept") (result i32) (i32.add (global.get $kept) (i32.load (i32.const 4096))))`,
  `${lift('keep', '(param "value" u32) (result u32)')} ${lift('kept', '(result u32)')}`,
)

describe.each(['auto', 'sync'] as const)('calls of one component in mode %s', (mode) => {
  const { load, sandbox } = useComponents({ mode })

  it('sixteen at once, each with grants of its own, never meet', async () => {
    const tool = await load(TELL)
    const waits = canSuspend && mode === 'auto'
    const ask = async (id: number): Promise<RunResult<undefined>> => {
      const events: string[] = []
      const result = await tool.run({
        stdin: `input ${id};`,
        grants: { env: { ID: `${id}` }, fs: { '/data': memoryDir({ files: { name: `file ${id};` } }) }, random: seededRandom(id), ...(waits ? { clock: systemClock() } : {}) },
        onEvent: (event) => void (event.type === 'host-call' && events.push(event.entry.target)),
      })
      expect(result.ledger.map(({ target }) => target)).toEqual(events)
      return result
    }
    const ids = Array.from({ length: 16 }, (_, id) => id)
    const alone: string[] = []
    for (const id of ids) alone.push((await ask(id)).stdout)
    const together = await Promise.all(ids.map(ask))
    for (const id of ids) {
      expect(together[id]).toMatchObject({ outcome: 'returned', sources: ['fs:/data'] })
      expect(together[id]!.stdout).toMatch(new RegExp(`^ID=${id}\0input ${id};file ${id};[A-P]$`))
    }
    expect(together.map(({ stdout }) => stdout)).toEqual(alone)
    expect(sandbox().stats()).toMatchObject({ live: 0, running: 0 })
  })

  it('keep nothing for the next', async () => {
    const tool = await load(KEEP)
    for (let i = 1; i <= 5; i++) expect(valueOf(await tool.call('keep', [i]))).toBe(0)
    expect(valueOf(await tool.call('kept'))).toBe(0)
  })

  it('a thousand leave nothing behind, whether they return, trap, wait or are stopped', { timeout: 60_000 }, async () => {
    const tool = await load(single(
      '(func (export "fine") (result i32) (i32.const 1)) (func (export "trap") unreachable) (func (export "spin") (loop (br 0))) (func (export "grow") (drop (memory.grow (i32.const 64))))',
      `${lift('fine', '(result u32)')} ${lift('trap')} ${lift('spin')} ${lift('grow')}`,
    ))
    const limits: RunOptions['limits'] = { fuel: 2_000_000, memoryBytes: 8 << 20 }
    const round = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const name = ['fine', 'trap', 'spin', 'grow'][i % 4]!
        const { outcome } = await tool.call(name, [], { limits })
        if ((outcome === 'returned') !== (name === 'fine' || name === 'grow')) throw new Error(`${name} ${outcome}`)
      }
    }
    await round(200)
    const before = process.memoryUsage().rss
    await round(1000)
    expect(process.memoryUsage().rss - before).toBeLessThan(96 << 20)
    expect(sandbox().stats()).toMatchObject({ live: 0, running: 0, waiting: 0 })
  })
})

describe('a call that has ended', () => {
  const { load } = useComponents()

  it.runIf(canSuspend)('hears of no answer that comes later', async () => {
    let answer: (value: number) => void = () => {}
    const later = new Promise<number>((resolve) => (answer = resolve))
    const heard: string[] = []
    const tool = await load(`(component
      (import "acme:host/desk" (instance $desk (export "ask" (func (result u32))) (export "tell" (func (param "value" u32)))))
      (core func $ask (canon lower (func $desk "ask")))
      (core func $tell (canon lower (func $desk "tell")))
      (core module $m (import "h" "ask" (func $ask (result i32))) (import "h" "tell" (func $tell (param i32)))
        (func (export "f") (call $tell (call $ask)) (loop (br 0))))
      (core instance $i (instantiate $m (with "h" (instance (export "ask" (func $ask)) (export "tell" (func $tell))))))
      (func (export "f") (canon lift (core func $i "f"))))`, {
      interfaces: { 'acme:host/desk': { ask: () => later, tell: (value: number) => void heard.push(`told ${value}`) } },
    })
    const result = await tool.call('f', [], { limits: { deadlineMs: 30 } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'deadline', ledger: [{ target: 'acme:host/desk#ask', decision: 'allowed', reason: 'unfinished' }] })
    const { fuel } = result.usage
    answer(5)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(heard).toEqual([])
    expect([result.usage.fuel, result.ledger.length]).toEqual([fuel, 1])
  })
})
