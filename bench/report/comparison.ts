import { type Change, type Comparison, LEAST_CHANGE, type Verdict } from '../compare.js'
import type { Results } from '../results.js'
import type { Quantity } from '../suite.js'
import { renderTable } from './table.js'
import { renderRatio, renderValue } from './units.js'
import { OUTCOME_WORDS, describeRun } from './words.js'

const WORDS: Readonly<Record<Quantity, Readonly<Record<Verdict, string>>>> = {
  time: { better: 'FASTER', worse: 'SLOWER', same: 'same within noise', unclear: 'too fine, or too few rounds to say' },
  rate: { better: 'FASTER', worse: 'SLOWER', same: 'same within noise', unclear: 'too few rounds to say' },
  memory: { better: 'SMALLER', worse: 'LARGER', same: 'same within noise', unclear: 'too few rounds to say' },
}

/** What changed from one run to another, as text for a terminal. */
export function renderComparison({ changes, outcomes, onlyBefore, onlyAfter }: Comparison, [before, after]: readonly [Results, Results]): string {
  const names = [...new Set(changes.map((change) => change.case))]
  const flagged = changes.filter(({ verdict }) => verdict === 'better' || verdict === 'worse')
  const blocks = [
    [`before: ${before.startedAt}`, ...describeRun(before).map(indent), `after: ${after.startedAt}`, ...describeRun(after).map(indent)],
    [
      'A change counts when the 99 % interval of the ratio of the medians (bootstrap over whole rounds, five at least) leaves out everything',
      `within ${LEAST_CHANGE * 100} %, with and without the drift that the other contenders have in common there: the machine's, its load's or Node's.`,
    ],
    ...names.map((name) => renderTable([[name, 'before', 'after', 'after / before', '99 % interval', 'drift', ''], ...changes.filter((change) => change.case === name).map(toCells)])),
    ...(outcomes.length === 0 ? [] : [['Outcomes', ...outcomes.map((each) => `  ${each.verdict === 'better' ? 'BETTER' : 'WORSE'}  ${each.case}/${each.contender}: ${each.program}: ${word(each.before)} before, ${word(each.after)} after`)]]),
    ...(onlyBefore.length === 0 ? [] : [[`Only before: ${onlyBefore.join('; ')}`]]),
    ...(onlyAfter.length === 0 ? [] : [[`Only after: ${onlyAfter.join('; ')}`]]),
    [`${changes.length} compared, ${flagged.length} changed${flagged.length === 0 ? '' : `: ${flagged.map((change) => `${nameOf(change)} ${WORDS[change.quantity][change.verdict]}`).join('; ')}`}`],
  ]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function toCells(change: Change): string[] {
  const { contender, at, quantity, before, after, ratio, interval, drift, verdict } = change
  return [
    `  ${contender}${at === undefined ? '' : ` at ${at}`}`, renderValue(before, quantity), renderValue(after, quantity), verdict === 'unclear' ? '–' : renderRatio(ratio),
    interval === undefined ? '–' : `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`, drift === 1 ? '–' : drift.toFixed(2), WORDS[quantity][verdict],
  ]
}

function nameOf({ case: name, contender, at }: Change): string {
  return `${name}/${contender}${at === undefined ? '' : ` at ${at}`}`
}

function word(outcome: string): string {
  return OUTCOME_WORDS[outcome as keyof typeof OUTCOME_WORDS]
}

function indent(line: string): string {
  return `  ${line}`
}
