import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Children, createChildren } from '../../bench/children.js'
import type { FromTrial } from '../../bench/messages.js'
import { tryProgram } from '../../bench/serve-trial.js'
import { type Evaluate, Stopped } from '../../bench/suite.js'
import { type Trial, runTrial } from '../../bench/trial-process.js'
import { fakeContender, fakeHost, fakeOutcomes } from './fakes.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-trial-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const CANARY = 'f00d1e55'

/** What a trial says of a contender that does this with the hostile program; proofs are answered right unless told. */
async function attempt(hostile: () => unknown, options: { readonly afterwards?: () => unknown; readonly escaped?: unknown } = {}): Promise<FromTrial[]> {
  const said: FromTrial[] = []
  let hurt = false
  const evaluate: Evaluate = (program) => {
    if (program === 'proof') return hurt ? (options.afterwards?.() ?? 2) : 2
    hurt = true
    return hostile()
  }
  const outcomes = fakeOutcomes(['attack'])
  const of = options.escaped === undefined ? outcomes : { ...outcomes, programs: [{ ...outcomes.programs[0]!, escaped: options.escaped }] }
  await tryProgram(fakeContender({ evaluate }), of, { program: 'attack', canary: CANARY, host: { ...fakeHost, folder }, say: async (message) => void said.push(message) })
  return said
}

describe('tryProgram()', () => {
  it('says which limit stopped a program, when, and how long the event loop stood still', async () => {
    const [began, answered, checked] = await attempt(() => {
      const end = performance.now() + 30
      while (performance.now() < end);
      throw new Stopped('fuel')
    })
    expect(began).toEqual({ type: 'began' })
    expect(answered).toMatchObject({ type: 'answered', by: 'fuel' })
    if (answered?.type !== 'answered') throw new Error('no answer')
    expect(answered.elapsedMs).toBeGreaterThanOrEqual(30)
    expect(answered.heldMs).toBeGreaterThanOrEqual(29)
    expect(checked).toEqual({ type: 'checked', outcome: 'survived', detail: '' })
  })

  it('tells an error of the program and its own end from a limit', async () => {
    expect(await attempt(() => Promise.reject(new RangeError('too deep')))).toContainEqual(expect.objectContaining({ by: 'its own error: too deep' }))
    expect(await attempt(() => 5)).toContainEqual(expect.objectContaining({ by: 'itself' }))
  })

  it.each<[string, () => unknown, object]>([
    ['returns what it was not given', () => ({ env: [`x${CANARY}`] }), { detail: 'read what it was not given' }],
    ['throws what it was not given', () => Promise.reject(new Error(CANARY)), { detail: 'read what it was not given' }],
    ['changes a file', () => writeFileSync(join(folder, 'canary.txt'), 'gone'), { detail: 'changed a file' }],
    ['returns what only an escape gives', () => ({ pid: 1 }), { detail: 'got where it should not' }],
    ['leaves a global behind', () => void ((globalThis as Record<string, unknown>)['leftBehind'] = 1), { detail: 'changed what the host has' }],
    ['changes a prototype', () => void ((Array.prototype as unknown as Record<string, unknown>)['leftBehind'] = 1), { detail: 'changed what the host has' }],
  ])('finds out a program that %s', async (_, hostile, expected) => {
    try {
      expect((await attempt(hostile, { escaped: { pid: 1 } })).at(-1)).toEqual({ type: 'checked', outcome: 'escaped', ...expected })
    } finally {
      delete (globalThis as Record<string, unknown>)['leftBehind']
      delete (Array.prototype as unknown as Record<string, unknown>)['leftBehind']
    }
  })

  it('asks the proofs again, and says when they are answered wrong', async () => {
    expect((await attempt(() => 1, { afterwards: () => 3 })).at(-1)).toEqual({ type: 'checked', outcome: 'wrong', detail: 'wrong: 3 instead of 2 for proof' })
  })

  it('asks again when a limit ended a proof, as a busy machine makes it, but not for ever', async () => {
    let stops = 2
    const late = (): number => {
      if (stops-- > 0) throw new Stopped('deadline')
      return 2
    }
    expect((await attempt(() => 1, { afterwards: late })).at(-1)).toMatchObject({ outcome: 'survived' })
    stops = 3
    expect((await attempt(() => 1, { afterwards: late })).at(-1)).toMatchObject({ outcome: 'wrong', detail: 'stopped by deadline' })
  })

  it('takes a value that cannot be shown for no escape', async () => {
    expect((await attempt(() => 5n)).at(-1)).toMatchObject({ outcome: 'survived' })
  })

  it('refuses a contender that is wrong before the program', async () => {
    const contender = fakeContender({ evaluate: () => 3 })
    await expect(tryProgram(contender, fakeOutcomes(['attack']), { program: 'attack', canary: CANARY, host: { ...fakeHost, folder }, say: async () => {} })).rejects.toThrow('wrong: 3 instead of 2')
  })
})

