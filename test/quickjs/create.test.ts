import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createSandbox } from '../../src/index.js'
import { createQuickjs } from '../../src/quickjs/create.js'

describe('createQuickjs()', () => {
  it('starts anew after the engine could not be had', async () => {
    let tries = 0
    const engine = createQuickjs({
      compile: async () => {
        tries++
        if (tries < 3) throw new Error('network down')
        return WebAssembly.compile(await readFile(new URL('../../dist/quickjs.wasm', import.meta.url)))
      },
      defer: (callback) => void setImmediate(callback),
      startIdleTimer: () => () => {},
    })
    await using sandbox = await createSandbox({ engines: [engine] })
    await expect(sandbox.run('return 1')).rejects.toThrow('network down')
    await expect(sandbox.run('return 1')).rejects.toThrow('network down')
    expect(await sandbox.run('return 1')).toMatchObject({ outcome: 'returned', value: 1 })
    expect(await sandbox.run('return 2')).toMatchObject({ outcome: 'returned', value: 2 })
    expect(tries).toBe(3)
    expect(sandbox.stats()).toMatchObject({ live: 0, running: 0 })
  })
})
