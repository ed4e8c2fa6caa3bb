import type { SampledResults } from '../results.js'
import type { Plot } from './plot.js'
import { isLost, pointsOf, rowsOf } from './rows.js'
import { logScale } from './scales.js'
import { linesOf } from './series-plot.js'
import { INK } from './palette.js'

const WIDTH = 520
const ROW_HEIGHT = 30

/** A row for each name of the axis, with a dot at the median of each contender. */
export function drawNames(of: SampledResults): Plot {
  const { quantity, axis } = of
  const rows = rowsOf(of).filter(({ summary }) => summary.p50 !== undefined && summary.p50 > 0 && !isLost(summary.p50, quantity))
  const values = rows.map(({ contender, at, summary: { p50 } }) => ({ contender, at, p50 }))
  const { scale, axis: valueAxis } = logScale(values.length === 0 ? [1] : values.map(({ p50 }) => p50!), quantity)
  const { color, shape } = linesOf(rows)
  const y = { field: 'at', type: 'nominal', sort: [...pointsOf(of)], axis: { title: axis?.title ?? null, labelLimit: 300, grid: false } }
  const over = (extra: object = {}): object => ({ field: 'p50', type: 'quantitative', scale, axis: valueAxis, ...extra })
  return {
    name: of.name,
    caption: 'Marks: medians; the diamond is glovebox.',
    spec: {
      width: WIDTH, height: { step: ROW_HEIGHT }, data: { values },
      layer: [
        { mark: { type: 'rule', strokeWidth: 6, opacity: 1, stroke: INK.grid.light, strokeCap: 'round' }, encoding: { y, x: over({ aggregate: 'min' }), x2: { field: 'p50', aggregate: 'max' } } },
        { mark: { type: 'point', filled: true, size: 75, opacity: 0.95 }, encoding: { y, x: over(), color, shape } },
      ],
    },
  }
}
