import { describe, expect, it } from 'vitest'
import { useAttacks } from './host.js'

const { attack } = useAttacks()

/** A library of the host that sorts marks by insertion would take time that grows with the square of their number. */
describe('time taken from the host by texts that its locale data takes long over', () => {
  it('a hundred thousand combining marks out of order', async () => {
    const began = performance.now()
    await attack('return "\\u00e9".localeCompare("e" + "\\u0323\\u0301".repeat(1e5), "de")', { value: -1 })
    await attack('return "a\\u0301\\u0323".repeat(1e4).localeCompare("a" + "\\u0323\\u0301".repeat(5e4) + "b", "de")', { value: -1 })
    expect(performance.now() - began).toBeLessThan(3000)
  })

  it('one stack of marks in two orders is one text still', async () => {
    await attack('return ("a\\u0323\\u0301").localeCompare("a\\u0301\\u0323", "de")', { value: 0 })
  })

  it('a text of a million segments', async () => {
    await attack('return [...new Intl.Segmenter("en").segment("a".repeat(1e6))].length', { error: { name: 'RangeError' } })
  })

  it('a text of segments that is not too long', async () => {
    await attack('return [...new Intl.Segmenter("en").segment("a".repeat(20_000))].length', { value: 20_000 })
  })

  it.each([
    ['a list', 'const list = new Intl.ListFormat("en"); const names = Array(1e4).fill("a"); for (;;) list.format(names)'],
    ['case mapping', 'const text = "\\u00df".repeat(1e5); for (;;) text.toLocaleUpperCase("tr")'],
    ['new formatters', 'for (let i = 0; ; i++) new Intl.DateTimeFormat("en", { timeZone: i % 2 ? "Asia/Tokyo" : "Europe/Berlin", year: "numeric", fractionalSecondDigits: 1 + i % 3 }).format(i)'],
    ['big numbers', 'const n = 9n ** 5000n; for (;;) n.toLocaleString("de")'],
    ['all time zones', 'for (;;) Intl.supportedValuesOf("timeZone")'],
    ['long zones of Temporal', 'let d = Temporal.ZonedDateTime.from("2026-03-29T01:30[Europe/Berlin]"); for (;;) d = d.add({ hours: 1 })'],
  ])('%s for ever ends by the limits', async (_name, source) => {
    const began = performance.now()
    await attack(source, { stopped: ['fuel', 'deadline', 'host-calls'] }, { limits: { fuel: 300_000_000, deadlineMs: 2000 } })
    expect(performance.now() - began).toBeLessThan(4000)
  })
})
