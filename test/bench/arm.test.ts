import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { type Arm, type ArmOptions, openArm as open } from '../../bench/arm.js'
import type { Clock, Contender, SampledCase } from '../../bench/suite.js'
import { fakeCase, fakeClock, fakeContender, fakeHost, fakeSeries } from './fakes.js'

function openArm(contender: Contender, of: SampledCase, now: Clock, options: Partial<ArmOptions> = {}): Promise<Arm> {
  return open(contender, of, { now, host: fakeHost, ...options })
}

describe('openArm()', () => {
  it('proves, warms up and only then takes the samples of the burst', async () => {
    const clock = fakeClock()
    const programs: string[] = []
    const contender = fakeContender({ evaluate: (program) => (programs.push(program), clock.advance(2), 2) })
    const arm = await openArm(contender, fakeCase({ warmUp: 3, burst: 2 }), clock.now)
    expect(programs).toEqual(['proof', 'run', 'run', 'run'])
    expect(await arm.burst()).toEqual([2, 2])
    expect(programs).toHaveLength(4 + 1 + 2)
  })

  it('divides by the operations and takes the twin off', async () => {
    const clock = fakeClock()
    const contender = fakeContender({ evaluate: (program) => (clock.advance(program === 'twin' ? 10 : 30), 2) })
    const arm = await openArm(contender, fakeCase({ operations: 4, twin: 'twin' }), clock.now)
    expect(await arm.burst()).toEqual([5])
  })

  it('waits for a promise within the time', async () => {
    const clock = fakeClock()
    const contender = fakeContender({
      evaluate: async () => {
        await Promise.resolve()
        clock.advance(7)
        return 2
      },
    })
    expect(await (await openArm(contender, fakeCase(), clock.now)).burst()).toEqual([7])
  })

  it('refuses a contender whose proof is wrong before it is timed', async () => {
    const programs: string[] = []
    const contender = fakeContender({ evaluate: (program) => (programs.push(program), 3) })
    await expect(openArm(contender, fakeCase(), fakeClock().now)).rejects.toThrow('wrong: 3 instead of 2 for proof')
    expect(programs).toEqual(['proof'])
  })

  it('fails on an answer that turns wrong while it is timed', async () => {
    let answer = 2
    const arm = await openArm(fakeContender({ evaluate: () => answer }), fakeCase(), fakeClock().now)
    answer = 1
    await expect(arm.burst()).rejects.toThrow('wrong: 1 instead of 2')
  })

  it('tells a number from its text', async () => {
    await expect(openArm(fakeContender({ evaluate: () => '2' }), fakeCase(), fakeClock().now)).rejects.toThrow('wrong: "2" instead of 2')
  })

  it('asks proofs of containment of contained contenders only', async () => {
    const asked: string[] = []
    const evaluate = (program: string): number => (asked.push(program), 2)
    const of = fakeCase({ proofs: [{ program: 'contained?', expected: 2, of: 'contained' }] })
    await openArm(fakeContender({ arm: 'baseline', evaluate }), of, fakeClock().now)
    expect(asked).not.toContain('contained?')
    await openArm(fakeContender({ arm: 'contained', evaluate }), of, fakeClock().now)
    expect(asked).toContain('contained?')
  })

  it('refuses a case the contender has no way to open', async () => {
    const contender = { ...fakeContender({ evaluate: () => 2 }), open: {} }
    await expect(openArm(contender, fakeCase(), fakeClock().now)).rejects.toThrow('does not take part in fake')
  })

  it('takes a value of another realm for what it is, and a live object for nothing', async () => {
    const of = { ...fakeCase({ proofs: [] }), expected: { a: [1, { b: null }] } }
    const foreign = fakeContender({ evaluate: () => runInNewContext('({ a: [1, { b: null }] })') as unknown })
    expect(await (await openArm(foreign, of, fakeClock().now)).burst()).toEqual([0])
    const live = fakeContender({ evaluate: () => ({ a: [1, { b: null }], f() {} }) })
    await expect((await openArm(live, of, fakeClock().now)).burst()).rejects.toThrow('wrong')
  })

  it('waits for a promise of another realm', async () => {
    const contender = fakeContender({ evaluate: () => runInNewContext('(async () => 2)()') as unknown })
    expect(await (await openArm(contender, fakeCase(), fakeClock().now)).burst()).toEqual([0])
  })

  it('puts the origin of the server where programs and proofs name it', async () => {
    const programs: string[] = []
    const contender = fakeContender({ evaluate: (program) => (programs.push(program), 2) })
    await openArm(contender, { ...fakeCase({ proofs: [{ program: 'get("__ORIGIN__/a")', expected: 2 }] }), serves: 'http' }, fakeClock().now)
    expect(programs).toEqual(['get("http://127.0.0.1:1/a")'])
  })
})

