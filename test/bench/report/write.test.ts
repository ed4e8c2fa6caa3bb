import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Budget, checkBudgets } from '../../../bench/budgets.js'
import { PLOTS, createDraw } from '../../../bench/report/draw.js'
import { renderPage } from '../../../bench/report/html.js'
import { renderMarkdown } from '../../../bench/report/markdown.js'
import { plotsOf } from '../../../bench/report/plot.js'
import { writeReport } from '../../../bench/report/write.js'
import { type Results, readResults } from '../../../bench/results.js'
import { latencyReport, namesReport, outcomeReport, seriesReport } from '../reports.fixture.js'
import { fakeResults } from '../results.fixture.js'

const MARKUP = '<img src="https://attacker.test/x.png" onerror="a()"> | [x](https://attacker.test) `c`'

/** A run with a case of every kind and quantity, and what others wrote where they may write. */
const results: Results = fakeResults([
  latencyReport([{ contender: 'glovebox', ms: 0.1 }, { contender: 'slower', ms: 2 }, { contender: 'lost', ms: 1e-9 }, { contender: 'plain', ms: 0.01, arm: 'baseline' }], { missing: [{ contender: 'broken', cause: 'failed', reason: MARKUP }] }),
  seriesReport([64, 1024, 1 << 20], [{ contender: 'glovebox', values: [0.01, 0.05, 3] }, { contender: 'other', values: [0.02, 0.09] }, { contender: 'plain', arm: 'baseline', values: [0.001, 0.002, 0.1] }]),
  seriesReport([1, 8], [{ contender: 'glovebox', values: [4000, 9000] }], { name: 'rates', quantity: 'rate' }),
  seriesReport([10], [{ contender: 'glovebox', values: [400_000] }], { name: 'one-point', quantity: 'memory' }),
  namesReport(['fib', 'sort'], [{ contender: 'glovebox', values: [5, 9] }, { contender: 'other', values: [50, 90] }]),
  outcomeReport([
    { contender: 'glovebox', trials: [{ program: 'constructor' }, { program: '__proto__', by: MARKUP }] },
    { contender: 'other', trials: [{ program: 'constructor', outcome: 'escaped', detail: 'got out' }, { program: '__proto__', outcome: 'killed', elapsedMs: 500 }] },
  ]),
  latencyReport([], { name: 'empty' }),
])
const budget: Budget = { kind: 'ratio', name: 'so much faster', why: 'it is', case: 'fake', of: { contender: 'slower', statistic: 'p50' }, to: { contender: 'glovebox', statistic: 'p50' }, atLeast: 10 }
const checks = checkBudgets([budget], results)
const HAS_VEGA = existsSync(join(PLOTS, 'node_modules/vega'))

