import type { CaseResults, MissingResults, OutcomeResults, Results, SampledResults } from '../results.js'
import { type Held, REFERENCE, heldOf, isLost, pointsOf, rowsOf } from './rows.js'
import { renderTable } from './table.js'
import { TOO_FINE, renderAt, renderBytes, renderPast, renderRatio, renderTime, renderValue } from './units.js'
import { OUTCOME_WORDS, describeLeftOut, describeRun } from './words.js'

/** The results as text for a terminal. */
export function renderReport(results: Results): string {
  const leftOut = describeLeftOut(results)
  return `${[describeRun(results).join('\n'), ...results.cases.map(renderCase), ...(leftOut === undefined ? [] : [leftOut])].join('\n\n')}\n`
}

function renderCase(of: CaseResults): string {
  const table = of.kind === 'outcome' ? renderOutcomes(of) : of.kind === 'series' ? renderSeries(of) : renderLatency(of)
  return [`${of.name}: ${of.about}`, '', ...table, ...of.missing.map(renderMissing)].join('\n')
}

function renderMissing({ contender, at, reason }: MissingResults): string {
  return `  not measured: ${contender}${at === undefined ? '' : ` at ${at}`}: ${reason}`
}

function renderLatency(of: SampledResults): string[] {
  const { quantity } = of
  const rows = rowsOf(of)
  const lines = [[of.name, 'p50', 'p95', 'p99', 'mean', `${REFERENCE} = 1`, 'samples', 'limits set']]
  for (const arm of ARMS) {
    const those = rows.filter((row) => row.arm === arm)
    if (those.length > 0) lines.push([` ${arm}`])
    for (const { contender, summary, ratio, limits } of those) {
      const times = [summary.p50, summary.p95, summary.p99, summary.mean].map((value) => renderValue(value, quantity))
      lines.push([`  ${contender}`, ...times, renderRatio(ratio === undefined ? undefined : Math.max(0, ratio)), String(summary.n), limits])
    }
  }
  return [...renderTable(lines), ...renderLost(rows.some(({ summary }) => isLost(summary.p50, quantity)))]
}

const ARMS = ['contained', 'baseline'] as const

function renderSeries(of: SampledResults): string[] {
  const { axis, quantity } = of
  const points = pointsOf(of)
  const rows = rowsOf(of)
  const lines = [[`${of.name} (p50)`, ...points.map((at) => renderAt(at, axis)), 'limits set']]
  for (const arm of ARMS) {
    const contenders = [...new Set(rows.filter((row) => row.arm === arm).map(({ contender }) => contender))]
    if (contenders.length > 0) lines.push([` ${arm}`])
    for (const contender of contenders) {
      const own = rows.filter((row) => row.contender === contender)
      lines.push([`  ${contender}`, ...points.map((at) => renderValue(own.find((row) => row.at === at)?.summary.p50, quantity)), own[0]!.limits])
    }
  }
  return [...renderTable(lines), ...renderLost(rows.some(({ summary }) => isLost(summary.p50, quantity)))]
}

function renderLost(some: boolean): string[] {
  return some ? [`  ${TOO_FINE}: lost in the noise of what was taken off, or compiled away`] : []
}

function renderOutcomes(of: OutcomeResults): string[] {
  const all = heldOf(of)
  const lines = [[of.name, 'survived', 'latest stop', 'event loop held', 'memory grown', 'limits set']]
  for (const arm of ARMS) {
    const those = all.filter((each) => each.arm === arm)
    if (those.length > 0) lines.push([` ${arm}`])
    for (const { contender, survived, programs, worstPastMs, worstHeldMs, worstGrowthBytes, limits } of those) {
      const growth = worstGrowthBytes === undefined ? '–' : renderBytes(worstGrowthBytes)
      lines.push([`  ${contender}`, `${survived} of ${programs.size}`, renderPast(worstPastMs), renderTime(worstHeldMs), growth, limits])
    }
  }
  return [...renderTable(lines), ...all.flatMap(renderFailures)]
}

/** `  node:vm: escaped: constructor, prototype; host ended: out-of-memory` */
function renderFailures({ contender, programs }: Held): string[] {
  const failed = [...programs].filter(([, { outcome }]) => outcome !== 'survived')
  const outcomes = [...new Set(failed.map(([, { outcome }]) => outcome))]
  if (outcomes.length === 0) return []
  return [`  ${contender}: ${outcomes.map((outcome) => `${OUTCOME_WORDS[outcome]}: ${failed.filter(([, each]) => each.outcome === outcome).map(([name]) => name).join(', ')}`).join('; ')}`]
}
