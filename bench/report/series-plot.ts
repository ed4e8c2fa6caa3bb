import type { SampledResults } from '../results.js'
import { ARM_COLOURS, SERIES_COLOURS } from './palette.js'
import type { Plot } from './plot.js'
import { REFERENCE, type Row, isLost, pointsOf, rowsOf } from './rows.js'
import { logScale, pointScale } from './scales.js'

const WIDTH = 560
const HEIGHT = 320
/** As many as have no divisor in common with the colours: only after 60 lines do two look the same. */
const SHAPES = ['circle', 'square', 'triangle-up', 'triangle-down', 'cross']

const LINES = [
  { line: 'baseline', mark: { strokeWidth: 1.5, strokeDash: [4, 3] } },
  { line: 'contained', mark: { strokeWidth: 1.5 } },
  { line: 'glovebox', mark: { strokeWidth: 3.5 } },
] as const

/** The contenders of a series, glovebox first, baselines last, each with its colour and shape. */
export function linesOf(rows: readonly Row[]): { readonly names: readonly string[]; readonly color: object; readonly shape: object } {
  const arms = new Map(rows.map(({ contender, arm }) => [contender, arm]))
  const rank = (name: string): number => (name === REFERENCE ? 0 : arms.get(name) === 'contained' ? 1 : 2)
  const names = [...arms.keys()].sort((a, b) => rank(a) - rank(b))
  const others = names.filter((name) => rank(name) === 1)
  const each = <Value>(pick: (name: string) => Value): Value[] => names.map(pick)
  const legend = { title: null, orient: 'right', symbolSize: 70 }
  const field = { field: 'contender', type: 'nominal' as const }
  return {
    names,
    color: { ...field, scale: { domain: names, range: each((name) => (rank(name) === 0 ? ARM_COLOURS.glovebox : rank(name) === 2 ? ARM_COLOURS.baseline : SERIES_COLOURS[others.indexOf(name) % SERIES_COLOURS.length]!).light) }, legend },
    shape: { ...field, scale: { domain: names, range: each((name) => (rank(name) === 0 ? 'diamond' : SHAPES[names.indexOf(name) % SHAPES.length])) }, legend },
  }
}

/** A line of medians for each contender over the axis, with whiskers to the 95th percentile. */
export function drawSeries(of: SampledResults): Plot {
  const { quantity, axis } = of
  const rows = rowsOf(of).filter(({ summary }) => summary.p50 !== undefined && summary.p50 > 0 && !isLost(summary.p50, quantity))
  const values = rows.map(({ contender, arm, at, summary: { p50, p95 } }) => ({ contender, line: contender === REFERENCE ? 'glovebox' : arm, at: Number(at), p50, p95: p95 ?? p50 }))
  const x = pointScale(pointsOf(of), axis!)
  const y = logScale(values.length === 0 ? [1] : values.flatMap(({ p50, p95 }) => [p50!, p95!]), quantity)
  const { color, shape } = linesOf(rows)
  const across = { field: 'at', type: 'quantitative', scale: x.scale, axis: { ...x.axis, grid: false } }
  const up = (field: string): object => ({ field, type: 'quantitative', scale: y.scale, axis: y.axis })
  return {
    name: of.name,
    caption: 'Lines: medians; whiskers: to the 95th percentile, where there are samples enough; dashed: baselines, which contain nothing.',
    spec: {
      width: WIDTH, height: HEIGHT, data: { values },
      layer: [
        { mark: { type: 'rule', opacity: 0.35 }, encoding: { x: across, y: up('p50'), y2: { field: 'p95' }, color } },
        ...LINES.map(({ line, mark }) => ({ mark: { type: 'line', ...mark }, transform: [{ filter: { field: 'line', equal: line } }], encoding: { x: across, y: up('p50'), color } })),
        { mark: { type: 'point', filled: true, size: 60, opacity: 1 }, encoding: { x: across, y: up('p50'), color, shape } },
      ],
    },
  }
}
