import { describe, expect, it } from 'vitest'
import { useComponents, valueOf } from '../components.js'

describe.each(['auto', 'sync'] as const)('core modules of WASI preview 1 in mode %s', (mode) => {
  const { load } = useComponents({ mode })

  it('that are reactors are called by their exports, after they were made ready', async () => {
    const tool = await load(`(module
      (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (global $ready (mut i32) (i32.const 0))
      (func (export "_initialize") (global.set $ready (i32.const 100)))
      (func (export "plus") (param i32) (result i32) (i32.add (global.get $ready) (local.get 0))))`)
    expect(tool.exports.some((name) => name.endsWith('plus'))).toBe(true)
    expect(valueOf(await tool.call(tool.exports.find((name) => name.endsWith('plus'))!, [5]))).toBe(105)
  })

  it('that exit while they start end as any command that exits', async () => {
    const tool = await load('(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const 0)) unreachable))')
    expect(await tool.run()).toMatchObject({ outcome: 'stopped', reason: 'exit', exitCode: 0 })
  })
})
