import type { Budget, Checked } from '../budgets.js'
import type { Results } from '../results.js'
import { renderTable } from './table.js'
import { renderRatio, threeDigits } from './units.js'
import { isBusy } from './words.js'

const STATUS = { holds: 'ok', broken: 'FAIL', unmeasured: '--' } as const

/** Each budget with what was measured, as text for a terminal. */
export function renderChecks(checks: readonly Checked[], results: Pick<Results, 'machine' | 'loadAfter'>): string {
  const lines = [['', 'measured', 'budget', 'aim', 'what'], ...checks.map(toCells)]
  const broken = checks.filter(({ status }) => status === 'broken')
  const unmeasured = checks.filter(({ status }) => status === 'unmeasured')
  const summary = `${checks.filter(({ status }) => status === 'holds').length} of ${checks.length} budgets hold${unmeasured.length === 0 ? '' : `, ${unmeasured.length} could not be measured`}`
  const busy = broken.length > 0 && isBusy(results) ? ['The machine was busy, which ratios bear and tails do not: measure again on a quiet one before you look for a cause.'] : []
  return `${['Budgets', ...renderTable(lines), ...broken.map(({ budget }) => `broken: ${budget.name}: ${budget.why}`), summary, ...busy].join('\n')}\n`
}

function toCells({ budget, status, value, reason }: Checked): string[] {
  return [STATUS[status], value === undefined ? '–' : renderMeasured(budget, value), renderBound(budget), budget.aim ?? '', `${budget.name}${reason === undefined ? '' : ` (${reason})`}`]
}

export function renderMeasured({ kind }: Budget, value: number): string {
  return kind === 'survival' ? `${(value * 100).toFixed(0)} %` : renderRatio(value)
}

export function renderBound(budget: Budget): string {
  if (budget.kind === 'survival') return `≥ ${(budget.atLeast * 100).toFixed(0)} %`
  if (budget.kind === 'overrun') return `≤ ${threeDigits(budget.atMost)}×`
  return budget.atLeast === undefined ? `≤ ${threeDigits(budget.atMost!)}×` : `≥ ${threeDigits(budget.atLeast)}×`
}