describe('openArm() of a series', () => {
  it('samples the point it is asked for', async () => {
    const clock = fakeClock()
    const arm = await openArm(fakeContender({ evaluate: (program) => (clock.advance(program === 'proof' ? 0 : Number(program)), 2) }), fakeSeries([10, 20]), clock.now)
    expect(await arm.burst(20)).toEqual([20, 20])
    expect(await arm.burst(10)).toEqual([10, 10])
    await expect(arm.burst(30)).rejects.toThrow('no point at 30')
  })

  it('leaves out a point that is answered wrong, with the reason, and none of the others', async () => {
    const of = fakeSeries([10, 20])
    const warm = { ...of, pace: { fast: { warmUp: 1, burst: 1 }, slow: { warmUp: 1, burst: 1 } } }
    const prepared: unknown[] = []
    const arm = await openArm(fakeContender({ evaluate: (program) => (program === '10' ? 3 : 2) }), warm, fakeClock().now, { onPoint: (at) => prepared.push(at) })
    expect(arm.failures).toEqual([{ at: 10, reason: 'wrong: 3 instead of 2 for 10' }])
    expect(prepared).toEqual([10, 20])
    expect(await arm.burst(20)).toEqual([0])
  })

  it('gets ready for the points it is told only', async () => {
    const arm = await openArm(fakeContender({ evaluate: () => 2 }), fakeSeries([10, 20]), fakeClock().now, { at: [20] })
    await expect(arm.burst(10)).rejects.toThrow('no point at 10')
  })
})

describe('openArm() of several evaluations in one sample', () => {
  /** Evaluations of which four together take 10 ms of the clock. */
  function slowly(): { readonly contender: Contender; readonly now: Clock; most(): number } {
    const clock = fakeClock()
    let running = 0
    let most = 0
    let ended = 0
    const evaluate = async (): Promise<number> => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      if (++ended % 4 === 0) clock.advance(10)
      return 2
    }
    return { contender: fakeContender({ evaluate }), now: clock.now, most: () => most }
  }

  it('keeps as many under way as the case says, and gives the mean', async () => {
    const { contender, now, most } = slowly()
    const arm = await openArm(contender, { ...fakeCase({ proofs: [] }), evaluations: 12, atOnce: 4 }, now)
    expect(await arm.burst()).toEqual([(3 * 10) / 12])
    expect(most()).toBe(4)
  })

  it('counts operations a second where the case asks for a rate', async () => {
    const { contender, now } = slowly()
    const arm = await openArm(contender, { ...fakeCase({ proofs: [] }), evaluations: 12, atOnce: 4, quantity: 'rate' }, now)
    expect(await arm.burst()).toEqual([400])
  })

  it('refuses a rate that the clock cannot see', async () => {
    const arm = await openArm(fakeContender({ evaluate: () => 2 }), { ...fakeCase(), quantity: 'rate' }, fakeClock().now)
    await expect(arm.burst()).rejects.toThrow('too fast for the clock')
  })

  it('fails when one of them answers wrong', async () => {
    let count = 0
    const arm = await openArm(fakeContender({ evaluate: () => (++count === 7 ? 3 : 2) }), { ...fakeCase({ proofs: [] }), evaluations: 12, atOnce: 4 }, fakeClock().now)
    await expect(arm.burst()).rejects.toThrow('wrong: 3')
  })
})

describe('openArm() of what happens once in a process', () => {
  /** Opening takes 5 ms, an evaluation 3. */
  function cold(answer = 2): { readonly contender: Contender; readonly now: Clock } {
    const clock = fakeClock()
    const evaluate = (): number => (clock.advance(3), answer)
    const contender = fakeContender({ evaluate })
    return { now: clock.now, contender: { ...contender, open: { 'fresh-isolate': async () => (clock.advance(5), evaluate) } } }
  }

  it('times the opening', async () => {
    const { contender, now } = cold()
    expect(await (await openArm(contender, { ...fakeCase(), span: 'opening' }, now)).burst()).toEqual([5])
  })

  it('times the opening and the first evaluation', async () => {
    const { contender, now } = cold()
    expect(await (await openArm(contender, { ...fakeCase(), span: 'opening and evaluation' }, now)).burst()).toEqual([8])
  })

  it('gives no sample of a contender that answers wrong', async () => {
    const { contender, now } = cold(3)
    await expect((await openArm(contender, { ...fakeCase(), span: 'opening' }, now)).burst()).rejects.toThrow('wrong: 3')
  })

  it('measures what is kept for each evaluation', async () => {
    const kept: Uint8Array[] = []
    const contender = fakeContender({ evaluate: (program) => (program === 'proof' || kept.push(new Uint8Array(1 << 20).fill(1)), 2) })
    const [bytes] = await (await openArm(contender, { ...fakeCase(), quantity: 'memory', evaluations: 32 }, fakeClock().now)).burst()
    expect(kept).toHaveLength(32)
    expect(bytes).toBeGreaterThan(0.8 * 2 ** 20)
    expect(bytes).toBeLessThan(2 * 2 ** 20)
  })
})
