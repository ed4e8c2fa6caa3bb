import { describe, expect, it } from 'vitest'
import { fixedClock, steppedClock } from '../../src/index.js'
import { useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()

describe('performance', () => {
  it('stands still without a clock, and follows a granted one', async () => {
    const source = 'const from = performance.now(); for (let i = 0; i < 3; i++) performance.now(); return [from, performance.now() - from, performance.timeOrigin === Date.now() - performance.now()]'
    expect(valueOf(await run('return [performance.now(), performance.now()]'))).toEqual([0, 0])
    expect(valueOf(await run('return performance.timeOrigin', { grants: { clock: fixedClock(1_700_000_000_000) } }))).toBe(1_700_000_000_000)
    expect(valueOf(await run(source, { grants: { clock: steppedClock({ start: 5000, stepMs: 10 }) } }))[1]).toBe(40)
  })

  it('marks and measures as Node does', async () => {
    const body = `
      performance.mark('a', { startTime: 5 })
      performance.mark('b', { startTime: 2, detail: { x: 1 } })
      const measures = [
        performance.measure('m', 'b', 'a'), performance.measure('n', { start: 1, duration: 4, detail: [7] }), performance.measure('o', { end: 9, duration: 4 }), performance.measure('p', { start: 'b', end: 20 }),
      ]
      const attempt = (act) => { try { return act() } catch (error) { return error.name } }
      const refused = [() => performance.measure('q', 'none'), () => performance.mark('r', { startTime: -1 }), () => performance.measure('s', { start: 1, end: 2, duration: 1 })].map(attempt)
      const all = performance.getEntries().filter(({ entryType }) => entryType === 'mark' || entryType === 'measure')
      performance.clearMarks('a')
      const left = performance.getEntriesByType('mark').map(({ name }) => name)
      performance.clearMarks()
      performance.clearMeasures()
      return JSON.parse(JSON.stringify([measures, refused, all.map(({ name }) => name), left, performance.getEntriesByType('measure'), measures[1].detail]))`
    const native = new Function('performance', body) as (given: unknown) => unknown
    expect(valueOf(await run(body))).toEqual(native(performance))
  })

  it('tells observers once the program waits', async () => {
    const source = `
      const seen = []
      const observer = new PerformanceObserver((list) => seen.push(list.getEntries().map(({ name }) => name)))
      observer.observe({ entryTypes: ['mark', 'measure', 'paint'] })
      performance.mark('a')
      performance.measure('m')
      const before = seen.length
      await new Promise((resolve) => setTimeout(resolve))
      observer.disconnect()
      performance.mark('b')
      await new Promise((resolve) => setTimeout(resolve))
      return [before, seen, observer.takeRecords(), PerformanceObserver.supportedEntryTypes]`
    expect(valueOf(await run(source))).toEqual([0, [['a', 'm']], [], ['mark', 'measure']])
  })
})

describe('URLPattern', () => {
  it('matches what routers match', async () => {
    const source = `
      const pattern = new URLPattern({ pathname: '/books/:id(\\\\d+)/*?' })
      const host = new URLPattern('https://*.example.com/:file.:kind')
      return [
        pattern.test('https://a.example/books/12/x'), pattern.test('https://a.example/books/x'), pattern.exec('/books/7/', 'https://a.example').pathname.groups, pattern.pathname, pattern.hasRegExpGroups,
        host.exec('https://cdn.example.com/a.css').pathname.groups, host.exec('https://cdn.example.com/a.css').hostname.groups, host.exec('https://example.org/a.css'),
        [() => new URLPattern('/x'), () => new URLPattern({ pathname: '(' })].map((act) => { try { return act() } catch (error) { return error.name } }),
      ]`
    expect(valueOf(await run(source))).toEqual([
      true, false, { 0: '', id: '7' }, '/books/:id(\\d+)/*?', true, { file: 'a', kind: 'css' }, { 0: 'cdn' }, null, ['TypeError', 'TypeError'],
    ])
  })
})