describe('runTrial()', () => {
  let children: Children | undefined
  afterEach(() => children?.[Symbol.dispose]())

  /** A process that says and does what its source does, in place of a real trial. */
  function run(source: string, killAfterMs = 20_000): Promise<Trial> {
    const entry = join(folder, 'entry.mjs')
    writeFileSync(entry, `import { writeFileSync } from 'node:fs'
      const request = JSON.parse(process.argv[3])
      const say = (message) => new Promise((resolve) => process.send(message, resolve))
      const answered = { type: 'answered', by: 'fuel', elapsedMs: 7, heldMs: 1 }
      const survived = { type: 'checked', outcome: 'survived', detail: '' }
      ${source}
      process.on('message', () => {})`)
    children = createChildren(entry)
    return runTrial(fakeContender({ evaluate: () => 2 }), { ...fakeOutcomes(['attack']), killAfterMs }, 'attack', children)
  }

  it('gives what the process found, with the memory it took', async () => {
    const trial = await run(`await say({ type: 'began' })
      await new Promise((resolve) => setTimeout(resolve, 30))
      globalThis.kept = new Uint8Array(64 << 20).fill(1)
      await new Promise((resolve) => setTimeout(resolve, 60))
      await say(answered); await say(survived)`)
    expect(trial).toMatchObject({ program: 'attack', outcome: 'survived', by: 'fuel', elapsedMs: 7, heldMs: 1 })
    if (process.platform === 'linux') expect(trial.peakBytes! - trial.startBytes!).toBeGreaterThan(50 << 20)
  })

  it('kills a host that hangs', async () => {
    const trial = await run(`await say({ type: 'began' }); for (;;);`, 100)
    expect(trial).toMatchObject({ outcome: 'killed', by: 'the harness', detail: 'hung' })
    expect(trial.elapsedMs).toBeGreaterThanOrEqual(195)
  })

  it.runIf(process.platform === 'linux')('kills a host that grows without end, before the machine is full', async () => {
    const trial = await run(`await say({ type: 'began' }); const all = []; setInterval(() => all.push(new Uint8Array(50 << 20).fill(1)), 5)`)
    expect(trial).toMatchObject({ outcome: 'killed', by: 'the harness', detail: 'grew without end' })
    expect(trial.peakBytes! - trial.startBytes!).toBeGreaterThan(2 ** 30)
    expect(trial.peakBytes!).toBeLessThan(3 * 2 ** 30)
  })

  it('says how a host ended', async () => {
    expect(await run(`await say({ type: 'began' }); process.abort()`)).toMatchObject({ outcome: 'ended', detail: 'ended by SIGABRT' })
    expect(await run(`await say({ type: 'began' }); await say(answered); process.exit(3)`)).toMatchObject({ outcome: 'ended', by: 'fuel', detail: 'afterwards: ended by exit code 3' })
  })

  it('rejects with the reason of a contender that cannot be opened', async () => {
    await expect(run(`await say({ type: 'failed', reason: 'no engine' })`)).rejects.toThrow('no engine')
    await expect(run(`throw new TypeError('no such engine')`)).rejects.toThrow('no such engine')
  })

  it('hands over a canary that is told nowhere else, in a folder that is gone afterwards', async () => {
    const found = join(folder, 'found.json')
    await run(`writeFileSync(${JSON.stringify(found)}, JSON.stringify([request.canary, process.env.BENCH_CANARY, request.folder])); await say({ type: 'began' }); await say(answered); await say(survived)`)
    const [canary, variable, own] = JSON.parse(readFileSync(found, 'utf8')) as string[]
    expect(variable).toBe(canary)
    expect(canary).toMatch(/^[0-9a-f]{24}$/)
    expect(() => readFileSync(own!)).toThrow('ENOENT')
  })
})
