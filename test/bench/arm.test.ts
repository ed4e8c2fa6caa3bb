import { describe, expect, it } from 'vitest'
import { openArm } from '../../bench/arm.js'
import { fakeCase, fakeClock, fakeContender } from './fakes.js'

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
    await expect(openArm(contender, fakeCase(), fakeClock().now)).rejects.toThrow('does not take part in fresh-isolate')
  })
})
