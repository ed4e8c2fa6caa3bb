import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { GUESTS } from '../../../scripts/guests/recipes.ts'
import { createSandbox, memoryDir } from '../../../src/index.js'
import { componentFromSources } from '../components.js'

describe('limits.hostCalls of a component', () => {
  const bytes = readFileSync(join(GUESTS, 'attempt.wasm'))
  const grants = { fs: { '/m': memoryDir({ files: { 'a.txt': 'text' } }) } }
  const args = (times: number): readonly string[] => [`race ${times} 0 a.txt text`]

  it('lets a tool work by default, and ends at 10,000', async () => {
    await using sandbox = await createSandbox({ engines: [componentFromSources()] })
    await using tool = await sandbox.load(bytes)
    expect(await tool.run({ args: args(1000), grants })).toMatchObject({ outcome: 'returned', stdout: 'found 1000\n' })
    expect(await tool.run({ args: args(20_000), grants })).toMatchObject({ outcome: 'stopped', reason: 'host-calls', message: expect.stringContaining('10000') as string })
  })

  it('is what the sandbox or the call says', async () => {
    await using sandbox = await createSandbox({ engines: [componentFromSources()], limits: { hostCalls: 100 } })
    await using tool = await sandbox.load(bytes)
    expect(await tool.run({ args: args(1000), grants })).toMatchObject({ outcome: 'stopped', reason: 'host-calls', message: expect.stringContaining('100') as string })
    expect(await tool.run({ args: args(1000), grants, limits: { hostCalls: 9000 } })).toMatchObject({ outcome: 'returned', stdout: 'found 1000\n' })
  })
})
