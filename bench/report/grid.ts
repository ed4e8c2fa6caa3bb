import type { CaseResults, OutcomeResults, SampledResults } from '../results.js'
import { REFERENCE, heldOf, pointsOf, rowsOf } from './rows.js'
import { renderAt, renderBytes, renderPast, renderRatio, renderTime, renderValue } from './units.js'
import { OUTCOME_WORDS } from './words.js'

/** A table as data, for Markdown and for pages. Columns beyond the first hold numbers unless they are named in `words`. */
export interface Grid {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly words: readonly number[]
}

/** What a case came to, as tables. */
export function gridsOf(of: CaseResults): readonly Grid[] {
  if (of.measured.length === 0) return []
  if (of.kind === 'outcome') return [summaryGrid(of), programGrid(of)]
  return of.kind === 'series' ? [seriesGrid(of)] : [latencyGrid(of)]
}

function latencyGrid(of: SampledResults): Grid {
  const rows = [...rowsOf(of)].sort(byArm).map(({ contender, arm, summary, ratio, limits }) => [
    contender, ...[summary.p50, summary.p95, summary.p99].map((value) => renderValue(value, of.quantity)), renderRatio(ratio === undefined ? undefined : Math.max(0, ratio)), String(summary.n), arm, limits,
  ])
  return { title: of.title, head: ['', 'p50', 'p95', 'p99', `${REFERENCE} = 1`, 'samples', 'arm', 'limits set'], rows, words: [6, 7] }
}

/** Those that contain above the others. */
function byArm(a: { readonly arm: string }, b: { readonly arm: string }): number {
  return Number(a.arm === 'baseline') - Number(b.arm === 'baseline')
}

function seriesGrid(of: SampledResults): Grid {
  const points = pointsOf(of)
  const rows = rowsOf(of)
  const contenders = [...new Map(rows.map((row) => [row.contender, row])).values()].sort(byArm)
  return {
    title: `${of.title}, medians`, head: ['', ...points.map((at) => renderAt(at, of.axis)), 'arm', 'limits set'], words: [points.length + 1, points.length + 2],
    rows: contenders.map(({ contender, arm, limits }) => [
      contender, ...points.map((at) => renderValue(rows.find((row) => row.contender === contender && row.at === at)?.summary.p50, of.quantity)), arm, limits,
    ]),
  }
}

function summaryGrid(of: OutcomeResults): Grid {
  const rows = heldOf(of).map(({ contender, arm, limits, programs, survived, worstPastMs, worstHeldMs, worstGrowthBytes }) => [
    contender, `${survived} of ${programs.size}`, renderPast(worstPastMs), renderTime(worstHeldMs), worstGrowthBytes === undefined ? '–' : renderBytes(worstGrowthBytes), arm, limits,
  ])
  return { title: of.title, head: ['', 'survived', 'latest stop', 'event loop held', 'memory grown', 'arm', 'limits set'], rows, words: [5, 6] }
}

/** For each program what became of it, who ended it, how late and at what memory. */
function programGrid(of: OutcomeResults): Grid {
  const all = heldOf(of)
  const rows = of.programs.flatMap(({ name, threat }) => all.flatMap(({ contender, programs }) => {
    const found = programs.get(name)
    if (found === undefined) return []
    const { outcome, by, detail, pastMs, growthBytes } = found
    return [[name, threat, contender, `${OUTCOME_WORDS[outcome]}${detail === undefined ? '' : ` (${detail})`}`, by, renderPast(pastMs), growthBytes === undefined ? '–' : renderBytes(growthBytes)]]
  }))
  return { title: 'Every program', head: ['program', 'what it tries', 'contender', 'outcome', 'ended by', 'past the deadline', 'memory grown'], rows, words: [1, 2, 3, 4] }
}
