import { describe, expect, it } from 'vitest'
import { type Entrant, firstLine, interleave } from '../../bench/measure.js'

describe('interleave()', () => {
  const recorded = (names: readonly string[], log: string[]): Entrant[] =>
    names.map((name) => ({
      name,
      burst: async () => {
        log.push(name)
        return [log.length]
      },
    }))

  it('lets every round begin with another entrant, and each take part once', async () => {
    const log: string[] = []
    const rounds: number[] = []
    const results = await interleave(recorded(['a', 'b', 'c'], log), { rounds: 4, onRound: (round) => rounds.push(round) })
    expect(log.join('')).toBe('abc' + 'bca' + 'cab' + 'abc')
    expect(rounds).toEqual([0, 1, 2, 3])
    const taken = (samples: readonly number[]): object[] => [{ at: undefined, rounds: samples.map((sample) => [sample]) }]
    expect(results).toEqual([{ name: 'a', spots: taken([1, 6, 8, 10]) }, { name: 'b', spots: taken([2, 4, 9, 11]) }, { name: 'c', spots: taken([3, 5, 7, 12]) }])
  })

  it('never runs two entrants at once', async () => {
    let running = 0
    const entrants = ['a', 'b'].map((name) => ({
      name,
      burst: async () => {
        expect(++running).toBe(1)
        await Promise.resolve()
        running--
        return [1]
      },
    }))
    await interleave(entrants, { rounds: 3 })
    expect(running).toBe(0)
  })

  it('leaves out an entrant that fails, with the reason, and goes on with the others', async () => {
    let bursts = 0
    const failing: Entrant = {
      name: 'failing',
      burst: async () => {
        if (++bursts === 2) throw new Error('\nwrong: 3 instead of 2\n  at somewhere')
        return [1]
      },
    }
    const results = await interleave([failing, ...recorded(['other'], [])], { rounds: 4 })
    expect(results).toEqual([
      { name: 'failing', spots: [{ at: undefined, rounds: [], failure: 'wrong: 3 instead of 2' }] },
      { name: 'other', spots: [{ at: undefined, rounds: [[1], [2], [3], [4]] }] },
    ])
    expect(bursts).toBe(2)
  })
})

describe('interleave() at several points', () => {
  const entrant = (name: string, log: string[], fails?: number): Entrant => ({
    name,
    burst: async (at) => {
      log.push(`${name}${at}`)
      if (at === fails) throw new Error('too large')
      return [Number(at)]
    },
  })

  it('lets all meet at each point of a round before the next', async () => {
    const log: string[] = []
    await interleave([entrant('a', log), entrant('b', log)], { rounds: 2, spots: [1, 2] })
    expect(log.join(' ')).toBe('a1 b1 a2 b2 b1 a1 b2 a2')
  })

  it('leaves an entrant out of the point it fails at only', async () => {
    const log: string[] = []
    const [a] = await interleave([entrant('a', log, 2)], { rounds: 3, spots: [1, 2, 3] })
    expect(a!.spots).toEqual([{ at: 1, rounds: [[1], [1], [1]] }, { at: 2, rounds: [], failure: 'too large' }, { at: 3, rounds: [[3], [3], [3]] }])
    expect(log.filter((each) => each === 'a2')).toHaveLength(1)
  })

  it('gives what it has when it is interrupted, and calls nobody failed for it', async () => {
    const interrupt = new AbortController()
    let bursts = 0
    const killed: Entrant = {
      name: 'killed',
      burst: async () => {
        if (++bursts < 3) return [bursts]
        interrupt.abort()
        throw new Error('ended by SIGKILL')
      },
    }
    expect(await interleave([killed], { rounds: 9, signal: interrupt.signal })).toEqual([{ name: 'killed', spots: [{ at: undefined, rounds: [[1], [2]] }] }])
    expect(bursts).toBe(3)
  })
})

describe('firstLine()', () => {
  it('finds a line in whatever was thrown', () => {
    expect(firstLine(new Error('\n\n  one  \ntwo'))).toBe('one')
    expect(firstLine('text')).toBe('text')
    expect(firstLine(undefined)).toBe('undefined')
    expect(firstLine(new Error(''))).toBe('failed without a word')
  })
})
