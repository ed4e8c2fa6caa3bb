import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openArm, openWay, prove } from '../../../bench/arm.js'
import { CASES } from '../../../bench/cases/index.js'
import { CONTENDERS } from '../../../bench/contenders/index.js'
import { createHost } from '../../../bench/host.js'
import { packagesOf } from '../../../bench/measure-all.js'
import { BENCH, HEAVY } from '../../../bench/packages.js'
import type { Case, SampledCase } from '../../../bench/suite.js'
import { fakeClock } from '../fakes.js'
import { keptIsolate } from './kept-isolate.js'

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(BENCH, folder, 'package.json'), 'utf8')) as Manifest

describe('CONTENDERS', () => {
  it('have names of their own', () => {
    expect(new Set(CONTENDERS.map(({ name }) => name)).size).toBe(CONTENDERS.length)
  })

  it('need nothing that is not installed for them, and nothing is installed for none', () => {
    const heavy = HEAVY.flatMap(({ name }) => Object.keys(readManifest(`heavy/${name}`).dependencies ?? {}))
    const installed = [...Object.keys(readManifest('').optionalDependencies ?? {}), ...heavy]
    expect(new Set(CONTENDERS.flatMap(packagesOf).filter((name) => name !== 'glovebox'))).toEqual(new Set(installed))
  })

  it('are installed at exact versions, by lockfiles', () => {
    for (const folder of ['', ...HEAVY.map(({ name }) => `heavy/${name}`)]) {
      const { dependencies, optionalDependencies } = readManifest(folder)
      expect(Object.values({ ...dependencies, ...optionalDependencies }).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
      expect(existsSync(join(BENCH, folder, 'package-lock.json'))).toBe(true)
    }
  })

  it('say what limits they are given, and never lack a way they can open', () => {
    for (const { limits, open, lacks = {} } of CONTENDERS) {
      expect(limits).not.toBe('')
      expect(Object.keys(lacks).filter((way) => way in open)).toEqual([])
    }
  })

  it('have glovebox in every case, or its reason not to be there', () => {
    const { open, lacks = {} } = CONTENDERS.find(({ name }) => name === 'glovebox')!
    expect(CASES.filter(({ opens }) => open[opens] === undefined && lacks[opens] === undefined)).toEqual([])
  })
})

/** Contenders that need nothing installed; the others are proven by the bench itself, in processes of their own. */
const ALWAYS_THERE = new Set(['node:vm', 'new Function', 'worker_threads', 'child process', 'JSON', 'structuredClone', 'memcpy', 'node:wasi', 'WebAssembly.Instance'])
/** Modules of node:vm need a flag of Node, and what is kept for a process is not for the process of the tests. */
const ELSEWHERE = new Set(['node:vm in modules'])
const SMALL = 100_000

const isSampled = (of: Case): of is SampledCase => of.kind !== 'outcome'
const arms = CASES.filter(isSampled).filter(({ quantity, span }) => quantity !== 'memory' && span === undefined).flatMap((of) =>
  CONTENDERS.filter(({ name, open }) => ALWAYS_THERE.has(name) && open[of.opens] !== undefined && !ELSEWHERE.has(`${name} in ${of.name}`)).map((contender) => ({ title: `${of.name} by ${contender.name}`, of, contender })))

/** The case with as little of it as shows that every program is answered right. */
function little(of: SampledCase, slow: boolean): SampledCase {
  const pace = { fast: { warmUp: 0, burst: 0 }, slow: { warmUp: 0, burst: 0 } }
  if (of.kind === 'latency') return { ...of, evaluations: 1, atOnce: 1, restMs: 0, pace }
  const points = of.points.filter(({ at }) => typeof at === 'string' || at <= (slow ? 10 : SMALL))
  return { ...of, quantity: 'time', points: points.map(({ at, program, expected, operations, given }) => ({ at, program, expected, operations, ...(given === undefined ? {} : { given }) })), pace }
}

describe('answers', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-contenders-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(arms)('are right in $title', async ({ of, contender }) => {
    const host = await createHost(of, folder)
    const less = little(of, contender.pace === 'slow')
    const arm = await openArm(contender, less, { now: fakeClock().now, host })
    expect(arm.failures).toEqual([])
    for (const { at } of less.kind === 'series' ? less.points : [{ at: undefined }]) expect(await arm.burst(at)).toEqual([])
  })

  it.each(CASES.filter(({ kind }) => kind === 'outcome'))('are right before hostile programs in $name', async (of) => {
    const host = await createHost(of, folder)
    for (const contender of CONTENDERS.filter(({ name, open }) => ALWAYS_THERE.has(name) && open.hostile !== undefined)) {
      await expect(openWay(contender, of, host).then((evaluate) => prove(evaluate, contender, of))).resolves.toBeUndefined()
    }
  })

  it('of a contender that keeps its isolate are found out by the proofs of fresh-isolate', async () => {
    const of = CASES.find(({ name }) => name === 'fresh-isolate') as SampledCase
    const host = await createHost(of, folder)
    await expect(openArm(keptIsolate, little(of, false), { now: fakeClock().now, host })).rejects.toThrow('wrong: "number" instead of "undefined"')
  })
})
