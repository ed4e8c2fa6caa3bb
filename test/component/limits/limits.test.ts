import { describe, expect, it } from 'vitest'
import { canSuspend, useComponents, valueOf } from '../components.js'
import { CANON, LIBC, lift, single } from '../fixtures.js'

const SPIN = single(
  `(func (export "spin") (loop (br 0)))
   (func (export "count") (param $n i32) (loop $again (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
   (func $deep (export "deep") (param i32) (result i32) (i32.add (i32.const 1) (call $deep (local.get 0))))`,
  `${lift('spin')} ${lift('count', '(param "n" u32)')} ${lift('deep', '(param "n" u32) (result u32)')}`,
)

/** Two modules, each with a loop, and a function of the second that calls the first. */
const TWO_MODULES = `(component
  (core module $a (func (export "work") (param $n i32) (loop $again (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
  (core instance $a (instantiate $a))
  (core module $b (import "a" "work" (func $work (param i32)))
    (func (export "both") (param $n i32) (call $work (local.get $n)) (loop $again (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
  (core instance $b (instantiate $b (with "a" (instance $a))))
  (func (export "work") (param "n" u32) (canon lift (core func $a "work")))
  (func (export "both") (param "n" u32) (canon lift (core func $b "both"))))`

const GROW = single(
  `(func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
   (func (export "insist") (param i32) (if (i32.eq (memory.grow (local.get 0)) (i32.const -1)) (then unreachable)) )
   (func (export "fill") (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable)`,
  `${lift('grow', '(param "pages" u32) (result s32)')} ${lift('insist', '(param "pages" u32)')} ${lift('fill')}`,
)

