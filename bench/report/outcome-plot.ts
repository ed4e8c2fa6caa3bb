import type { OutcomeResults } from '../results.js'
import { OUTCOME_COLOURS } from './palette.js'
import type { Plot } from './plot.js'
import { OUTCOMES, heldOf } from './rows.js'
import { logScale } from './scales.js'
import { renderTime } from './units.js'
import { OUTCOME_WORDS } from './words.js'

const CELL = 26
const WIDTH = 560
const ROW_HEIGHT = 24

/** In each cell, beside its colour. */
const SIGNS: Readonly<Record<(typeof OUTCOMES)[number], string>> = { survived: '✓', wrong: '≠', ended: '✕', killed: '∞', escaped: '!' }

/** Differences below this are the clock's and the scheduler's. */
const LEAST_PAST_MS = 0.1

/** A cell for what became of each program in each contender. */
export function drawOutcomes(of: OutcomeResults): Plot {
  const all = heldOf(of)
  const values = all.flatMap(({ contender, programs }) => [...programs].map(([program, { outcome }]) => ({ contender, program: toKey(program), outcome: legendOf(outcome), sign: SIGNS[outcome] })))
  const x = {
    field: 'program', type: 'nominal', sort: of.programs.map(({ name }) => toKey(name)),
    axis: { orient: 'top', title: null, labelExpr: 'slice(datum.label, 1)', labelAngle: -45, labelAlign: 'left', labelLimit: 220, domain: false, ticks: false },
  }
  const y = { field: 'contender', type: 'nominal', sort: all.map(({ contender }) => contender), axis: { title: null, labelLimit: 400 } }
  return {
    name: of.name,
    caption: 'What became of the host, the worst of all trials of a program.',
    spec: {
      width: { step: CELL }, height: { step: CELL }, data: { values },
      layer: [
        { mark: { type: 'rect', cornerRadius: 3, width: CELL - 3, height: CELL - 3 }, encoding: { x, y, color: outcomeColour(values.map(({ outcome }) => outcome)) } },
        { mark: { type: 'text', color: '#ffffff', fontSize: 13, fontWeight: 'bold' }, encoding: { x, y, text: { field: 'sign' } } },
      ],
    },
  }
}

/** A dot for when each program ended, against the deadline. */
export function drawStops(of: OutcomeResults): Plot {
  const all = heldOf(of)
  const values = all.flatMap(({ contender, programs }) => [...programs].map(([, { outcome, pastMs }]) => ({ contender, outcome: legendOf(outcome), past: Math.max(LEAST_PAST_MS, pastMs) })))
  const { scale, axis } = logScale([LEAST_PAST_MS, of.killAfterMs, ...values.map(({ past }) => past)], 'time', new Map([[LEAST_PAST_MS, 'in time']]))
  const y = { field: 'contender', type: 'nominal', sort: all.map(({ contender }) => contender), axis: { title: null, labelLimit: 400, grid: true } }
  const title = `time past the deadline of ${renderTime(of.limits.deadlineMs)}; the harness kills ${renderTime(of.killAfterMs)} past it`
  return {
    name: `${of.name}-stops`,
    caption: 'A mark for each program: how long past its deadline it ran.',
    spec: {
      width: WIDTH, height: { step: ROW_HEIGHT }, data: { values },
      mark: { type: 'tick', thickness: 2.5, size: 14, opacity: 0.75 },
      encoding: { y, x: { field: 'past', type: 'quantitative', scale, axis: { ...axis, title } }, color: outcomeColour(values.map(({ outcome }) => outcome)) },
    },
  }
}

/** Vega keeps values in plain objects, where a program may not be called `constructor`. */
function toKey(program: string): string {
  return `=${program}`
}

function legendOf(outcome: (typeof OUTCOMES)[number]): string {
  return `${SIGNS[outcome]} ${OUTCOME_WORDS[outcome]}`
}

function outcomeColour(present: readonly string[]): object {
  const shown = OUTCOMES.filter((outcome) => present.includes(legendOf(outcome)))
  return {
    field: 'outcome', type: 'nominal',
    scale: { domain: shown.map(legendOf), range: shown.map((outcome) => OUTCOME_COLOURS[outcome].light) },
    legend: { title: null, orient: 'bottom', direction: 'horizontal', columns: 3, symbolType: 'square', offset: 10 },
  }
}
