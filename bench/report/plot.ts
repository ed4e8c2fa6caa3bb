import type { CaseResults } from '../results.js'
import { drawLatency } from './latency-plot.js'
import { drawNames } from './names-plot.js'
import { drawOutcomes, drawStops } from './outcome-plot.js'
import { INK } from './palette.js'
import { heldOf, pointsOf } from './rows.js'
import { drawSeries } from './series-plot.js'

/** A drawing as data: a Vega-Lite specification. */
export interface Plot {
  /** Of its file. */
  readonly name: string
  readonly caption: string
  readonly spec: object
}

/** What is drawn of a case; nothing where there is nothing to be seen. */
export function plotsOf(of: CaseResults): readonly Plot[] {
  if (of.measured.length === 0) return []
  // Where all ended in time there is no time to be seen.
  if (of.kind === 'outcome') return heldOf(of).some(({ worstPastMs = 0 }) => worstPastMs > 0) ? [drawOutcomes(of), drawStops(of)] : [drawOutcomes(of)]
  if (of.kind === 'latency') return [drawLatency(of)]
  // One point makes no line.
  if (pointsOf(of).length < 2) return [drawLatency(of)]
  return [of.axis?.kind === 'names' ? drawNames(of) : drawSeries(of)]
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif'

/** What all drawings have in common. */
export const CONFIG = {
  background: null,
  font: FONT,
  padding: 4,
  aria: false,
  view: { stroke: null },
  axis: {
    labelColor: INK.label.light, titleColor: INK.label.light, titleFontWeight: 'normal', labelFontSize: 12, titleFontSize: 12, titlePadding: 8,
    gridColor: INK.grid.light, domainColor: INK.line.light, tickColor: INK.line.light, labelPadding: 5,
  },
  axisY: { domain: false, ticks: false },
  legend: { labelColor: INK.label.light, titleColor: INK.label.light, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', labelLimit: 320, symbolOpacity: 1, symbolStrokeWidth: 2, rowPadding: 4 },
  text: { color: INK.label.light, fontSize: 11 },
  header: { labelColor: INK.text.light },
} as const
