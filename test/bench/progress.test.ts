import { describe, expect, it } from 'vitest'
import { type ProgressOptions, createProgress, renderLeft } from '../../bench/progress.js'
import { fakeClock } from './fakes.js'

function record(cases: ProgressOptions['cases'], isTTY = false) {
  const clock = fakeClock()
  const written: string[] = []
  const progress = createProgress({ stream: { isTTY, write: (text: string) => written.push(text) }, cases, now: clock.now })
  return { progress, clock, written }
}

describe('createProgress()', () => {
  it('writes a line for each case where there is no terminal, with the time that earlier runs took', () => {
    const { progress, clock, written } = record([{ name: 'a', tookMs: 20_000 }, { name: 'b', tookMs: 40_000 }])
    progress.step({ case: 'a', what: 'round 1', done: 0 })
    progress.step({ case: 'a', what: 'round 2', done: 0.5 })
    clock.advance(20_000)
    progress.step({ case: 'b', what: 'round 1', done: 0 })
    expect(written).toEqual(['bench: a (1 of 2), about 60 s left\n', 'bench: b (2 of 2), about 40 s left\n'])
  })

  it('says what is done on one line of a terminal, and trusts what it sees more than earlier runs', () => {
    const { progress, clock, written } = record([{ name: 'a', tookMs: 20_000 }], true)
    progress.step({ case: 'a', what: 'round 1 of 2', done: 0 })
    clock.advance(60_000)
    progress.step({ case: 'a', what: 'round 2 of 2', done: 0.5 })
    expect(written.at(-1)).toBe('\r\u001b[Kbench: a (1 of 1): round 2 of 2, about 60 s left')
  })

  it('takes cases of which nothing is known for as long as those that are done', () => {
    const { progress, clock, written } = record([{ name: 'a' }, { name: 'b' }, { name: 'c' }])
    progress.step({ case: 'a', what: '', done: 0 })
    clock.advance(45_000)
    progress.step({ case: 'b', what: '', done: 0 })
    expect(written.at(-1)).toBe('bench: b (2 of 3), about 90 s left\n')
  })
})

describe('renderLeft()', () => {
  it.each([[0, 'less than 10 s'], [9_999, 'less than 10 s'], [10_000, 'about 10 s'], [41_000, 'about 50 s'], [100_000, 'about 2 min']])('shows %s ms as %s', (ms, text) => {
    expect(renderLeft(ms)).toBe(text)
  })
})
