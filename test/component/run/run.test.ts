import { describe, expect, it } from 'vitest'
import { memoryDir } from '../../../src/index.js'
import { systemClock } from '../../../src/node.js'
import { canSuspend, useComponents } from '../components.js'
import { command } from './preview1.js'

const HELLO = command('(call $print (i32.const 1) (i32.const 64) (i32.const 6)) (call $print (i32.const 2) (i32.const 70) (i32.const 5))', { rest: '(data (i32.const 64) "hello\\noops\\n")' })

/** Prints everything from its input to its output. */
const CAT = command(
  `(local $n i32)
   (loop $again
     (i32.store (i32.const 32) (i32.const 1024)) (i32.store (i32.const 36) (i32.const 4096))
     (if (call $fd_read (i32.const 0) (i32.const 32) (i32.const 1) (i32.const 40)) (then (call $proc_exit (i32.const 9))))
     (local.set $n (i32.load (i32.const 40)))
     (if (local.get $n) (then (call $print (i32.const 1) (i32.const 1024) (local.get $n)) (br $again))))`,
  { imports: ['fd_read', 'proc_exit'] },
)

/** Prints its arguments and its environment as they lie in memory. */
const SHOW = command(
  `(drop (call $args_sizes_get (i32.const 32) (i32.const 36))) (drop (call $args_get (i32.const 256) (i32.const 1024)))
   (call $print (i32.const 1) (i32.const 1024) (i32.load (i32.const 36)))
   (drop (call $environ_sizes_get (i32.const 32) (i32.const 36))) (drop (call $environ_get (i32.const 256) (i32.const 4096)))
   (call $print (i32.const 1) (i32.const 4096) (i32.load (i32.const 36)))`,
  { imports: ['args_sizes_get', 'args_get', 'environ_sizes_get', 'environ_get'] },
)

const exit = (code: number): string => command(`(call $proc_exit (i32.const ${code})) (call $print (i32.const 1) (i32.const 64) (i32.const 5)) (loop (br 0))`, { imports: ['proc_exit'], rest: '(data (i32.const 64) "alive")' })

/** Sleeps for a tenth of a second by the monotonic clock. */
const MINUTE = 60_000_000_000
const sleepFor = (nanoseconds: number): string => command(
  `(i64.store (i32.const 256) (i64.const 0)) (i32.store8 (i32.const 264) (i32.const 0)) (i32.store (i32.const 272) (i32.const 1))
   (i64.store (i32.const 280) (i64.const ${nanoseconds})) (i64.store (i32.const 288) (i64.const 0)) (i32.store16 (i32.const 296) (i32.const 0))
   (drop (call $poll_oneoff (i32.const 256) (i32.const 512) (i32.const 1) (i32.const 600)))
   (call $print (i32.const 1) (i32.const 64) (i32.const 5))`,
  { imports: ['poll_oneoff'], rest: '(data (i32.const 64) "awake")' },
)

