import { describe, expect, it } from 'vitest'
import { memoryDir, readOnly, seededRandom, steppedClock } from '../../../src/index.js'
import { useComponents } from '../components.js'

/** Handles of pollables as a guest that keeps to no rules uses them. */
const HANDLES = `(component
  (import "wasi:io/poll@0.2.0" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.ready" (func (param "self" (borrow $pollable)) (result bool)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
    (alias outer 1 $pollable (type $outer))
    (export "pollable" (type $pollable' (eq $outer)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable'))))))
  (core func $ready (canon lower (func $poll "[method]pollable.ready")))
  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $sleep (canon lower (func $clock "subscribe-duration")))
  (core func $drop (canon resource.drop $pollable))
  (core module $module
    (import "h" "ready" (func $ready (param i32) (result i32)))
    (import "h" "block" (func $block (param i32)))
    (import "h" "sleep" (func $sleep (param i64) (result i32)))
    (import "h" "drop" (func $drop (param i32)))
    (func (export "use") (param i32) (result i32) (call $ready (local.get 0)))
    (func (export "wait") (param i32) (result i32) (call $block (local.get 0)) (i32.const 1))
    (func (export "loose") (param i32) (result i32) (call $drop (local.get 0)) (i32.const 1))
    (func (export "late") (param i64) (result i32) (local $handle i32)
      (local.set $handle (call $sleep (local.get 0)))
      (call $drop (local.get $handle))
      (call $ready (local.get $handle)))
    (func (export "twice") (param i64) (result i32) (local $handle i32)
      (local.set $handle (call $sleep (local.get 0)))
      (call $drop (local.get $handle))
      (call $drop (local.get $handle))
      (i32.const 1))
    (func (export "sleep") (param i64) (result i32) (local $handle i32)
      (local.set $handle (call $sleep (local.get 0)))
      (call $block (local.get $handle))
      (i32.add (i32.const 10) (call $ready (local.get $handle))))
    (func (export "hoard") (result i32) (loop $more (drop (call $sleep (i64.const 1))) (br $more)) (unreachable)))
  (core instance $instance (instantiate $module (with "h" (instance
    (export "ready" (func $ready)) (export "block" (func $block)) (export "sleep" (func $sleep)) (export "drop" (func $drop))))))
  (func (export "use") (param "handle" u32) (result u32) (canon lift (core func $instance "use")))
  (func (export "wait") (param "handle" u32) (result u32) (canon lift (core func $instance "wait")))
  (func (export "loose") (param "handle" u32) (result u32) (canon lift (core func $instance "loose")))
  (func (export "late") (param "ns" u64) (result u32) (canon lift (core func $instance "late")))
  (func (export "twice") (param "ns" u64) (result u32) (canon lift (core func $instance "twice")))
  (func (export "sleep") (param "ns" u64) (result u32) (canon lift (core func $instance "sleep")))
  (func (export "hoard") (result u32) (canon lift (core func $instance "hoard"))))`

/** A command that does `body` with the file `f` of its first preopen and exits with the error number that stopped it. */
const command = (body: string): string => `(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $path_unlink_file (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 100) "f../out/etc/passwd")
  (data (i32.const 300) "\\00\\04\\00\\00\\40\\00\\00\\00")
  (func $check (param i32) (if (local.get 0) (then
    ;; Tells the error number on standard output, in two digits.
    (i32.store8 (i32.const 500) (i32.add (i32.const 48) (i32.div_u (local.get 0) (i32.const 10))))
    (i32.store8 (i32.const 501) (i32.add (i32.const 48) (i32.rem_u (local.get 0) (i32.const 10))))
    (i32.store (i32.const 504) (i32.const 500)) (i32.store (i32.const 508) (i32.const 2))
    (drop (call $fd_write (i32.const 1) (i32.const 504) (i32.const 1) (i32.const 512)))
    (call $proc_exit (i32.const 1)))))
  (func $open (param $at i32) (param $length i32) (param $flags i32) (param $rights i64) (result i32)
    (call $check (call $path_open (i32.const 3) (i32.const 1) (local.get $at) (local.get $length) (local.get $flags) (local.get $rights) (i64.const 0) (i32.const 0) (i32.const 200)))
    (i32.load (i32.const 200)))
  (func (export "_start") (local $fd i32) ${body}))`

const READ = `(local.set $fd (call $open (i32.const 100) (i32.const 1) (i32.const 0) (i64.const 2)))
  (call $check (call $fd_read (local.get $fd) (i32.const 300) (i32.const 1) (i32.const 400)))
  (i32.store (i32.const 304) (i32.load (i32.const 400)))
  (call $check (call $fd_write (i32.const 1) (i32.const 300) (i32.const 1) (i32.const 400)))`
const WRITE = `(local.set $fd (call $open (i32.const 100) (i32.const 1) (i32.const 9) (i64.const 64)))
  (i64.store (i32.const 1024) (i64.const 0x2173696874))
  (i32.store (i32.const 304) (i32.const 5))
  (call $check (call $fd_write (local.get $fd) (i32.const 300) (i32.const 1) (i32.const 400)))`
