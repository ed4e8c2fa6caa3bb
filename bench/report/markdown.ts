import type { Checked } from '../budgets.js'
import type { CaseResults, Results } from '../results.js'
import { renderBound, renderMeasured } from './checks.js'
import { type Grid, gridsOf } from './grid.js'
import { capitalise, describeLeftOut, describeRun } from './words.js'

/** A plot as a file beside the report. */
export interface Drawn {
  readonly case: string
  readonly file: string
  readonly caption: string
  readonly svg: string
}

export interface ReportParts {
  readonly results: Results
  readonly checks: readonly Checked[]
  readonly plots: readonly Drawn[]
}

/** The report as Markdown, with its plots as files beside it. */
export function renderMarkdown({ results, checks, plots }: ReportParts): string {
  const leftOut = describeLeftOut(results)
  const blocks = [
    `# Benchmarks of ${results.startedAt.slice(0, 10)}`,
    [...describeRun(results), ...(leftOut === undefined ? [] : [leftOut]), `Versions: ${versionsOf(results)}`].map((line) => `- ${escapeCell(line)}.`).join('\n'),
    ...(checks.length === 0 ? [] : ['## Budgets', renderGrid(checkGrid(checks))]),
    ...results.cases.flatMap((of) => renderCase(of, plots)),
  ]
  return `${blocks.join('\n\n')}\n`
}

export function versionsOf({ versions }: Results): string {
  return Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')
}

export function checkGrid(checks: readonly Checked[]): Grid {
  const words = { holds: 'holds', broken: 'broken', unmeasured: 'not measured' }
  return {
    title: 'Budgets', head: ['', 'measured', 'budget', 'aim', ''], words: [4],
    rows: checks.map(({ budget, value, status, reason }) => [
      budget.name, value === undefined ? '–' : renderMeasured(budget, value), renderBound(budget), budget.aim ?? '', `${words[status]}${reason === undefined ? '' : `: ${reason}`}`,
    ]),
  }
}

function renderCase(of: CaseResults, plots: readonly Drawn[]): string[] {
  const [first, ...more] = gridsOf(of)
  return [
    `## ${of.title}`,
    `${capitalise(escapeCell(of.about))}.`,
    ...plots.filter((plot) => plot.case === of.name).map(({ file, caption }) => `![${caption}](${file})`),
    ...(first === undefined ? [] : [renderGrid(first)]),
    ...more.map((grid) => `<details>\n<summary>${grid.title}</summary>\n\n${renderGrid(grid)}\n\n</details>`),
    ...(of.missing.length === 0 ? [] : [of.missing.map(({ contender, at, reason }) => `- Not measured: ${contender}${at === undefined ? '' : ` at ${at}`}: ${escapeCell(reason)}`).join('\n')]),
  ]
}

function renderGrid({ head, rows, words }: Grid): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`
  return [line(head), `|${head.map((_, i) => (i === 0 || words.includes(i) ? '---' : '---:')).join('|')}|`, ...rows.map(line)].join('\n')
}

/** What others wrote may hold anything. */
function escapeCell(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll(/[\\|<>`*_[\]]/g, (sign) => `\\${sign}`)
}