/** Whatever makes a browser ask somebody else; names of namespaces are no addresses. */
const OUTSIDE = [/\b(?:src|href|srcset|action|data|poster|xlink:href)\s*=\s*(?!["']?#)/i, /url\(/i, /@import/i, /<(?:script|link|iframe|object|embed|image|img|base|form)\b/i, /\bon\w+\s*=\s*["']/i]

describe('renderPage()', () => {
  const page = renderPage({ results, checks, plots: [{ case: 'fake', file: 'fake.svg', caption: 'A drawing', svg: '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><style>x{}</style><g/></svg>' }] })
  const tags = (page.match(/<[^>]*>/g) ?? []).join('\n')

  it('refers to nothing outside of itself', () => {
    for (const pattern of OUTSIDE) expect(tags.match(pattern)).toBeNull()
    expect(page.match(/<style>[^]*?<\/style>/g)!.join('')).not.toMatch(/url\(|@import|http/)
    expect(tags).not.toContain('://')
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  })

  it('shows what others wrote as text', () => {
    expect(page).toContain('&lt;img src=&quot;https://attacker.test/x.png&quot; onerror=&quot;a()&quot;&gt;')
  })

  it('has colours for the day and for the night', () => {
    expect(page).toContain('<meta name="color-scheme" content="light dark">')
    expect(page).toContain('@media (prefers-color-scheme: dark){:root{')
    expect(page).toContain('[fill="#1f6fb2"]{fill:#63b3ed}')
  })

  it('shows every kind of case, its drawing, the budgets and the machine', () => {
    for (const name of ['fake', 'fake-series', 'rates', 'one-point', 'fake-names', 'fake-outcomes', 'empty']) expect(page).toContain(`<section id="${name}">`)
    expect(page).toContain('<figure><svg><g/></svg><figcaption>A drawing</figcaption></figure>')
    expect(page).toContain('so much faster')
    expect(page).toContain('Node 24.1.0 (V8 13.6)')
    expect(page).toContain('hung or grew until killed')
    expect(page).toMatch(/<td>glovebox<\/td><td class="number">[\d.]+ µs<\/td>/)
  })
})

describe('renderMarkdown()', () => {
  const text = renderMarkdown({ results, checks, plots: [{ case: 'fake', file: 'fake.svg', caption: 'A drawing', svg: '' }] })

  it('shows every kind of case with its drawing and table', () => {
    expect(text).toContain('# Benchmarks of 2026-01-02')
    expect(text).toContain('![A drawing](fake.svg)')
    expect(text).toMatch(/^\| glovebox \| [\d.]+ µs \|/m)
    expect(text).toMatch(/^\| {2}\| 64 B \| 1 KB \| 1 MB \| arm \| limits set \|$/m)
    expect(text).toMatch(/^\| so much faster \| \d+\.\d× \| ≥ 10\.0× \|/m)
    expect(text).toContain('<summary>Every program</summary>')
  })

  it('shows what others wrote as text, within its cell', () => {
    expect(text).toContain('\\<img src="https://attacker.test/x.png"')
    for (const row of text.split('\n').filter((line) => line.startsWith('| \\_\\_proto'))) expect(row.match(/(?<!\\)\|/g)).toHaveLength(8)
  })

  it('has one sentence a line', () => {
    expect(text.split('\n').filter((line) => !line.startsWith('|') && /[.!?] +[A-Z]/.test(line.replaceAll(/`[^`]*`/g, '')))).toEqual([])
  })
})

describe('plotsOf()', () => {
  it('draws each kind of case its way, and what holds nothing not at all', () => {
    expect(results.cases.flatMap((of) => plotsOf(of).map(({ name }) => name))).toEqual(['fake', 'fake-series', 'rates', 'one-point', 'fake-names', 'fake-outcomes', 'fake-outcomes-stops'])
  })
})

describe('plotsOf() of outcomes', () => {
  it('draws no times where every program ended in time', () => {
    const [of] = fakeResults([outcomeReport([{ contender: 'glovebox', trials: [{ program: 'loop', elapsedMs: 3 }] }])]).cases
    expect(plotsOf(of!).map(({ name }) => name)).toEqual(['fake-outcomes'])
  })
})

describe.runIf(HAS_VEGA)('createDraw()', () => {
  it.each(results.cases.flatMap(plotsOf))('draws $name without a display', async (plot) => {
    const svg = await (await createDraw())(plot)
    expect(svg).toMatch(/^<svg role="img" aria-label="[^"<]+" /)
    expect(svg).toContain('@media (prefers-color-scheme: dark)')
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    expect(svg).toContain('glovebox')
    expect(svg.replaceAll(/xmlns(?::\w+)?="[^"]*"/g, '')).not.toMatch(/:\/\/|<script|<image|href=/)
  })

  it('draws a median, a whisker and a value for each contender that was seen', async () => {
    const svg = await (await createDraw())(plotsOf(results.cases[0]!)[0]!)
    expect(svg.match(/<text[^>]*>[\d.]+ (?:µs|ms)<\/text>/g)!.length).toBeGreaterThanOrEqual(3)
    expect(svg).toContain('&lt; 1 ns')
    for (const colour of ['#d1480f', '#1f6fb2', '#767d88']) expect(svg).toContain(colour)
  })
})

describe.runIf(HAS_VEGA)('writeReport()', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-report-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('writes samples, Markdown, page and plots that belong together', async () => {
    const said: string[] = []
    const { files, lacking } = await writeReport(join(folder, 'new/report'), { results, checks, say: (line) => said.push(line) })
    expect(lacking).toBeUndefined()
    expect(readdirSync(join(folder, 'new/report')).sort()).toEqual([...files].sort())
    expect(readResults(join(folder, 'new/report/results.json'))).toEqual(results)
    const markdown = readFileSync(join(folder, 'new/report/README.md'), 'utf8')
    const linked = [...markdown.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, file]) => file!)
    expect(linked).toHaveLength(7)
    for (const file of linked) expect(files).toContain(file)
    const page = readFileSync(join(folder, 'new/report/index.html'), 'utf8')
    expect(page.match(/<figure><svg /g)).toHaveLength(7)
    expect((page.match(/<[^>]*>/g) ?? []).join('\n')).not.toContain('://')
  })
})