const UNLINK = '(call $check (call $path_unlink_file (i32.const 3) (i32.const 100) (i32.const 1)))'
const CLIMB = '(drop (call $open (i32.const 101) (i32.const 6) (i32.const 0) (i64.const 2)))'
const ABSOLUTE = '(drop (call $open (i32.const 107) (i32.const 11) (i32.const 0) (i64.const 2)))'

const ROFS = '69'
const PERM = '63'

describe('a component on the generated glue', () => {
  const { load } = useComponents()

  it('files are read and written under the grants of the call, each act on record', async () => {
    const dir = memoryDir({ files: { f: 'hello' } })
    const reader = await load(command(READ))
    const read = await reader.run({ grants: { fs: { '/data': readOnly(dir) } } })
    expect(read).toMatchObject({ outcome: 'returned', stdout: 'hello', sources: ['fs:/data'] })
    expect(read.ledger.map(({ capability, operation, target, decision, bytesIn }) => [capability, operation, target, decision, bytesIn])).toEqual([
      ['fs', 'open', '/data/f', 'allowed', 0], ['fs', 'read', '/data/f', 'allowed', 5],
    ])
    const writer = await load(command(WRITE))
    expect(await writer.run({ grants: { fs: { '/out': dir } } })).toMatchObject({ outcome: 'returned', stdout: '' })
    expect(new TextDecoder().decode(dir.readFile('f'))).toBe('this!')
  })

  it.each([
    ['write', WRITE, ROFS], ['unlink', UNLINK, ROFS], ['a path that climbs', CLIMB, PERM], ['an absolute path', ABSOLUTE, PERM],
  ])('%s is refused with its error number and on record, and the guest goes on', async (_, body, errno) => {
    const dir = memoryDir({ files: { f: 'old' } })
    const tool = await load(command(body))
    const result = await tool.run({ grants: { fs: { '/data': readOnly(dir) } } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'exit', exitCode: 1, stdout: errno })
    expect(result.ledger).toMatchObject([{ decision: 'denied' }])
    expect(new TextDecoder().decode(dir.readFile('f'))).toBe('old')
  })

  it('nothing granted is nothing there', async () => {
    const tool = await load(command(READ))
    expect(await tool.run()).toMatchObject({ outcome: 'stopped', reason: 'exit', exitCode: 1, ledger: [] })
  })

  it.each([['use', 1], ['use', 0], ['use', 0xffff_ffff], ['wait', 7], ['wait', 0], ['late', 5n], ['twice', 5n]] as const)(
    '%s(%s): a handle it does not hold ends the call as a trap, and no other', async (name, argument) => {
      const tool = await load(HANDLES)
      const [bad, good] = await Promise.all([tool.call(name, [argument]), tool.call('sleep', [1_000_000n])])
      expect(bad).toMatchObject({ outcome: 'stopped', reason: 'trap' })
      expect(good).toMatchObject({ outcome: 'returned', value: 11 })
      expect(bad.outcome === 'stopped' && bad.message).not.toMatch(/\.ts|\.js|\/work|node:/)
    })

  it.each([1, 0x3fff_ffff, 0x8000_0001])('dropping %s, which it never held, does nothing to anybody', async (handle) => {
    const tool = await load(HANDLES)
    const [bad, good] = await Promise.all([tool.call('loose', [handle]), tool.call('sleep', [1_000_000n])])
    expect(['returned', 'stopped']).toContain(bad.outcome)
    expect(good).toMatchObject({ outcome: 'returned', value: 11 })
  })

  it('pollables beyond the limits stop the call', async () => {
    const tool = await load(HANDLES)
    expect(await tool.call('hoard')).toMatchObject({ outcome: 'stopped', reason: 'timers' })
    expect(await tool.call('hoard', [], { limits: { timers: 1000, resources: 10 } })).toMatchObject({ outcome: 'stopped', reason: 'resources' })
  })

  it('sleeping takes no time on a clock that cannot wait', async () => {
    const tool = await load(HANDLES)
    const result = await tool.call('sleep', [3_600_000_000_000n], { grants: { clock: steppedClock() }, limits: { deadlineMs: 5000 } })
    expect(result).toMatchObject({ outcome: 'returned', value: 11 })
  })

  it('randomness and time are the granted ones', async () => {
    const tool = await load(command(`
      (call $check (call $random_get (i32.const 1024) (i32.const 8)))
      (call $check (call $clock_time_get (i32.const 0) (i64.const 0) (i32.const 1032)))
      (i32.store (i32.const 304) (i32.const 16))
      (call $check (call $fd_write (i32.const 1) (i32.const 300) (i32.const 1) (i32.const 400)))`))
    const run = async (seed: number): Promise<string> => (await tool.run({ grants: { random: seededRandom(seed), clock: steppedClock({ start: '2026-01-01T00:00:00Z' }) } })).stdout
    expect(await run(1)).toBe(await run(1))
    expect(await run(1)).not.toBe(await run(2))
  })
})
