import { describe, expect, it } from 'vitest'
import { createSandbox, quickjs } from '../../src/index.js'

describe('createSandbox()', () => {
  it.each([
    ['an unknown isolation', { isolation: 'process' }],
    ['an unknown option of the pool', { isolation: 'thread', pool: { thread: 1 } }],
    ['no threads', { isolation: 'thread', pool: { threads: 0 } }],
    ['half a thread', { isolation: 'thread', pool: { threads: 1.5 } }],
    ['too many threads', { isolation: 'thread', pool: { threads: 1e6 } }],
    ['a number for the pool', { pool: 4 }],
    ['threads that nothing would run on', { pool: { threads: 2 } }],
    ['engines that threads cannot have', { isolation: 'thread', engines: [quickjs()] }],
  ])('refuses %s', async (_name, options) => {
    await expect(createSandbox(options as never)).rejects.toMatchObject({ name: 'GloveboxError', code: 'invalid-option' })
  })
})
