import { summarise } from './measure.js'
import type { Results } from './results.js'

/** The contender the others are compared with. */
const REFERENCE = 'glovebox'

/** Differences below a nanosecond say nothing. */
const FINEST_MS = 1e-6
const TOO_FINE = '< 1 ns'

type CaseResults = Results['cases'][number]

/** The results as text for a terminal. */
export function renderReport(results: Results): string {
  const { machine, loadAfter, cases } = results
  const head = [
    `Node ${machine.node} (V8 ${machine.v8}), ${machine.platform}, ${machine.cores} × ${machine.cpu}`,
    `Load ${renderLoad(machine.load)} before, ${renderLoad(loadAfter)} after; clock steps ${renderTime(machine.clock.stepMs)}, a reading costs ${renderTime(machine.clock.readMs)}`,
    `${results.rounds} interleaved rounds, a process for each contender${results.quick ? '; quick: few samples, so take the ratios as rough' : ''}`,
  ]
  if (Math.max(machine.load[0], loadAfter[0]) > machine.cores * 0.75) {
    head.push(`The machine was busy (load ${renderLoad([Math.max(machine.load[0], loadAfter[0])])} on ${machine.cores} cores): trust ratios more than times, and tails least`)
  }
  return `${[head.join('\n'), ...cases.map(renderCase)].join('\n\n')}\n`
}

function renderCase(of: CaseResults): string {
  const rows = of.measured.map((each) => ({ ...each, summary: summarise(each.samples) }))
  const reference = rows.find(({ contender }) => contender === REFERENCE)?.summary.p50
  const cells = (row: (typeof rows)[number]): string[] => [
    `  ${row.contender}`,
    renderTime(row.summary.p50),
    renderTime(row.summary.p95),
    renderTime(row.summary.p99),
    renderTime(row.summary.mean),
    renderRatio(row.summary.p50, reference),
    String(row.summary.n),
    row.limits,
  ]
  const lines: string[][] = [[of.name, 'p50', 'p95', 'p99', 'mean', REFERENCE + ' = 1', 'samples', 'limits set']]
  for (const arm of ['contained', 'baseline'] as const) {
    const sorted = rows.filter((row) => row.arm === arm).sort((a, b) => (a.summary.p50 ?? Infinity) - (b.summary.p50 ?? Infinity))
    if (sorted.length > 0) lines.push([` ${arm}`], ...sorted.map(cells))
  }
  const notMeasured = of.missing.map(({ contender, reason }) => `  not measured: ${contender}: ${reason}`)
  const fine = rows.some(({ summary }) => (summary.p50 ?? 1) < FINEST_MS) ? [`  ${TOO_FINE}: lost in the noise of what was taken off, or compiled away`] : []
  return [`${of.name}: ${of.about}`, '', ...renderTable(lines), ...notMeasured, ...fine].join('\n')
}

/** First and last column to the left, numbers to the right. */
function renderTable(lines: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...lines.map((line) => line.length))
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...lines.map((line) => (line.length === 1 ? 0 : (line[i] ?? '').length))))
  return lines.map((line) => line.map((cell, i) => (i === 0 || i === columns - 1 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ').trimEnd())
}

/** A time in the unit that suits it, with three digits: `0.041 µs`, `204 µs`, `31.2 ms`. */
export function renderTime(ms: number | undefined): string {
  if (ms === undefined) return '–'
  if (ms < FINEST_MS) return TOO_FINE
  return ms < 1 ? `${threeDigits(ms * 1000)} µs` : `${threeDigits(ms)} ms`
}

function renderRatio(p50: number | undefined, reference: number | undefined): string {
  return p50 === undefined || reference === undefined || reference < FINEST_MS ? '–' : p50 / reference < 0.001 ? '< 0.001×' : `${threeDigits(p50 / reference)}×`
}

function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toFixed(3)
}

function renderLoad(load: readonly number[]): string {
  return load.map((average) => average.toFixed(2)).join(' ')
}
