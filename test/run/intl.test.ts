import { runInThisContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { fixedClock, steppedClock } from '../../src/index.js'
import { systemClock } from '../../src/node.js'
import { useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()

/** Evaluates an expression here and in a guest; the host's own zone and locale are put out of the way. */
const here = (expression: string): unknown => {
  const zone = process.env['TZ']
  process.env['TZ'] = 'UTC'
  try {
    return JSON.parse(JSON.stringify(runInThisContext(expression)))
  } finally {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  }
}
const DATE = 'new Date(Date.UTC(2026, 9, 5, 15, 4, 9, 70))'

describe('what follows a locale', () => {
  it.each([
    '(1234567.891).toLocaleString("en-US")', '(1234567.891).toLocaleString("de-DE")', '(0.256).toLocaleString("en-US", { style: "percent" })',
    '(1234.5).toLocaleString("en-US", { style: "currency", currency: "USD" })', '12345678901234567890n.toLocaleString("en-US")', '[1234.5, 7].toLocaleString("en-US")',
    'new Intl.NumberFormat("en", { notation: "compact" }).format(1234567)', 'new Intl.NumberFormat("en-IN").format(12345678)', 'Intl.NumberFormat("fr").format(1e6)',
    '[1, 2000].map(new Intl.NumberFormat("en").format)', 'new Intl.NumberFormat("en", { style: "unit", unit: "kilometer-per-hour" }).formatToParts(50)',
    'new Intl.NumberFormat("en", { minimumFractionDigits: 2 }).resolvedOptions().minimumFractionDigits', 'new Intl.NumberFormat("en").formatRange(1, 5)',
    `${DATE}.toLocaleDateString("en-US")`, `${DATE}.toLocaleTimeString("en-GB")`, `${DATE}.toLocaleString("de-DE", { dateStyle: "full", timeStyle: "short" })`,
    `${DATE}.toLocaleDateString("en-US", { weekday: "long", year: "numeric", month: "long", day: "numeric" })`, `${DATE}.toLocaleString("en-US", { timeZone: "America/New_York" })`,
    `new Intl.DateTimeFormat("ja-JP", { dateStyle: "medium" }).format(${DATE})`, `new Intl.DateTimeFormat("en", { month: "short" }).formatToParts(${DATE})`,
    `new Intl.DateTimeFormat("en").formatRange(${DATE}, new Date(${DATE}.getTime() + 1e9))`, 'new Date(NaN).toLocaleString()', 'new Intl.DateTimeFormat("en").resolvedOptions().timeZone',
    '"a".localeCompare("B")', '"a".localeCompare("A")', '"\\u00e4".localeCompare("z", "de")', '"\\u00e4".localeCompare("z", "sv")', '"a".localeCompare("\\u00e1", "en", { sensitivity: "base" })',
    '["b", "a", "C", "A", "10", "9", " x", "aa", "Aa", "aB", "ab"].sort((a, b) => a.localeCompare(b))', '["item 10", "item 9", "Item 1"].sort(new Intl.Collator("en", { numeric: true }).compare)',
    'new Intl.PluralRules("en", { type: "ordinal" }).select(22)', 'new Intl.PluralRules("ar").select(3)', 'new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-1, "day")',
    'new Intl.ListFormat("en", { type: "conjunction" }).format(["a", "b", "c"])', 'new Intl.DisplayNames("en", { type: "region" }).of("JP")',
    '[...new Intl.Segmenter("en", { granularity: "word" }).segment("Hello, world")].map(({ segment }) => segment)', '[...new Intl.Segmenter("en").segment("e\\u0301!")].length',
    'Intl.getCanonicalLocales("EN-us")', 'Intl.DateTimeFormat.supportedLocalesOf(["en", "de"])', 'new Intl.Locale("zh-Hans-CN").language', 'new Intl.Locale("zh").maximize().toString()',
    '"i".toLocaleUpperCase("tr")', '"I".toLocaleLowerCase("tr")', '"\\u00df".toLocaleUpperCase()', 'Intl.supportedValuesOf("currency").includes("EUR")',
    'Object.prototype.toString.call(Intl)', 'Object.prototype.toString.call(new Intl.NumberFormat())', 'new Intl.NumberFormat() instanceof Intl.NumberFormat', 'Intl.NumberFormat.name + Intl.NumberFormat.length',
    '[Number.prototype.toLocaleString.length, "".localeCompare.length, Date.prototype.toLocaleDateString.name]', 'Object.keys(Intl)',
  ])('%s', async (expression) => {
    expect(valueOf(await run(`return ${expression}`, { limits: { hostCalls: 0 } }))).toEqual(here(expression))
  })

  it.each([
    ['new Intl.NumberFormat("no locale")', 'RangeError'], ['(1).toLocaleString("en", { style: "currency" })', 'TypeError'], ['(1).toLocaleString("en", { style: "odd" })', 'RangeError'],
    ['new Intl.DateTimeFormat("en", { timeZone: "Mars/Base" })', 'RangeError'], ['Intl.PluralRules()', 'TypeError'], ['new Intl.DateTimeFormat().format(NaN)', 'RangeError'],
    ['Intl.NumberFormat.prototype.format.call({}, 1)', 'TypeError'], ['new Intl.NumberFormat(null)', 'TypeError'], ['"a".localeCompare("\\u00e9", 5)', 'TypeError'],
  ])('%s throws a %s', async (expression, name) => {
    expect(await run(`return ${expression}`)).toMatchObject({ outcome: 'threw', error: { name } })
  })

  it('is English and UTC where nothing is granted, wherever the host is', async () => {
    const zone = process.env['TZ']
    process.env['TZ'] = 'Asia/Tokyo'
    try {
      expect(valueOf(await run('const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions(); return [locale, timeZone, new Date(0).toLocaleTimeString()]'))).toEqual(['en-US', 'UTC', expect.stringMatching(/^12:00:00\sAM$/)])
    } finally {
      if (zone === undefined) delete process.env['TZ']
      else process.env['TZ'] = zone
    }
  })

  it('has the zone of the granted clock', async () => {
    const source = 'return [new Date(0).toLocaleTimeString("en-GB"), new Intl.DateTimeFormat().resolvedOptions().timeZone, new Date(0).getHours()]'
    expect(valueOf(await run(source, { grants: { clock: systemClock({ timeZone: 'Asia/Tokyo' }) } }))).toEqual(['09:00:00', 'Asia/Tokyo', 9])
    const clock = { ...fixedClock(0), utcOffsetSeconds: () => 5400 }
    expect(valueOf(await run(source, { grants: { clock } }))).toEqual(['01:30:00', 'UTC', 1])
    expect(valueOf(await run(source, { grants: { clock: steppedClock() } }))).toEqual(['00:00:00', 'UTC', 0])
  })

  it('stays within the deadline when a guest asks for nothing else', async () => {
    const began = performance.now()
    const result = await run('for (let i = 0; ; i++) (i).toLocaleString("en", { minimumIntegerDigits: 1 + i % 21, maximumFractionDigits: i % 99 })', { limits: { deadlineMs: 200 } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'deadline' })
    expect(performance.now() - began).toBeLessThan(3000)
  })

  it('costs a program nothing that has no use for it', async () => {
    const [one, two] = [await run('return 1'), await run('return 2')]
    expect(one.usage.fuel).toBe(two.usage.fuel)
    expect(one.usage.memoryPeakBytes).toBe(two.usage.memoryPeakBytes)
  })
})

describe('Temporal', () => {
  it.each([
    ['Temporal.PlainDate.from("2026-01-31").add({ months: 1 }).toString()', '2026-02-28'],
    ['Temporal.Duration.from({ hours: 1, minutes: 90 }).total("hours")', 2.5],
    ['Temporal.ZonedDateTime.from("2026-03-29T01:30[Europe/Berlin]").add({ hours: 1 }).toString()', '2026-03-29T03:30:00+02:00[Europe/Berlin]'],
    ['Temporal.PlainDate.from("2026-10-05").until("2027-01-01").days', 88],
    ['Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO("America/New_York").hour', 19],
    ['Temporal.Now.instant().epochMilliseconds', 946684800000],
  ])('%s', async (expression, expected) => {
    expect(valueOf(await run(`return ${expression}`))).toBe(expected)
  })
})
