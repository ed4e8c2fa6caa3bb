import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ArmProcess, startArmProcess } from '../../bench/arm-process.js'
import { type Children, createChildren } from '../../bench/children.js'
import type { SampledCase } from '../../bench/suite.js'
import { fakeCase, fakeContender, fakeSeries } from './fakes.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-arm-'))
})
afterAll(() => {
  for (const children of families) children[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})

/** A process that says and does what its source does, in place of a real arm. */
function start(name: string, source: string, of: SampledCase = fakeCase()): Promise<ArmProcess> {
  const entry = join(folder, `${name}.mjs`)
  writeFileSync(entry, `const request = JSON.parse(process.argv[3] ?? '{}')\nconst ready = { type: 'ready', failures: [] }\n${source}`)
  return startArmProcess(fakeContender({ name, evaluate: () => 2 }), of, { children: family(entry) })
}

const families: Children[] = []
function family(entry: string): Children {
  families.push(createChildren(entry))
  return families.at(-1)!
}

describe('startArmProcess()', () => {
  it('tells the process which arm it holds, and asks it for one burst at a time', async () => {
    using arm = await start('good', `
      let bursts = 0
      process.on('message', ({ type }) => process.send({ type: 'samples', samples: [type, process.argv[2], request.case, request.contender, ++bursts] }))
      process.send(ready)`)
    expect(await arm.burst()).toEqual(['burst', 'serve-arm', 'fake', 'good', 1])
    expect((await arm.burst()).at(-1)).toBe(2)
  })

  it('rejects with the reason of an arm that is not ready', async () => {
    await expect(start('wrong', `process.send({ type: 'failed', reason: 'wrong: 3 instead of 2' })`)).rejects.toThrow('wrong: 3 instead of 2')
  })

  it('names the exit of a process that ends before it is ready, with what it complained of', async () => {
    await expect(start('broken', `throw new TypeError('no such engine')`)).rejects.toThrow(/^ended by exit code 1: .*no such engine/)
  })

  it('survives a contender that takes its process down during a burst', async () => {
    using arm = await start('killed', `process.on('message', () => process.kill(process.pid, 'SIGKILL')); process.send(ready)`)
    await expect(arm.burst()).rejects.toThrow('ended by SIGKILL')
    await expect(arm.burst()).rejects.toThrow('ended between two bursts')
  })

  it('rejects the burst of an arm that fails in it', async () => {
    using arm = await start('late', `process.on('message', () => process.send({ type: 'failed', reason: 'interrupted' })); process.send(ready)`)
    await expect(arm.burst()).rejects.toThrow('interrupted')
  })

  it('goes on with the other points in another process when one takes its process down', async () => {
    using arm = await start('series', `
      process.on('message', ({ at }) => (at === 20 ? process.abort() : process.send({ type: 'samples', samples: [at, process.pid] })))
      process.send({ ...ready, at: request.at })`, fakeSeries([10, 20, 30]))
    const [at, before] = await arm.burst(10)
    expect(at).toBe(10)
    await expect(arm.burst(20)).rejects.toThrow('ended by SIGABRT')
    const [, after] = await arm.burst(30)
    expect(after).not.toBe(before)
  })

  it('leaves out a point that cannot even be warmed up, and says so', async () => {
    using arm = await start('cold', `
      for (const at of request.at) { process.send({ type: 'preparing', at }); if (at === 20) process.exit(7) }
      process.on('message', ({ at }) => process.send({ type: 'samples', samples: request.at }))
      process.send(ready)`, fakeSeries([10, 20, 30]))
    expect(arm.failures).toEqual([{ at: 20, reason: 'ended by exit code 7' }])
    expect(await arm.burst(10)).toEqual([10, 30])
  })

  it('takes each sample of an opening in a process of its own', async () => {
    const counts = { warmUp: 0, burst: 3 }
    using arm = await start('opening', `process.on('message', () => process.send({ type: 'samples', samples: [process.pid] })); process.send(ready)`, { ...fakeCase(), span: 'opening', pace: { fast: counts, slow: counts } })
    const pids = await arm.burst()
    expect(new Set(pids).size).toBe(3)
  })
})