describe.each(['auto', 'sync'] as const)('limits of a component in mode %s', (mode) => {
  const { load, sandbox } = useComponents({ mode })

  describe('fuel', () => {
    it('stops an endless loop at exactly what was given', async () => {
      const tool = await load(SPIN)
      expect(await tool.call('spin', [], { limits: { fuel: 3_000_000 } })).toMatchObject({
        outcome: 'stopped', reason: 'fuel', message: 'The call used its fuel of 3000000 units; raise limits.fuel if the work is worth it', usage: { fuel: 3_000_000 },
      })
    })

    it('is the same in every call, whatever the machine does meanwhile', async () => {
      const tool = await load(SPIN)
      const used = new Set<number>()
      for (let i = 0; i < 5; i++) used.add((await tool.call('count', [1_000_000 ])).usage.fuel)
      expect(used.size).toBe(1)
      expect([...used][0]).toBeGreaterThan(1_000_000)
    })

    it('is one budget for all modules of a component', async () => {
      const tool = await load(TWO_MODULES)
      const one = (await tool.call('work', [1_000_000])).usage.fuel
      const nothing = (await tool.call('work', [1])).usage.fuel
      const both = (await tool.call('both', [1_000_000])).usage.fuel
      expect(both - nothing).toBeGreaterThan(1.9 * (one - nothing))
      expect(await tool.call('both', [1_000_000], { limits: { fuel: Math.floor((one + both) / 2) } })).toMatchObject({ outcome: 'stopped', reason: 'fuel' })
    })

    it('pays for the instance, its modules and the memory they start with', async () => {
      const small = await load(`(component (core module $m (memory 1) (func (export "f"))) (core instance $i (instantiate $m)) (func (export "f") (canon lift (core func $i "f"))))`)
      const large = await load(`(component (core module $m (memory 200) (func (export "f"))) (core instance $i (instantiate $m)) (func (export "f") (canon lift (core func $i "f"))))`)
      expect((await large.call('f')).usage.fuel - (await small.call('f')).usage.fuel).toBe(199 * 4096)
      expect(await large.call('f', [], { limits: { fuel: 100_000 } })).toMatchObject({ outcome: 'stopped', reason: 'fuel', usage: { fuel: 100_000 } })
    })

    it('stops a start function that loops', async () => {
      const tool = await load(`(component (core module $m (func $start (loop (br 0))) (start $start) (func (export "f"))) (core instance $i (instantiate $m)) (func (export "f") (canon lift (core func $i "f"))))`)
      expect(await tool.call('f', [], { limits: { fuel: 2_000_000 } })).toMatchObject({ outcome: 'stopped', reason: 'fuel' })
      expect(await tool.call('f', [], { limits: { deadlineMs: 30 } })).toMatchObject({ outcome: 'stopped', reason: 'deadline' })
    })

    it('stops loops in an allocator and behind the result', async () => {
      const tool = await load(`(component
        (core module $m (memory (export "memory") 1)
          (func (export "realloc") (param i32 i32 i32 i32) (result i32) (loop (br 0)) unreachable)
          (func (export "take") (param i32 i32))
          (func (export "give") (result i32) (i32.const 8))
          (func (export "after") (param i32) (loop (br 0))))
        (core instance $i (instantiate $m))
        (func (export "take") (param "text" string) (canon lift (core func $i "take") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
        (func (export "give") (result string) (canon lift (core func $i "give") (memory (core memory $i "memory")) (post-return (core func $i "after")))))`)
      for (const [name, args] of [['take', ['text']], ['give', []]] as const) {
        expect(await tool.call(name, args, { limits: { fuel: 5_000_000 } })).toMatchObject({ outcome: 'stopped', reason: 'fuel', usage: { fuel: 5_000_000 } })
        expect(await tool.call(name, args, { limits: { deadlineMs: 40 } })).toMatchObject({ outcome: 'stopped', reason: 'deadline' })
      }
    })
  })

  describe('deadline and signal', () => {
    it('stop an endless loop at the deadline', async () => {
      const tool = await load(SPIN)
      await tool.call('count', [1])
      const { usage, ...result } = await tool.call('spin', [], { limits: { deadlineMs: 60 } })
      expect(result).toMatchObject({ outcome: 'stopped', reason: 'deadline' })
      expect(usage.wallMs).toBeGreaterThanOrEqual(60)
      expect(usage.wallMs).toBeLessThan(60 + 1000)
    })

    it('stop nothing that was not begun: an aborted signal makes no instance', async () => {
      const tool = await load(SPIN)
      expect(await tool.call('spin', [], { signal: AbortSignal.abort() })).toMatchObject({ outcome: 'stopped', reason: 'aborted', usage: { fuel: 0, memoryPeakBytes: 0 } })
    })

    it.runIf(canSuspend && mode === 'auto')('let others run while a guest spins, and an abort stop it in the middle', async () => {
      const tool = await load(SPIN)
      // Again and again: how long the first slice takes must not decide whether the rest is suspended.
      for (let round = 0; round < 6; round++) {
        const abort = new AbortController()
        let turns = 0
        const beat = (): void => {
          turns++
          if (turns === 5) abort.abort()
          else if (turns < 5) setTimeout(beat, 1)
        }
        setTimeout(beat, 1)
        expect(await tool.call('spin', [], { signal: abort.signal, limits: { deadlineMs: 5000 } })).toMatchObject({ outcome: 'stopped', reason: 'aborted' })
        expect(turns).toBe(5)
      }
    })

    it.runIf(canSuspend && mode === 'auto')('spend the same fuel whether or not the guest was suspended', async () => {
      const tool = await load(SPIN)
      const n = 60_000_000
      const alone = await tool.call('count', [n])
      const beats = setInterval(() => {}, 1)
      const together = await Promise.all([tool.call('count', [n]), tool.call('count', [n])]).finally(() => clearInterval(beats))
      expect(together.map(({ usage }) => usage.fuel)).toEqual([alone.usage.fuel, alone.usage.fuel])
    })
  })

  describe('memory', () => {
    it('is a ceiling the engine keeps: growing beyond fails in the guest', async () => {
      const tool = await load(GROW)
      expect(valueOf(await tool.call('grow', [10], { limits: { memoryBytes: 4 << 20 } }))).toBe(2)
      expect(valueOf(await tool.call('grow', [62], { limits: { memoryBytes: 4 << 20 } }))).toBe(2)
      expect(valueOf(await tool.call('grow', [63], { limits: { memoryBytes: 4 << 20 } }))).toBe(-1)
      expect(valueOf(await tool.call('grow', [63], { limits: { memoryBytes: 8 << 20 } }))).toBe(2)
    })

    it('names itself as the reason when a guest that filled it gives up', async () => {
      const tool = await load(GROW)
      expect(await tool.call('fill', [], { limits: { memoryBytes: 4 << 20 } })).toMatchObject({
        outcome: 'stopped', reason: 'memory', message: 'The component used up its 4194304 bytes of memory; raise limits.memoryBytes', usage: { memoryPeakBytes: 4 << 20 },
      })
    })

    it('is one bound for all memories of a component', async () => {
      const tool = await load(`(component
        (core module $a (memory 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
        (core instance $a (instantiate $a))
        (core module $b (import "a" "grow" (func $other (param i32) (result i32))) (memory 1)
          (func (export "both") (param $n i32) (result i32)
            (drop (call $other (local.get $n)))
            (drop (memory.grow (local.get $n)))
            (local.set $n (i32.const 3000000))
            (loop $again (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (i32.const 1)))
        (core instance $b (instantiate $b (with "a" (instance $a))))
        (func (export "both") (param "pages" u32) (result u32) (canon lift (core func $b "both"))))`)
      expect(valueOf(await tool.call('both', [30], { limits: { memoryBytes: 4 << 20 } }))).toBe(1)
      expect(await tool.call('both', [40], { limits: { memoryBytes: 4 << 20 } })).toMatchObject({ outcome: 'stopped', reason: 'memory' })
    })

    it('refuses a component that starts with more', async () => {
      const tool = await load(`(component (core module $m (memory 100) (func (export "f"))) (core instance $i (instantiate $m)) (func (export "f") (canon lift (core func $i "f"))))`)
      expect(await tool.call('f', [], { limits: { memoryBytes: 4 << 20 } })).toMatchObject({
        outcome: 'stopped', reason: 'memory', message: 'The component starts with 6553600 bytes of memory where 4194304 are the most; raise limits.memoryBytes',
      })
      expect(await tool.call('f')).toMatchObject({ outcome: 'returned', usage: { memoryPeakBytes: 6_553_600 } })
    })

    it('holds a table to its elements', async () => {
      const tool = await load(single('(table 10 funcref) (func (export "grow") (param $n i32) (result i32) (drop (table.grow (ref.null func) (local.get $n))) (local.set $n (i32.const 3000000)) (loop $again (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))) (table.size))', lift('grow', '(param "elements" u32) (result u32)')))
      expect(valueOf(await tool.call('grow', [90], { limits: { tableElements: 100 } }))).toBe(100)
      expect(await tool.call('grow', [91], { limits: { tableElements: 100 } })).toMatchObject({ outcome: 'stopped', reason: 'memory', message: expect.stringContaining('raise limits.tableElements') })
      expect(await tool.call('grow', [1], { limits: { tableElements: 5 } })).toMatchObject({ outcome: 'stopped', reason: 'memory' })
    })
  })

  describe('stack', () => {
    it('ends recursion without end as a stop, and the host lives', async () => {
      const tool = await load(SPIN)
      expect(await tool.call('deep', [1])).toMatchObject({ outcome: 'stopped', reason: 'stack' })
      expect(valueOf(await tool.call('count', [1]))).toBe(undefined)
    })
  })

  describe('results', () => {
    const GIVE = `(component ${LIBC}
      (core module $m (import "l" "memory" (memory 1))
        (func (export "bytes") (param i32) (result i32) (i32.store (i32.const 8) (i32.const 0)) (i32.store (i32.const 12) (local.get 0)) (i32.const 8))
        ;; A list whose elements are all the same one megabyte, or its end.
        (func (export "overlapping") (param $n i32) (result i32) (local $i i32)
          (drop (memory.grow (i32.const 100)))
          (loop $again
            (i32.store (i32.add (i32.const 2000000) (i32.mul (local.get $i) (i32.const 8))) (i32.const 100))
            (i32.store (i32.add (i32.const 2000004) (i32.mul (local.get $i) (i32.const 8))) (i32.const 1000000))
            (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
          (i32.store (i32.const 8) (i32.const 2000000)) (i32.store (i32.const 12) (local.get $n)) (i32.const 8))
        (func (export "endless") (result i32) (i32.store (i32.const 8) (i32.const 0)) (i32.store (i32.const 12) (i32.const -1)) (i32.const 8))
        (func (export "broken") (result i32) (i32.store8 (i32.const 100) (i32.const 0xff)) (i32.store (i32.const 8) (i32.const 100)) (i32.store (i32.const 12) (i32.const 1)) (i32.const 8)))
      (core instance $i (instantiate $m (with "l" (instance $l))))
      (func (export "bytes") (param "length" u32) (result (list u8)) (canon lift (core func $i "bytes") ${CANON}))
      (func (export "texts") (param "count" u32) (result (list string)) (canon lift (core func $i "overlapping") ${CANON}))
      (func (export "blobs") (param "count" u32) (result (list (list u8))) (canon lift (core func $i "overlapping") ${CANON}))
      (func (export "pairs") (param "count" u32) (result (list (list (tuple u8 u8)))) (canon lift (core func $i "overlapping") ${CANON}))
      (func (export "endless") (result (list u8)) (canon lift (core func $i "endless") ${CANON}))
      (func (export "endless-words") (result (list string)) (canon lift (core func $i "endless") ${CANON}))
      (func (export "broken") (result string) (canon lift (core func $i "broken") ${CANON})))`

    it('are bounded by resultBytes', async () => {
      const tool = await load(GIVE)
      expect(valueOf<Uint8Array>(await tool.call<Uint8Array>('bytes', [900])).length).toBe(900)
      expect(await tool.call('bytes', [1001], { limits: { resultBytes: 1000 } })).toMatchObject({
        outcome: 'stopped', reason: 'result-size', message: 'The result is larger than 1000 bytes; return less or raise limits.resultBytes',
      })
    })

    it.each([['texts'], ['blobs'], ['pairs']])('whose parts overlap are stopped before the host holds them: %s', async (name) => {
      const tool = await load(GIVE)
      const before = process.memoryUsage().rss
      expect(await tool.call(name, [500_000])).toMatchObject({ outcome: 'stopped', reason: 'result-size' })
      expect(await tool.call(name, [5000])).toMatchObject({ outcome: 'stopped', reason: 'result-size' })
      expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20)
    })

    it.each(['endless', 'endless-words'])('longer than the memory are refused: %s', async (name) => {
      expect(await (await load(GIVE)).call(name)).toMatchObject({ outcome: 'stopped' })
    })

    it('that are no UTF-8 are refused', async () => {
      expect(await (await load(GIVE)).call('broken')).toMatchObject({ outcome: 'stopped', reason: 'trap', message: 'The component passed a text that is not well-formed' })
    })
  })

  describe('traps', () => {
    it('end the call, not the host, with the engine\'s own word for it', async () => {
      const tool = await load(single('(func (export "stop") unreachable) (func (export "divide") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))', `${lift('stop')} ${lift('divide', '(param "by" u32) (result u32)')}`))
      expect(await tool.call('stop')).toMatchObject({ outcome: 'stopped', reason: 'trap', message: expect.stringMatching(/^The component trapped: .*unreachable/) })
      expect(await tool.call('divide', [0])).toMatchObject({ outcome: 'stopped', reason: 'trap', message: expect.stringMatching(/^The component trapped: .*zero/) })
      expect(valueOf(await tool.call('divide', [1]))).toBe(1)
      expect(sandbox().stats()).toMatchObject({ live: 0, running: 0 })
    })
  })
})

describe('fuel of a component', () => {
  const suspended = useComponents({ mode: 'auto' })
  const plain = useComponents({ mode: 'sync' })

  it('is the same whether or not it can be suspended', async () => {
    const calls = [['count', [5_000_000]], ['count', [1]], ['spin', []]] as const
    for (const [name, args] of calls) {
      const one = await (await suspended.load(SPIN)).call(name, args, { limits: { fuel: 4_000_000 } })
      const other = await (await plain.load(SPIN)).call(name, args, { limits: { fuel: 4_000_000 } })
      expect([one.outcome, one.usage.fuel]).toEqual([other.outcome, other.usage.fuel])
    }
  })
})
