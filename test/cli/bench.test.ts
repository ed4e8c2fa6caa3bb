import { describe, expect, it } from 'vitest'
import { createWorks } from '../../src/cli/bench-arms.js'
import { measureCosts } from '../../src/cli/bench.js'
import { useSandbox } from '../support/sandbox.js'
import { glovebox } from './glovebox.js'

const { sandbox } = useSandbox()
const NAMES = ['fresh isolate', 'host call', 'tool call', 'kill latency']
const ARMS = ['glovebox', 'node:vm', 'plain function']

describe('createWorks()', () => {
  it('has three arms for each work, that all answer right', async () => {
    for (const { name, arms, program, twin, expected } of createWorks(sandbox())) {
      expect(arms.map((arm) => arm.name)).toEqual(ARMS)
      for (const arm of arms) {
        expect(await arm.evaluate(program), `${name} of ${arm.name}`).toBe(expected)
        if (twin !== undefined) expect(await arm.evaluate(twin), `twin of ${name} of ${arm.name}`).toBe(expected)
      }
    }
  })

  it('divides by as many calls as the programs count', () => {
    for (const { operations, expected, name } of createWorks(sandbox())) expect(name === 'fresh isolate' ? 1 : expected).toBe(operations)
  })
})

describe('measureCosts()', () => {
  it('takes the counted samples of every arm, and divides by the operations', async () => {
    let reading = 0
    const measured = await measureCosts(sandbox(), () => (reading += 100), { warmUp: 1, rounds: 3, burst: 2, kills: 1 })
    expect(measured.map(({ name }) => name)).toEqual(NAMES)
    for (const { name, arms } of measured) expect(arms.map((arm) => [arm.name, arm.samples]), name).toEqual(ARMS.map((arm) => [arm, name !== 'kill latency' ? 6 : arm === 'plain function' ? 0 : 1]))
    // Each reading of this clock is 100 ms after the last, so twins cancel out.
    expect(measured.map(({ arms }) => arms[0]!.p50)).toEqual([100, 0, 0, 50])
  })

  it('says nothing of a percentile that so few samples do not bear', async () => {
    const [{ arms } = { arms: [] }] = await measureCosts(sandbox(), () => 0, { warmUp: 0, rounds: 2, burst: 2, kills: 1 })
    expect(arms.every((arm) => arm.p50 !== undefined && arm.p95 === undefined)).toBe(true)
  })
})

describe('glovebox bench', () => {
  it('prints what isolates and calls cost beside what holds nobody, and where the whole suite is', async () => {
    const { code, stdout, stderr } = await glovebox(['bench'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'glovebox: measuring for a few seconds ...\n' })
    for (const name of NAMES) expect(stdout).toContain(`${name}: `)
    expect(stdout.match(/^ {2}(?:glovebox|node:vm|plain function) +(?:cannot be stopped|< 1 ns|[\d.]+ (?:ns|µs|ms))/gm)).toHaveLength(12)
    expect(stdout).toContain('cannot be stopped')
    expect(stdout).toContain('npm run bench')
  })

  it('prints one JSON object with the machine, its load and every median', async () => {
    const { code, stdout } = await glovebox(['bench', '--json'])
    expect(code).toBe(0)
    const report = JSON.parse(stdout) as { cores: number; load: number; cases: { name: string; arms: { name: string; p50?: number; samples: number }[] }[] }
    expect(report.cores).toBeGreaterThan(0)
    expect(report.cases.map(({ name }) => name)).toEqual(NAMES)
    expect(report.cases.find(({ name }) => name === 'fresh isolate')!.arms[0]).toMatchObject({ name: 'glovebox', samples: 100, p50: expect.any(Number) as number })
  })

  it('explains itself, and refuses what it does not know', async () => {
    const help = await glovebox(['bench', '--help'])
    expect(help.stdout).toContain('Usage: glovebox bench')
    expect((await glovebox(['--help'])).stdout).toContain('glovebox bench [--json]')
    expect(await glovebox(['bench', '--quick'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('unknown flag --quick') as string })
    expect(await glovebox(['bench', 'all'])).toMatchObject({ code: 2, stderr: expect.stringContaining('expected: glovebox bench') as string })
    expect((await glovebox(['benhc'])).stderr).toContain('did you mean glovebox bench?')
  })
})
