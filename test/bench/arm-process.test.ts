import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ArmProcess, startArmProcess } from '../../bench/arm-process.js'
import { fakeCase, fakeContender } from './fakes.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-arm-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A process that says and does what its source does, in place of a real arm. */
function start(name: string, source: string): Promise<ArmProcess> {
  const entry = join(folder, `${name}.mjs`)
  writeFileSync(entry, source)
  return startArmProcess(fakeContender({ name, evaluate: () => 2 }), fakeCase(), entry)
}

describe('startArmProcess()', () => {
  it('tells the process which arm it holds, and asks it for one burst at a time', async () => {
    using arm = await start('good', `
      let bursts = 0
      process.on('message', ({ type }) => process.send({ type: 'samples', samples: [type, ...process.argv.slice(2), ++bursts] }))
      process.send({ type: 'ready' })`)
    expect(await arm.burst()).toEqual(['burst', 'serve-arm', 'fresh-isolate', 'good', 1])
    expect((await arm.burst()).at(-1)).toBe(2)
  })

  it('rejects with the reason of an arm that is not ready', async () => {
    await expect(start('wrong', `process.send({ type: 'failed', reason: 'wrong: 3 instead of 2' })`)).rejects.toThrow('wrong: 3 instead of 2')
  })

  it('names the exit of a process that ends before it is ready, with what it complained of', async () => {
    await expect(start('broken', `throw new TypeError('no such engine')`)).rejects.toThrow(/^ended by exit code 1: .*no such engine/)
  })

  it('survives a contender that takes its process down during a burst', async () => {
    using arm = await start('killed', `process.on('message', () => process.kill(process.pid, 'SIGKILL')); process.send({ type: 'ready' })`)
    await expect(arm.burst()).rejects.toThrow('ended by SIGKILL')
    await expect(arm.burst()).rejects.toThrow('ended between two bursts')
  })

  it('rejects the burst of an arm that fails in it', async () => {
    using arm = await start('late', `process.on('message', () => process.send({ type: 'failed', reason: 'interrupted' })); process.send({ type: 'ready' })`)
    await expect(arm.burst()).rejects.toThrow('interrupted')
  })
})