describe.each(['auto', 'sync'] as const)('Component.run() in mode %s', (mode) => {
  const { load, sandbox } = useComponents({ mode })

  it('captures what a command prints, and gives its exit code', async () => {
    const tool = await load(HELLO)
    expect(await tool.run()).toMatchObject({ outcome: 'returned', value: undefined, exitCode: 0, stdout: 'hello\n', stderr: 'oops\n' })
  })

  it.each([['a text', 'Grüße\n'], ['bytes', new TextEncoder().encode('Grüße\n')], ['a long text', 'x'.repeat(50_000)]])('hands over its input: %s', async (_what, stdin) => {
    const tool = await load(CAT)
    const expected = typeof stdin === 'string' ? stdin : new TextDecoder().decode(stdin)
    expect(await tool.run({ stdin })).toMatchObject({ outcome: 'returned', stdout: expected })
    expect(await tool.run({ grants: { stdin } })).toMatchObject({ outcome: 'returned', stdout: expected })
  })

  it('has no input, arguments or environment when none are given', async () => {
    expect(await (await load(CAT)).run()).toMatchObject({ outcome: 'returned', stdout: '' })
    expect(await (await load(SHOW)).run()).toMatchObject({ outcome: 'returned', stdout: 'component\0' })
  })

  it.runIf(canSuspend && mode === 'auto')('hands over a stream as its input as it comes', async () => {
    const tool = await load(CAT)
    const parts = ['one ', 'two ', 'three']
    const stdin = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 2))
        const next = parts.shift()
        if (next === undefined) controller.close()
        else controller.enqueue(new TextEncoder().encode(next))
      },
    })
    expect(await tool.run({ stdin })).toMatchObject({ outcome: 'returned', stdout: 'one two three' })
  })

  it('passes arguments and environment on', async () => {
    const tool = await load(SHOW)
    expect(await tool.run({ args: ['--json', 'ß'], grants: { env: { LANG: 'en' } } })).toMatchObject({ stdout: 'component\0--json\0ß\0LANG=en\0' })
  })

  it.each([0, 1, 3, 255])('ends with exit code %i for good: nothing of the guest runs after it', async (code) => {
    const result = await (await load(exit(code))).run({ limits: { deadlineMs: 5000 } })
    // The adapter of preview 1 knows success and failure only, as `wasi:cli/exit` does.
    const told = code === 0 ? 0 : 1
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'exit', message: `The guest ended itself with exit code ${told}`, exitCode: told, stdout: '' })
    expect(sandbox().stats()).toMatchObject({ live: 0, running: 0 })
  })

  it('bounds what is printed', async () => {
    const endless = await load(command('(loop $again (call $print (i32.const 1) (i32.const 64) (i32.const 100)) (br $again))'))
    const result = await endless.run({ limits: { outputBytes: 1000 } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'output', message: 'The guest wrote more than 1000 bytes of output; raise limits.outputBytes' })
    expect(result.stdout.length).toBeLessThanOrEqual(1000)
  })

  it('moves virtual time for a command that sleeps, without waiting', async () => {
    const result = await (await load(sleepFor(MINUTE))).run()
    expect(result).toMatchObject({ outcome: 'returned', stdout: 'awake' })
    expect(result.usage.wallMs).toBeLessThan(30_000)
  })

  it('waits in real time by a clock that is granted, where the runtime can suspend', async () => {
    const tool = await load(sleepFor(100_000_000))
    const result = await tool.run({ grants: { clock: systemClock() } })
    if (canSuspend && mode === 'auto') {
      expect(result).toMatchObject({ outcome: 'returned', stdout: 'awake' })
      expect(result.usage.wallMs).toBeGreaterThan(95)
    } else expect(result).toMatchObject({ outcome: 'stopped', reason: 'needs-jspi', message: expect.stringContaining('Node 24') })
  })

  it.runIf(canSuspend && mode === 'auto')('is stopped by its deadline and its signal while it waits', async () => {
    const tool = await load(sleepFor(MINUTE))
    const grants = { clock: systemClock() }
    const late = await tool.run({ grants, limits: { deadlineMs: 20 } })
    expect(late).toMatchObject({ outcome: 'stopped', reason: 'deadline', stdout: '' })
    expect(late.usage.wallMs).toBeLessThan(10_000)
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 10)
    expect(await tool.run({ grants, signal: abort.signal })).toMatchObject({ outcome: 'stopped', reason: 'aborted', stdout: '' })
  })

  it('refuses arguments that are no texts', async () => {
    const tool = await load(HELLO)
    await expect(tool.run({ args: [1] as never })).rejects.toMatchObject({ code: 'invalid-option' })
    await expect(tool.run({ stdin: 5 as never })).rejects.toMatchObject({ code: 'invalid-grant', message: 'Cannot grant "stdin": expected a text, bytes or a stream, got a number' })
    await expect(tool.run({ input: 1 } as never)).rejects.toMatchObject({ code: 'invalid-option' })
  })

  it('finds no directory where none is granted', async () => {
    const prestat = await load(command('(call $proc_exit (call $fd_prestat_get (i32.const 3) (i32.const 64)))', { imports: ['fd_prestat_get', 'proc_exit'] }))
    expect(await prestat.run()).toMatchObject({ reason: 'exit', exitCode: 1 })
    expect(await prestat.run({ grants: { fs: { '/data': memoryDir() } } })).toMatchObject({ reason: 'exit', exitCode: 0 })
  })
})
